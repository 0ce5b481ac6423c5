"""The user's hand on the call: keys are pressed where they say, and hanging up is polite and loses nothing."""

import pytest

from calls.conversation.controlling import MOST_PRESSES, clean_keys
from calls.conversation.effects import EndReason, Situation
from calls.conversation.events import HangUpAsked, KeysAsked, LineOpened, SpeechFailed
from tests.calls.conversation.virtual_line import VirtualLine, assert_ended, flowers, in_school, school

MENU = "For sales, press 1. For the office, press 2."


class TestKeys:
    """Pressing keys."""

    def test_they_are_pressed_and_stand_in_the_transcript(self):
        line = in_school()
        line.hear_all()
        line.feed(KeysAsked("1 2-3#"))
        line.hear_all()
        assert line.pressed == ["123#"]
        assert ("system", "Pressed 123#") in line.transcript

    def test_the_model_knows_of_them(self):
        line = in_school()
        line.hear_all()
        line.feed(KeysAsked("5"))
        line.hear_all()
        line.callee("Thank you, what can I do for you?")
        assert any("user_pressed" in str(message["content"]) for message in line.messages())

    def test_in_a_menu_they_are_the_step_that_was_to_be_chosen(self):
        line = VirtualLine(school()).open()
        line.announce("Thank you for calling Brock Road School.", MENU)
        line.feed(KeysAsked("2"))
        line.wait(1_000)
        assert line.situations == [Situation.MENU] and line.pressed == ["2"]
        line.callee("Hello, this is the office, Anna speaking.")
        line.hear_all()
        assert [slot.value for slot in line.slots] == ["press 2"], "the way is known for the next call"

    def test_they_go_behind_the_introduction(self):
        line = VirtualLine(school())
        line.feed(LineOpened())
        line.wait(1_300)
        line.feed(KeysAsked("1"))
        line.hear_all()
        assert line.disclosed == 1 and line.pressed == ["1"]

    def test_what_could_not_be_played_is_pressed_again_and_not_said(self):
        """Also before anybody knows who calls, when nothing may be said."""
        line = VirtualLine(school())
        line.feed(LineOpened())
        line.feed(KeysAsked("7"))
        line.feed(SpeechFailed("s1", permanent=False))
        assert line.said == []
        line.hear_all()
        assert line.pressed[-1] == "7"

    @pytest.mark.parametrize("keys", ["", "abc", "-- --"])
    def test_what_holds_no_key_presses_none(self, keys):
        line = in_school()
        line.feed(KeysAsked(keys))
        assert line.pressed == []

    def test_not_without_end(self):
        line = in_school()
        line.hear_all()
        for _ in range(MOST_PRESSES + 5):
            line.feed(KeysAsked("1"))
            line.hear_all()
        assert len(line.pressed) == MOST_PRESSES

    def test_not_over_the_goodbye(self):
        line = in_school()
        line.hear_all()
        line.feed(HangUpAsked())
        line.feed(KeysAsked("1"))
        assert line.pressed == []

    @pytest.mark.parametrize(("typed", "keys"), [("519 555-0142", "5195550142"), ("*9#", "*9#"), ("1" * 50, "1" * 32), ("w١", "")])
    def test_what_was_typed_is_read_as_keys(self, typed, keys):
        assert clean_keys(typed) == keys


class TestHangingUp:
    """Ending the call."""

    def test_floyd_says_goodbye_first(self):
        line = in_school()
        line.hear_all()
        line.feed(HangUpAsked())
        assert line.ended is None and line.said[-1] == "Thank you, goodbye."
        line.hear_all()
        assert_ended(line, EndReason.HUNG_UP_BY_USER)

    def test_twice_does_not_wait_for_the_goodbye(self):
        line = in_school()
        line.hear_all()
        line.feed(HangUpAsked())
        line.feed(HangUpAsked())
        assert_ended(line, EndReason.HUNG_UP_BY_USER)

    def test_before_anybody_was_spoken_to_there_is_nobody_to_say_goodbye_to(self):
        line = VirtualLine(flowers())
        line.feed(LineOpened())
        line.feed(HangUpAsked())
        assert line.said == []
        assert_ended(line, EndReason.HUNG_UP_BY_USER)

    def test_in_a_menu_at_once(self):
        line = VirtualLine(school()).open()
        line.announce("Thank you for calling Brock Road School.", MENU)
        line.feed(HangUpAsked())
        assert_ended(line, EndReason.HUNG_UP_BY_USER)

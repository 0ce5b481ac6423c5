"""Every way a call ends: politely, once, with a named reason, and with nothing left running."""

import pytest

from calls.conversation import fixed_lines
from calls.conversation.effects import EndReason, Say
from calls.conversation.events import (
    CalleeSaid,
    CalleeSaying,
    LineDropped,
    ReplyPieceArrived,
    SpeechFailed,
    StopAsked,
    TimerFired,
)
from tests.calls.conversation.virtual_line import GOODBYE, QUESTION, VirtualLine, assert_ended, flowers, in_school, school


def test_the_farewell_is_heard_before_the_line_is_closed():
    line = in_school()
    line.callee("Thank you for letting us know.")
    line.model("", GOODBYE)
    assert line.said[-1] == "Thank you, have a nice day. Goodbye."
    assert (line.ended, line.state) == (None, "closing")
    line.hear_all()
    assert_ended(line, EndReason.GOAL_REACHED)


@pytest.mark.parametrize("result", ["goal_reached", "goal_not_reached", "wrong_number", "refused_machine"])
def test_the_model_names_the_reason(result):
    line = in_school()
    line.callee("Who are you looking for?")
    line.model("", ("end_call", {"result": result, "farewell": "Sorry, goodbye."}))
    line.hear_all()
    assert_ended(line, EndReason(result))


def test_a_goodbye_to_the_farewell_needs_no_reply():
    line = in_school()
    line.callee("Thanks.")
    line.model("", GOODBYE)
    line.wait(300)
    asks = len(line.asks)
    line.callee("You too, bye!")
    line.hear_all()
    assert len(line.asks) == asks
    assert line.transcript[-1] == ("callee", "You too, bye!")
    assert_ended(line, EndReason.GOAL_REACHED)


def test_a_question_to_the_farewell_brings_the_call_back():
    line = in_school()
    line.callee("Thanks.")
    line.model("", GOODBYE)
    line.wait(300)
    line.feed(CalleeSaying("Wait, which", line.now))
    line.callee("Wait, which grade is she in?")
    assert line.ended is None
    line.model("She is in grade 3.")
    line.hear_all()
    assert line.state == "listening"
    line.callee("Thanks, bye.")
    line.model("", GOODBYE)
    line.hear_all()
    assert_ended(line, EndReason.GOAL_REACHED)


def test_it_comes_back_only_so_often():
    line = in_school()
    line.callee("Thanks.")
    for _ in range(3):
        line.model("", GOODBYE)
        line.wait(200)
        line.callee("Wait, one more question for you?")
    line.hear_all()
    assert_ended(line, EndReason.GOAL_REACHED)


def test_someone_who_is_still_talking_at_the_end_of_the_farewell_is_heard_out():
    line = in_school()
    line.callee("Thanks.")
    line.model("", GOODBYE)
    line.wait(300)
    line.feed(CalleeSaying("Oh and", line.now))
    line.hear_all()
    line.wait(500)
    assert line.ended is None
    line.callee("Oh and tell her to get well.")
    assert line.state == "thinking"


def test_but_not_for_ever():
    line = in_school()
    line.callee("Thanks.")
    line.model("", GOODBYE)
    line.wait(800)
    line.feed(CalleeSaying("Oh and", line.now))
    line.wait(20_000)
    assert_ended(line, EndReason.GOAL_REACHED)
    assert line.transcript[-1] == ("callee", "Oh and")


def test_a_farewell_said_twice_is_said_once():
    line = in_school()
    line.callee("Thanks.")
    line.model("Thank you, have a nice day. Goodbye.", GOODBYE)
    assert " ".join(line.said).count("have a nice day.") == 1
    assert "Thank you, have a nice day. Goodbye." not in line.said
    line.hear_all()
    assert_ended(line, EndReason.GOAL_REACHED)


def test_an_empty_farewell_is_a_plain_goodbye():
    line = in_school()
    line.callee("Thanks.")
    line.model("", ("end_call", {"result": "goal_reached", "farewell": " "}))
    assert line.said[-1] == fixed_lines.GOODBYE


def test_a_farewell_that_cannot_be_voiced_ends_the_call():
    line = VirtualLine(school(), play=True).introduce()
    line.callee("Thanks.")
    line.model("", GOODBYE)
    line.feed(SpeechFailed(line.playing[0][0]))
    assert_ended(line, EndReason.GOAL_REACHED)


def test_a_farewell_of_which_nothing_is_ever_reported_ends_the_call():
    line = in_school()
    line.callee("Thanks.")
    line.play = False
    line.model("", GOODBYE)
    line.wait(30_000)
    assert_ended(line, EndReason.GOAL_REACHED)


def test_an_order_is_not_done_without_an_agreement():
    line = VirtualLine(flowers(limit_minor=8000)).introduce()
    line.callee("Okay, anything else?")
    line.model("", GOODBYE)
    assert line.tool_results()[0]["reason"] == "nothing_agreed"
    assert line.ended is None


def test_call_back_later_is_said_in_code():
    line = in_school()
    line.callee("We need the doctor's note number first.")
    line.model("", ("call_back_later", {"reason": "note number missing"}))
    assert line.said[-1] == fixed_lines.CALL_BACK
    line.hear_all()
    assert_ended(line, EndReason.CALL_BACK_LATER)


def test_ending_the_call_with_an_open_question_is_a_call_back():
    line = in_school()
    line.callee("When will she be back?")
    line.model("Let me check.", QUESTION)
    line.hear_all()
    line.callee("I have to go, sorry.")
    line.model("", ("end_call", {"result": "goal_not_reached", "farewell": "Thank you, goodbye."}))
    line.hear_all()
    assert_ended(line, EndReason.CALL_BACK_LATER)


def test_end_call_beside_a_tool_that_failed_does_not_end_the_call():
    line = VirtualLine(flowers(limit_minor=8000)).introduce()
    line.callee("It is $560.")
    line.model("", ("agree_to", {"what": "roses", "amount_minor": 56000, "currency": "CAD", "when": None}), GOODBYE)
    assert [result["ok"] for result in line.tool_results()] == [False, False]
    assert line.ended is None


class TestStopping:
    """The user or the callee ends the call."""

    def test_the_user_stops_a_call_politely(self):
        line = in_school()
        line.callee("Will she be okay?")
        line.feed(StopAsked())
        assert line.said[-1] == fixed_lines.STOPPED
        line.hear_all()
        assert_ended(line, EndReason.STOPPED_BY_USER)

    def test_stopped_in_the_introduction_it_is_still_heard_first(self):
        line = VirtualLine(school()).open()
        line.callee("Hello?")
        line.feed(StopAsked())
        line.hear_all()
        assert line.disclosed == 1
        assert [text for speaker, text in line.transcript if speaker == "floyd" and text] == [line.said[0], fixed_lines.STOPPED]
        assert_ended(line, EndReason.STOPPED_BY_USER)

    @pytest.mark.parametrize(("hung_up", "reason"), [(True, EndReason.CALLEE_HUNG_UP), (False, EndReason.LINE_LOST)])
    def test_a_dropped_line_has_a_reason(self, hung_up, reason):
        line = in_school()
        line.callee("Will she be okay?")
        line.feed(LineDropped(hung_up))
        assert_ended(line, reason)

    def test_hanging_up_on_our_farewell_is_how_calls_end(self):
        line = in_school()
        line.callee("Thanks.")
        line.model("", GOODBYE)
        line.wait(300)
        line.feed(LineDropped())
        assert_ended(line, EndReason.GOAL_REACHED)

    def test_what_was_being_said_is_kept(self):
        line = in_school()
        line.feed(CalleeSaying("I am going to", line.now))
        line.feed(LineDropped())
        assert line.transcript[-1] == ("callee", "I am going to")
        assert line.lines[max(line.lines)].final

    def test_after_the_end_only_the_transcript_is_completed(self):
        line = in_school()
        line.callee("Will she be okay?")
        line.model("I hope so, she is at home.")
        line.wait(400)
        line.feed(LineDropped())
        for event in (StopAsked(), LineDropped(), TimerFired("silence"), CalleeSaying("x", 0), ReplyPieceArrived("a1", "Yes. No.")):
            assert line.feed(event) == []
        effects = line.feed(CalleeSaid("Hello?", line.now, line.now))
        assert not any(isinstance(effect, Say) for effect in effects)
        assert line.transcript[-1] == ("callee", "Hello?")

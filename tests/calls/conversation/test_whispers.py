"""What the user tells Floyd during a call gets into its next reply, whatever is on the line, and allows nothing."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.conversation.effects import EndReason
from calls.conversation.events import CalleePaused, CalleeSaying, LineDropped, StopAsked, Whispered
from calls.conversation.whispering import FLOOR_IS_FREE_MS, LONGEST_WHISPER, MOST_WHISPERS
from context.money import find_amounts
from tests.calls.conversation.virtual_line import GOODBYE, QUESTION, VirtualLine, assert_ended, flowers, in_school

ASK = "Ask whether they deliver on Sunday."


def notes(line):
    """The user's unasked words in the newest prompt."""
    return [note["user_says"] for message in line.messages("system")[1:] if "user_says" in (note := json.loads(message["content"]))]


class TestInTheTalk:
    """A person is on the line."""

    def test_it_gets_into_the_next_reply(self):
        line = VirtualLine().introduce()
        line.feed(Whispered(ASK))
        line.callee("Sure, what would you like?")
        assert notes(line) == [ASK]
        line.model("Roses, please. And do you deliver on Sunday?")
        line.hear_all()
        assert line.said[-1] == "And do you deliver on Sunday?"

    def test_it_is_a_line_of_the_user_and_nobody_hears_it(self):
        line = VirtualLine().introduce()
        line.feed(Whispered(ASK))
        line.wait(1_000)
        assert ("user", ASK) in line.transcript
        assert ASK not in line.said

    def test_the_callee_keeps_the_floor_for_a_moment_then_floyd_takes_it(self):
        line = VirtualLine().introduce()
        line.feed(Whispered(ASK))
        line.wait(FLOOR_IS_FREE_MS - 100)
        assert line.asks == []
        line.wait(200)
        assert notes(line) == [ASK]

    def test_who_speaks_is_not_interrupted(self):
        line = VirtualLine().introduce()
        line.feed(Whispered(ASK))
        for count in range(1, 20):
            line.wait(400)
            line.feed(CalleeSaying(" ".join(["well"] * count), line.now - 300))
        assert line.asks == []
        line.callee("We have roses and tulips.")
        assert len(line.asks) == 1
        assert notes(line) == [ASK]

    def test_a_reply_that_was_not_begun_is_thought_of_anew(self):
        line = VirtualLine().introduce()
        line.callee("What would you like?")
        line.feed(Whispered("Tulips, not roses."))
        assert len(line.asks) == 2
        assert notes(line) == ["Tulips, not roses."]
        line.model("Roses, please.", ask=line.asks[0])
        assert "Roses, please." not in line.said

    def test_what_floyd_says_is_not_cut(self):
        line = VirtualLine().introduce()
        line.callee("What would you like?")
        line.model("I would like some roses, please, the red ones.")
        line.wait(200)
        line.feed(Whispered(ASK))
        line.hear_all()
        assert ("floyd", "I would like some roses, please, the red ones.") in line.transcript
        line.wait(FLOOR_IS_FREE_MS + 100)
        assert notes(line) == [ASK]

    def test_an_answer_thought_of_ahead_does_not_know_it_and_is_thrown_away(self):
        line = VirtualLine().introduce()
        line.feed(CalleePaused("What would you like?", line.now - 500))
        line.model("Roses, please.")
        line.feed(Whispered("Tulips, not roses."))
        line.callee("What would you like?")
        assert "Roses, please." not in line.said
        assert notes(line) == ["Tulips, not roses."]

    def test_it_is_told_once(self):
        line = VirtualLine().introduce()
        line.feed(Whispered(ASK))
        line.callee("Sure.")
        line.model("Do you deliver on Sunday?")
        line.hear_all()
        line.wait(FLOOR_IS_FREE_MS + 500)
        assert len(line.asks) == 1

    def test_while_the_user_is_asked(self):
        line = in_school()
        line.callee("When will she be back?")
        line.model("Let me ask.", QUESTION)
        line.hear_all()
        line.feed(Whispered("Say that she has a fever."))
        line.wait(FLOOR_IS_FREE_MS + 100)
        assert notes(line) == ["Say that she has a fever."]

    def test_nothing_is_said_to_who_asked_us_to_wait(self):
        line = VirtualLine().introduce()
        line.callee("Hang on a second.")
        line.hear_all()
        line.feed(Whispered(ASK))
        line.wait(20_000)
        assert line.asks == []
        line.callee("Okay, I'm back, what was it?")
        assert notes(line) == [ASK]

    def test_the_user_is_remembered_in_a_long_call(self):
        line = VirtualLine().introduce()
        line.feed(Whispered(ASK))
        for number in range(40):
            line.callee(f"Question {number}, and so on?")
            line.model("I see.")
            line.hear_all()
        earlier = json.loads(line.messages("system")[1]["content"])["earlier_in_this_call"]
        assert {"user_says": ASK} in earlier["user_answers"]


class TestNobodyToTalkTo:
    """It is kept until there is."""

    def test_before_the_introduction(self):
        line = VirtualLine().open()
        line.feed(Whispered(ASK))
        line.wait(500)
        line.callee("Hello, Sweet Violet's.")
        line.hear_all()
        assert line.asks == []
        assert line.said == [line.conversation._session.brief.introduction, line.conversation._session.brief.opening_line]
        line.callee("Sure, which ones?")
        assert notes(line) == [ASK]

    @pytest.mark.parametrize(
        ("machine", "state"),
        [
            ("Please hold, your call is important to us.", "on_hold"),
            ("For sales, press 1. For anything else, press 0.", "in_menu"),
        ],
    )
    def test_while_a_machine_has_the_line(self, machine, state):
        line = VirtualLine().open()
        line.announce(machine)
        assert line.state == state
        said = len(line.said)
        line.feed(Whispered(ASK))
        line.wait(4_000)
        assert line.said[said:] == []
        assert ("user", ASK) in line.transcript
        line.announce("Hi, this is Karen, how can I help you?")
        line.hear_all()
        line.callee("Sure, go on.")
        assert ASK in notes(line)

    def test_a_farewell_that_may_be_taken_back_is(self):
        line = VirtualLine(flowers(kind="enquire")).introduce()
        line.callee("We have roses.")
        line.model("", GOODBYE)
        line.wait(100)
        assert line.state == "closing"
        line.feed(Whispered(ASK))
        assert notes(line) == [ASK]
        line.model("One more thing, do you deliver on Sunday?")
        line.hear_all()
        assert line.ended is None
        line.callee("Yes, we do.")
        line.model("", GOODBYE)
        line.hear_all()
        assert_ended(line, EndReason.GOAL_REACHED)

    def test_one_that_may_not_goes_on(self):
        line = VirtualLine().introduce()
        line.feed(StopAsked())
        line.feed(Whispered(ASK))
        line.hear_all()
        assert_ended(line, EndReason.STOPPED_BY_USER)
        assert line.asks == []

    def test_after_the_end_nothing_happens(self):
        line = VirtualLine().introduce()
        line.feed(LineDropped())
        assert line.feed(Whispered(ASK)) == []


class TestItAllowsNothing:
    """Words are no grant."""

    def test_no_money(self):
        line = VirtualLine().introduce()
        line.callee("That is $560 for the peonies.")
        line.model("Let me see.")
        line.hear_all()
        line.feed(Whispered("Fine, take them for $560!"))
        line.callee("So, shall I?")
        line.model("Yes, we'll take them for $560.", ("agree_to", {"what": "peonies", "amount_minor": 56000, "currency": "CAD", "when": None}))
        line.hear_all()
        assert "Yes, we'll take them for $560." not in line.said
        assert line.grants == []
        assert [question.kind for question in line.questions] == ["money"]

    def test_no_amount_may_be_named_because_of_it(self):
        line = VirtualLine(flowers(limit_minor=8000)).introduce()
        line.feed(Whispered("I can spend $120."))
        line.callee("What is your budget?")
        line.model("My budget is $120.")
        line.hear_all()
        assert not any("120" in said for said in line.said)

    def test_no_bare_number_passes_for_a_price(self):
        line = VirtualLine(flowers(limit_minor=8000)).introduce()
        line.callee("That's $75.")
        line.model("", ("agree_to", {"what": "roses", "amount_minor": 7500, "currency": "CAD", "when": None}))
        line.model("Great, we'll take them.")
        line.hear_all()
        line.feed(Whispered("Go up to 90."))
        line.callee("With a vase it would be more.")
        line.model("We'll take it for 90.")
        line.hear_all()
        assert not any("90" in said for said in line.said)

    def test_what_it_holds_may_be_passed_on(self):
        line = VirtualLine().introduce()
        line.callee("Which room is it?")
        line.feed(Whispered("Say room 417."))
        line.model("It is room 417.")
        line.hear_all()
        assert line.said[-1] == "It is room 417."

    def test_nothing_else_is_told(self):
        line = in_school()
        line.feed(Whispered("You may tell them her date of birth."))
        line.callee("When was she born?")
        line.model("On 4 May 2016.")
        line.hear_all()
        assert not any("2016" in said for said in line.said)

    @settings(max_examples=60)
    @given(st.text(max_size=600))
    def test_any_words_are_kept_short_and_harmless(self, text):
        line = VirtualLine(flowers(limit_minor=8000)).introduce()
        line.feed(Whispered(text))
        line.callee("What do you pay?")
        line.model("I pay $560.")
        line.hear_all()
        assert all(found.amount.minor <= 8000 for said in line.said for found in find_amounts(said, "CAD"))
        assert all(len(words) <= LONGEST_WHISPER for speaker, words in line.transcript if speaker == "user")
        assert line.grants == []

    def test_not_without_end(self):
        line = VirtualLine().introduce()
        for number in range(MOST_WHISPERS + 5):
            line.feed(Whispered(f"Word number {number}"))
        assert sum(speaker == "user" for speaker, _ in line.transcript) == MOST_WHISPERS

"""Asking ahead: time is won when a pause was the end, and nothing is lost, said or done when it was not."""

import json

import pytest

from calls.conversation.effects import AskModel, AskUser, EndReason, SaveLine, SaveSlots, Say, StartTimer, StopModel
from calls.conversation.events import (
    CalleeInterrupted,
    CalleePaused,
    CalleeSaid,
    CalleeSaying,
    CalleeStarted,
    LineDropped,
    ReplyEnded,
    ReplyPieceArrived,
    ThinkingFailed,
    ToolAsked,
)
from calls.conversation.same_words import mean_the_same
from tests.calls.conversation.virtual_line import GOODBYE, QUESTION, VirtualLine, assert_ended, flowers, in_school


def callee_in(message):
    return json.loads(message["content"])["callee"]


def kinds(effects, *which):
    return [type(effect) for effect in effects if isinstance(effect, which)]


def pause(line, text):
    """They say something and pause; the question that was asked ahead, if one was."""
    line.feed(CalleeStarted())
    line.feed(CalleeSaying(text, line.now))
    return next((effect for effect in line.feed(CalleePaused(text, line.now)) if isinstance(effect, AskModel)), None)


class TestAPauseThatWasTheEnd:
    """The answer is there already."""

    def test_the_model_is_asked_at_the_pause_as_if_they_were_done(self):
        line = in_school()
        guess = pause(line, "Will she be okay")
        assert guess.ahead
        assert callee_in(guess.messages[-1]) == "Will she be okay"
        assert line.state == "listening"

    def test_the_prompt_is_the_one_that_would_be_sent_at_the_end(self):
        ahead, plain = in_school(), in_school()
        guess = pause(ahead, "Will she be okay?")
        plain.callee("Will she be okay?")
        assert guess.messages == plain.asks[-1].messages
        assert guess.tools == plain.asks[-1].tools

    def test_nothing_is_said_before_the_end_and_all_of_it_at_the_end(self):
        line = in_school()
        guess = pause(line, "Will she be okay")
        said = len(line.said)
        line.feed(ReplyPieceArrived(guess.ask_id, "I hope so. She only has a"))
        assert len(line.said) == said
        effects = line.callee("Will she be okay?")
        assert kinds(effects, AskModel, StopModel) == []
        assert line.said[said:] == ["I hope so."]
        line.feed(ReplyPieceArrived(guess.ask_id, " cold."))
        line.feed(ReplyEnded(guess.ask_id, "stop"))
        assert line.said[said:] == ["I hope so.", "She only has a cold."]

    def test_an_answer_that_was_whole_already_is_said_whole(self):
        line = in_school()
        guess = pause(line, "Will she be okay")
        line.model("I hope so. Thank you.", ask=guess)
        line.callee("Will she be okay?")
        assert line.said[-2:] == ["I hope so.", "Thank you."]
        line.hear_all()
        assert line.state == "listening"
        assert line.transcript[-2:] == [("callee", "Will she be okay?"), ("floyd", "I hope so. Thank you.")]

    def test_an_answer_that_has_not_begun_is_waited_for_like_any_other(self):
        line = in_school()
        guess = pause(line, "Will she be okay")
        effects = line.callee("Will she be okay?")
        assert {effect.name for effect in effects if isinstance(effect, StartTimer)} >= {"thinking", "bridge"}
        assert line.state == "thinking"
        line.model("I hope so.", ask=guess)
        assert line.said[-1] == "I hope so."

    def test_history_holds_what_was_really_said(self):
        line = in_school()
        guess = pause(line, "for four okay")
        line.model("Yes, four.", ask=guess)
        line.callee("For 4, ok?")
        line.hear_all()
        line.callee("Thanks.")
        assert callee_in(line.messages("user")[-2]) == "For 4, ok?"

    def test_what_was_said_before_and_not_answered_belongs_to_it(self):
        line = in_school()
        line.callee("I have a question.")
        line.feed(CalleeSaying("Who", line.now))
        guess = next(effect for effect in line.feed(CalleePaused("Who is her teacher", line.now)) if isinstance(effect, AskModel))
        assert callee_in(guess.messages[-1]) == "I have a question. Who is her teacher"
        assert kinds(line.callee("Who is her teacher?"), AskModel, StopModel) == []
        line.model("Ms. Lind is.", ask=guess)
        assert line.said[-1] == "Ms. Lind is."

    def test_after_an_interruption_too(self):
        line = in_school()
        line.callee("Who is her teacher?")
        line.model("Her teacher is Ms. Lind. She is in grade 3 at your school.")
        line.wait(500)
        line.barge_in(heard=11)
        guess = pause(line, "Which grade")
        assert [message["content"] for message in guess.messages if message["role"] == "assistant"][-1] == "Her teacher"
        assert kinds(line.callee("Which grade?"), AskModel, StopModel) == []

    def test_a_yes_that_answers_floyd_is_asked_about(self):
        line = in_school()
        line.callee("Who is her teacher?")
        line.model("Is Ms. Lind there?")
        line.hear_all()
        guess = pause(line, "yes")
        assert kinds(line.callee("Yes."), AskModel, StopModel) == []
        line.model("Thank you.", ask=guess)
        assert line.said[-1] == "Thank you."

    def test_while_the_user_is_asked(self):
        line = in_school()
        line.callee("When will she be back?")
        line.model("Let me ask.", QUESTION)
        line.hear_all()
        guess = pause(line, "is it serious")
        line.callee("Is it serious?")
        line.model("I don't have that information.", ask=guess)
        line.hear_all()
        assert line.state == "waiting_for_user"


class TestAPauseThatWasNot:
    """Nothing of it was ever there."""

    @pytest.mark.parametrize("goes_on", ["Will she be okay on Monday", "Will he be okay"])
    def test_other_words_stop_it(self, goes_on):
        line = in_school()
        guess = pause(line, "Will she be okay")
        assert StopModel(guess.ask_id) in line.feed(CalleeSaying(goes_on, line.now))
        line.model("I hope so.", ask=guess)
        effects = line.callee(goes_on)
        assert kinds(effects, AskModel) == [AskModel]
        assert not line.asks[-1].ahead
        assert "I hope so." not in line.said

    def test_another_end_than_the_pause_promised_asks_anew(self):
        line = in_school()
        guess = pause(line, "Will she be okay")
        line.model("I hope so.", ask=guess)
        effects = line.callee("Will she be okay on Monday?")
        assert kinds(effects, StopModel, AskModel) == [StopModel, AskModel]
        assert callee_in(line.messages()[-1]) == "Will she be okay on Monday?"
        assert "I hope so." not in line.said

    def test_a_voice_alone_does_not_stop_it(self):
        line = in_school()
        pause(line, "Will she be okay")
        assert kinds(line.feed(CalleeStarted()), StopModel) == []
        assert kinds(line.callee("Will she be okay?"), AskModel, StopModel) == []

    def test_three_tries_and_no_more(self):
        line = in_school()
        guesses = [pause(line, "one" + " and more" * number) for number in range(5)]
        assert [guess is not None for guess in guesses] == [True, True, True, False, False]
        line.callee("one and that is all")
        assert not line.asks[-1].ahead
        line.model("Good.")
        line.hear_all()
        assert pause(line, "Next thing") is not None

    def test_the_same_pause_twice_asks_once(self):
        line = in_school()
        guess = pause(line, "Will she be okay")
        assert guess is not None
        assert pause(line, "Will she be okay?") is None

    def test_words_that_were_too_doubtful_are_not_answered(self):
        line = in_school()
        guess = pause(line, "Will she be okay")
        line.model("I hope so.", ask=guess)
        effects = line.callee("Will she be okay?", confidence=0.1)
        assert StopModel(guess.ask_id) in effects
        assert "I hope so." not in line.said

    def test_not_while_floyd_speaks_or_thinks(self):
        line = in_school()
        line.callee("Who is her teacher?")
        line.model("Her teacher is Ms. Lind. She is in grade 3.")
        line.wait(200)
        assert pause(line, "but") is None
        line.hear_all()
        line.callee("but which grade?")
        assert line.state == "thinking"
        assert kinds(line.feed(CalleePaused("", line.now)), AskModel) == []

    def test_not_before_the_introduction_was_heard(self):
        line = VirtualLine().open()
        assert pause(line, "Sweet Violet's") is None
        line.callee("Sweet Violet's, hello?")
        assert pause(line, "who is this") is None
        assert line.asks == []

    def test_not_for_an_okay_that_only_listens(self):
        line = in_school()
        line.callee("Who is her teacher?")
        line.model("Her teacher is Ms. Lind. She is in grade 3.")
        line.wait(300)
        line.barge_in(heard=4)
        assert pause(line, "okay") is None

    def test_the_users_answer_makes_it_worthless(self):
        line = in_school()
        line.callee("When will she be back?")
        line.model("Let me ask.", QUESTION)
        line.hear_all()
        guess = pause(line, "is it serious")
        line.user(text="On Friday")
        line.callee("Is it serious?")
        assert StopModel(guess.ask_id) in line.effects
        assert "On Friday" in str(line.asks[-1].messages)

    def test_an_end_that_never_comes_is_taken_for_one(self):
        line = in_school()
        guess = pause(line, "Will she be okay")
        line.wait(8_000)
        assert line.lines[max(line.lines)].text == "Will she be okay"
        line.model("I hope so.", ask=guess)
        assert line.said[-1] == "I hope so."


class TestNothingComesOfAGuess:
    """Neither tools nor records nor failures."""

    def test_tools_wait_for_the_end(self):
        line = in_school()
        guess = pause(line, "When will she be back")
        line.model("Let me ask.", QUESTION, ask=guess)
        assert line.questions == []
        effects = line.callee("When will she be back?")
        assert kinds(effects, AskUser) == [AskUser]

    def test_tools_of_a_guess_that_was_wrong_never_run(self):
        line = VirtualLine(flowers(limit_minor=8000)).introduce()
        guess = pause(line, "The roses are $75")
        line.model("", ("agree_to", {"what": "roses", "amount_minor": 7500, "currency": "CAD", "when": None}), ask=guess)
        line.callee("The roses are $75 but we are closed.")
        assert not any(slot.kind == "agreed" for slot in line.slots)

    def test_nothing_is_stored_for_it(self):
        line = in_school()
        guess = pause(line, "Will she be okay")
        before = len(line.effects)
        line.model("I hope so.", ("note_learned", {"what": "a", "value": "b"}), ask=guess)
        assert kinds(line.effects[before:], SaveLine, SaveSlots, Say, StartTimer) == []

    def test_a_failed_guess_costs_nothing(self):
        line = in_school()
        guess = pause(line, "Will she be okay")
        said = len(line.said)
        assert line.feed(ThinkingFailed(guess.ask_id, permanent=True)) == []
        line.callee("Will she be okay?")
        assert kinds(line.effects, StopModel) == []
        line.feed(ThinkingFailed(line.asks[-1].ask_id))
        assert line.ended is None and line.state != "closing"
        line.hear_all()
        line.model("I hope so.")
        assert len(line.said) > said

    def test_a_guess_may_end_the_call_once_it_is_adopted(self):
        line = in_school()
        guess = pause(line, "thank you bye")
        line.model("", GOODBYE, ask=guess)
        assert line.state == "listening"
        line.callee("Thank you, bye.")
        assert line.state == "closing"
        line.hear_all()
        assert_ended(line, EndReason.GOAL_REACHED)

    def test_it_is_stopped_when_the_line_drops(self):
        line = in_school()
        guess = pause(line, "Will she be okay")
        assert StopModel(guess.ask_id) in line.feed(LineDropped())
        assert line.feed(ReplyPieceArrived(guess.ask_id, "I hope so.")) == []

    def test_an_endless_guess_is_kept_in_bounds(self):
        line = in_school()
        guess = pause(line, "Tell me everything")
        for _ in range(2_000):
            line.feed(ReplyPieceArrived(guess.ask_id, "And then she told us a long story. "))
            line.feed(ToolAsked(guess.ask_id, "t", "note_learned", '{"what": "a", "value": "b"}'))
        line.callee("Tell me everything!")
        assert sum(map(len, line.said)) < 2_000

    def test_in_a_long_call_the_guess_fits_too(self):
        line = in_school()
        for number in range(40):
            text = f"Question number {number}, is it ${number}?"
            guess = pause(line, text)
            line.model("That is good to know.", ask=guess)
            assert kinds(line.callee(text), AskModel, StopModel) == []
            line.hear_all()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("four okay", "4, ok."),
        ("it's $40", "It is forty dollars!"),
        ("at nine thirty am", "At 9:30 a.m."),
        ("voicemail", "voice mail"),
        ("um yes", "Yes"),
        ("will she be okay", "Will she be OK?"),
    ],
)
def test_small_edits_mean_the_same(one, other):
    assert mean_the_same(one, other) and mean_the_same(other, one)


@pytest.mark.parametrize(("one", "other"), [("yes", "no"), ("can", "can't"), ("um", "uh"), ("fifteen", "fifty"), ("$85.50", "$8550"), ("", "hello")])
def test_other_words_do_not(one, other):
    assert not mean_the_same(one, other)


def test_an_interruption_without_words_leaves_no_guess():
    line = in_school()
    line.feed(CalleeInterrupted())
    line.feed(CalleeSaid("", line.now, line.now, 0.0))
    assert line.asks == []

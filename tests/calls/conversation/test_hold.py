"""On hold: not a word into music, noticed when somebody comes back, and an end to waiting."""

import pytest

from calls.conversation.effects import EndReason, Situation
from calls.conversation.events import CalleeStarted, LineDropped, MusicHeard, StopAsked
from calls.conversation.fixed_lines import ARE_YOU_THERE, TAKE_YOUR_TIME, THANK_YOU
from tests.calls.conversation.virtual_line import INTRODUCTION, VirtualLine, assert_ended, flowers, in_school, school

IMPORTANT = "Your call is important to us. Please stay on the line."


def on_hold(**changes):
    """A person put Floyd on hold, with music."""
    line = in_school(**changes)
    line.callee("Can I put you on hold for a moment?")
    line.wait(3_000)
    line.feed(MusicHeard(True, line.now))
    return line


def test_a_queue_is_sat_through_in_silence():
    line = VirtualLine(school(hold_minutes=10)).open()
    line.announce("All of our agents are currently busy.", IMPORTANT)
    for _ in range(8):
        line.feed(MusicHeard(True, line.now))
        line.wait(30_000)
        line.feed(MusicHeard(False, line.now))
        line.announce("You are number 3 in the queue.", IMPORTANT)
    assert line.said == [] and line.ended is None
    assert line.situations == [Situation.HOLD]


def test_nobody_is_asked_whether_they_are_there():
    line = on_hold()
    line.wait(120_000)
    assert ARE_YOU_THERE not in line.said
    assert line.situations == [Situation.HOLD]


def test_a_person_who_puts_floyd_on_hold_gets_a_polite_word_once():
    line = on_hold()
    assert line.said[-1] == TAKE_YOUR_TIME and line.said.count(TAKE_YOUR_TIME) == 1
    assert line.asks == []


def test_the_first_words_of_a_person_end_the_hold():
    line = on_hold()
    line.wait(20_000)
    line.feed(MusicHeard(False, line.now))
    line.feed(CalleeStarted())
    line.saying("Hi")
    assert line.situations[-1] is Situation.TALKING


def test_the_same_person_back_is_answered_by_the_model():
    line = on_hold()
    line.wait(20_000)
    line.callee("Sorry about that. What grade is she in?")
    assert line.said.count(INTRODUCTION) == 1
    assert len(line.asks) == 1


@pytest.mark.parametrize("words", ["Hello, this is Karen, how can I help?", "Hello?", "Good morning, attendance office."])
def test_whoever_may_be_somebody_else_hears_who_calls_and_why(words):
    line = on_hold()
    line.wait(20_000)
    line.saying(words)
    line.callee(words)
    assert line.said.count(INTRODUCTION) == 2
    assert line.said[-1] == school().opening_line
    line.hear_all()
    line.callee("What grade is she in?")
    assert len(line.asks) == 1
    assert line.disclosed == 1


def test_a_transfer_is_thanked_for_and_the_new_person_hears_who_calls():
    line = in_school()
    line.callee("One moment, I'll transfer you to the office.")
    line.hear_all()
    assert line.said[-1] == THANK_YOU
    line.wait(15_000)
    line.callee("Sorry about that. Attendance.")
    assert line.said[-2:] == [INTRODUCTION, school().opening_line]


def test_words_that_only_a_queue_says_do_not_end_the_hold():
    line = on_hold()
    line.announce("Did you know that you can report absences online?")
    line.feed(MusicHeard(True, line.now))
    line.wait(5_000)
    assert line.situations == [Situation.HOLD] and line.said.count(INTRODUCTION) == 1


def test_unknown_words_with_no_music_behind_them_are_a_person():
    line = on_hold()
    line.announce("Attendance office.")
    line.wait(1_500)
    assert line.said.count(INTRODUCTION) == 2


def test_who_comes_back_and_is_not_understood_is_asked():
    line = on_hold()
    line.wait(20_000)
    line.feed(MusicHeard(False, line.now))
    line.feed(CalleeStarted())
    line.callee("")
    assert line.situations == [Situation.HOLD]
    line.wait(4_000)
    assert line.situations[-1] is Situation.TALKING and line.said[-1] == ARE_YOU_THERE
    line.hear_all()
    line.callee("Yes. What grade is she in?")
    assert line.said.count(INTRODUCTION) == 1 and len(line.asks) == 1


def test_somebody_new_who_is_not_understood_hears_who_calls():
    line = in_school()
    line.callee("One moment, I'll transfer you to the office.")
    line.hear_all()
    line.feed(MusicHeard(True, line.now))
    line.wait(15_000)
    line.feed(MusicHeard(False, line.now))
    line.callee("")
    line.wait(6_000)
    assert line.said[-2:] == [INTRODUCTION, school().opening_line]


def test_a_voice_without_words_between_pieces_of_music_is_the_queues():
    line = on_hold()
    for _ in range(5):
        line.feed(MusicHeard(False, line.now))
        line.callee("")
        line.wait(2_000)
        line.feed(MusicHeard(True, line.now))
        line.callee("")
        line.wait(20_000)
    assert line.situations == [Situation.HOLD] and ARE_YOU_THERE not in line.said


def test_a_noise_beside_a_phone_on_a_desk_is_nobody():
    line = in_school()
    line.callee("Can I put you on hold for a moment?")
    line.wait(3_000)
    line.callee("")
    line.wait(60_000)
    assert line.situations == [Situation.HOLD] and ARE_YOU_THERE not in line.said


def test_thanks_for_holding_may_be_a_recording_until_something_else_is_said():
    line = on_hold()
    line.saying("Thank you for holding")
    assert line.situations == [Situation.HOLD]
    line.saying("Thank you for holding how can I help you")
    assert line.situations[-1] is Situation.TALKING


def test_hold_has_the_limit_of_the_plan():
    line = VirtualLine(school(hold_minutes=4)).open()
    line.announce("All of our agents are currently busy. Please hold.")
    line.wait(4 * 60_000)
    assert_ended(line, EndReason.HOLD_TOO_LONG)
    assert line.said == []


def test_the_time_on_hold_counts_together():
    line = on_hold(hold_minutes=2)
    line.wait(80_000)
    line.saying("Hi, sorry about that")
    line.callee("Sorry about that, can you hold again please?")
    line.hear_all()
    line.wait(60_000)
    assert line.ended is EndReason.HOLD_TOO_LONG


def test_time_on_hold_does_not_shorten_the_talk():
    line = on_hold(hold_minutes=10, max_call_ms=120_000)
    line.wait(180_000)
    assert line.ended is None
    line.callee("Sorry about that. What grade is she in?")
    line.model("She is in grade 3.")
    line.hear_all()
    assert line.ended is None


def test_music_after_a_person_spoke_is_hold():
    line = in_school()
    line.feed(MusicHeard(True, line.now))
    line.wait(30_000)
    assert line.situations == [Situation.HOLD] and ARE_YOU_THERE not in line.said


def test_music_is_not_believed_while_somebody_talks():
    line = in_school()
    line.saying("So the thing is")
    line.feed(MusicHeard(True, line.now))
    assert line.situations == []


def test_hanging_up_and_stopping_on_hold():
    line = on_hold()
    line.feed(LineDropped())
    assert_ended(line, EndReason.CALLEE_HUNG_UP)
    line = on_hold()
    line.feed(StopAsked())
    assert_ended(line, EndReason.STOPPED_BY_USER)


def test_an_answer_of_the_user_on_hold_is_told_when_somebody_is_back():
    line = VirtualLine(flowers()).introduce()
    line.callee("It's $75. Shall I?")
    line.model("Let me check.", ("ask_user", {"kind": "money", "question": "?", "item": "roses", "amount_minor": 7500, "currency": "CAD"}))
    line.hear_all()
    line.callee("Sure, can you hold please?")
    line.wait(50_000)
    assert line.ended is None
    line.user(amount_minor=8000, currency="CAD")
    asked = len(line.asks)
    line.callee("Okay, I'm back.")
    assert len(line.asks) == asked + 1
    assert any("user_answered" in message["content"] for message in line.messages("system"))

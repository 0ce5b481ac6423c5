"""Answering machines and call screeners: the message behind the beep, and who calls and why for who wants to know first."""

import pytest

from calls.conversation.effects import EndReason, Situation
from calls.conversation.events import BeepHeard, CalleeInterrupted, LineDropped, SpeechFailed
from tests.calls.conversation.virtual_line import INTRODUCTION, VirtualLine, assert_ended, in_school, school

GREETING = ("Hi, you've reached Brock Road School.", "We can't come to the phone right now.", "Please leave a message after the tone.")
MESSAGE = "Mara Redmond from grade 3 is sick and will stay home today."
SCREEN = "Hi, if you record your name and reason for calling, I'll see if this person is available."


def at_voicemail(greeting=GREETING, **changes):
    line = VirtualLine(school(**({"voicemail": MESSAGE} | changes))).open()
    line.announce(*greeting)
    return line


def test_the_message_is_left_behind_the_beep_with_the_disclosure_first():
    line = at_voicemail()
    assert line.said == [] and line.situations == [Situation.VOICEMAIL]
    line.wait(1_000)
    line.feed(BeepHeard(line.now))
    assert line.said == [INTRODUCTION, MESSAGE]
    line.hear_all()
    assert line.disclosed == 1
    assert_ended(line, EndReason.VOICEMAIL_LEFT)


def test_without_a_beep_four_seconds_of_silence_will_do():
    line = at_voicemail()
    line.wait(3_000)
    assert line.said == []
    line.wait(1_500)
    assert line.said == [INTRODUCTION, MESSAGE]


def test_without_a_message_nothing_is_said():
    line = at_voicemail(voicemail="")
    assert_ended(line, EndReason.VOICEMAIL)
    assert line.said == []


def test_a_second_beep_or_a_voice_does_not_start_the_message_again():
    line = at_voicemail()
    line.feed(BeepHeard(line.now))
    line.wait(500)
    line.feed(BeepHeard(line.now))
    line.feed(CalleeInterrupted())
    line.hear_all()
    assert line.said == [INTRODUCTION, MESSAGE]
    assert line.ended is EndReason.VOICEMAIL_LEFT


def test_a_beep_after_an_unknown_greeting_is_an_answering_machine_too():
    line = VirtualLine(school(voicemail=MESSAGE)).open()
    line.announce("Hey, it's Dave, you know what to do.")
    line.wait(300)
    line.feed(BeepHeard(line.now))
    line.hear_all()
    assert line.said[-2:] == [INTRODUCTION, MESSAGE]
    assert line.ended is EndReason.VOICEMAIL_LEFT


def test_a_full_mailbox_is_left_alone():
    line = at_voicemail(("Hi, you've reached Dave.", "The mailbox is full and cannot take messages."))
    assert_ended(line, EndReason.VOICEMAIL)
    assert line.said == []


def test_who_picks_up_during_the_message_is_talked_with():
    line = at_voicemail()
    line.feed(BeepHeard(line.now))
    line.wait(1_000)
    line.callee("Hello, sorry, I was in the other room.")
    line.hear_all()
    assert line.ended is None and line.situations[-1] is Situation.TALKING
    assert len(line.asks) == 1


def test_a_message_that_could_not_be_voiced_was_not_left():
    line = VirtualLine(school(voicemail=MESSAGE), play=False).open()
    line.announce(*GREETING)
    line.feed(BeepHeard(line.now))
    for clause in list(line.playing):
        line.feed(SpeechFailed(clause[0], permanent=True))
    assert_ended(line, EndReason.VOICEMAIL)


def test_a_machine_that_hangs_up_has_no_message():
    line = at_voicemail()
    line.feed(LineDropped())
    assert_ended(line, EndReason.VOICEMAIL)


@pytest.mark.parametrize(
    "words",
    [
        "I'm sorry, she's not available right now, can I take a message?",
        "Would you like to leave a message?",
        "You can leave a message with me.",
    ],
)
def test_a_person_who_offers_to_take_a_message_is_a_person(words):
    line = in_school(voicemail=MESSAGE)
    line.callee(words)
    assert line.situations == [] and len(line.asks) == 1


def test_somebody_who_is_not_available_but_waits_is_greeted():
    line = VirtualLine(school(voicemail=MESSAGE)).open()
    line.announce("Mrs Lind is not available right now.")
    line.wait(5_000)
    assert line.said[0] == INTRODUCTION and line.situations[-1] is Situation.TALKING


def test_a_transfer_to_voicemail_gets_the_message():
    line = in_school(voicemail=MESSAGE)
    line.callee("I'll put you through to her voicemail.")
    line.hear_all()
    line.announce("Please leave your message after the tone.")
    line.feed(BeepHeard(line.now))
    line.hear_all()
    assert_ended(line, EndReason.VOICEMAIL_LEFT)


def test_a_screener_gets_name_and_purpose_and_then_floyd_waits():
    line = VirtualLine(school()).open()
    line.announce(SCREEN)
    line.wait(1_200)
    assert line.said == [INTRODUCTION, school().opening_line]
    line.hear_all()
    line.announce("Thanks. Please stay on the line.")
    line.wait(10_000)
    assert line.situations == [Situation.SCREENING] and len(line.said) == 2
    line.callee("Hello?")
    assert line.situations[-1] is Situation.TALKING
    assert line.said.count(INTRODUCTION) == 2


def test_a_screener_that_asks_for_ever_is_left():
    line = VirtualLine(school()).open()
    for _ in range(6):
        if line.ended is None:
            line.announce("Please state your name after the tone.")
            line.wait(1_500)
            line.hear_all()
    assert_ended(line, EndReason.NO_RESPONSE)


def test_nobody_behind_the_screener():
    line = VirtualLine(school()).open()
    line.announce(SCREEN)
    line.wait(80_000)
    assert_ended(line, EndReason.NO_RESPONSE)


def test_a_screener_that_ends_in_voicemail_gets_the_message():
    line = VirtualLine(school(voicemail=MESSAGE)).open()
    line.announce(SCREEN)
    line.wait(1_200)
    line.hear_all()
    line.announce("This person is not available. Please leave a message after the tone.")
    line.feed(BeepHeard(line.now))
    line.hear_all()
    assert_ended(line, EndReason.VOICEMAIL_LEFT)

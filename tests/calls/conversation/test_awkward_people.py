"""People who ask to wait, refuse machines, have another number or language, or talk to somebody else."""

import pytest

from calls.conversation.effects import EndReason
from calls.conversation.events import CalleeInterrupted, CalleeSaid, HeardUpTo
from calls.conversation.fixed_lines import ARE_YOU_THERE, ENGLISH_ONLY, NOT_UNDERSTOOD, REFUSED, SEVERAL_VOICES, TAKE_YOUR_TIME, WRONG_NUMBER
from tests.calls.conversation.virtual_line import INTRODUCTION, VirtualLine, assert_ended, in_school, school

# --- wait a moment ---


@pytest.mark.parametrize(
    "words", ["Hang on a sec.", "One moment, please.", "Let me check.", "Okay, just a minute.", "Could you hang on a second?", "Bear with me."]
)
def test_who_asks_to_wait_gets_one_polite_line_and_then_quiet(words):
    line = in_school()
    line.callee(words)
    line.hear_all()
    assert line.said[-1] == TAKE_YOUR_TIME and line.asks == []
    line.wait(58_000)
    assert line.said[-1] == TAKE_YOUR_TIME
    line.wait(8_000)
    assert line.said[-1] == ARE_YOU_THERE


def test_asking_again_to_wait_is_not_answered_again():
    line = in_school()
    line.callee("Hang on a sec.")
    line.wait(20_000)
    line.callee("Just one more minute.")
    line.wait(50_000)
    assert line.said.count(TAKE_YOUR_TIME) == 1 and ARE_YOU_THERE not in line.said


def test_who_is_back_is_answered_as_always():
    line = in_school()
    line.callee("One moment.")
    line.wait(20_000)
    line.callee("Okay, what grade is she in?")
    assert len(line.asks) == 1
    line.model("Grade 3.")
    line.hear_all()
    line.wait(8_500)
    assert line.said[-1] == ARE_YOU_THERE


@pytest.mark.parametrize(
    "words", ["Let me check. Is it Mara with an M?", "One second, who is calling?", "Let me see, we have roses for 60 dollars and lilies too."]
)
def test_a_question_or_an_offer_behind_the_wait_is_answered(words):
    line = in_school()
    line.callee(words)
    assert len(line.asks) == 1


# --- go away ---


@pytest.mark.parametrize(
    "words",
    [
        "I don't talk to robots.",
        "Is this a recording? Take me off your list.",
        "Please don't call here again.",
        "Stop calling me!",
        "I won't speak to a machine.",
    ],
)
def test_who_refuses_machines_is_thanked_and_left(words):
    line = in_school()
    line.callee(words)
    line.hear_all()
    line.wait(100)
    assert line.said[-1] == REFUSED
    assert_ended(line, EndReason.REFUSED_MACHINE)


@pytest.mark.parametrize(
    "words", ["Is this a recording?", "Are you a robot?", "I thought we had to stop calling customers, ha.", "Can you call me again tomorrow?"]
)
def test_a_question_about_the_machine_is_no_refusal(words):
    line = in_school()
    line.callee(words)
    assert line.ended is None and len(line.asks) == 1


def test_a_refusal_before_the_introduction_still_hears_who_called():
    line = VirtualLine(school()).open()
    line.callee("Stop calling me.")
    line.hear_all()
    line.wait(10_000)
    assert line.said[0] == INTRODUCTION and line.said[-1] == REFUSED
    assert_ended(line, EndReason.REFUSED_MACHINE)


@pytest.mark.parametrize(
    "words", ["I think you have the wrong number.", "Wrong number.", "There's no one here by that name.", "Sorry, you've got the wrong number."]
)
def test_a_wrong_number_is_apologised_for(words):
    line = in_school()
    line.callee(words)
    line.hear_all()
    line.wait(100)
    assert line.said[-1] == WRONG_NUMBER
    assert_ended(line, EndReason.WRONG_NUMBER)


@pytest.mark.parametrize("words", ["Is this the wrong number?", "You wrote the wrong number on the form.", "Do I have the wrong number?"])
def test_talk_about_numbers_is_no_wrong_number(words):
    line = in_school()
    line.callee(words)
    assert line.ended is None


def test_a_number_out_of_service_is_hung_up_on():
    line = VirtualLine(school()).open()
    line.announce("We're sorry, the number you have dialed is not in service.")
    assert_ended(line, EndReason.WRONG_NUMBER)
    assert line.said == []


@pytest.mark.parametrize(
    "words",
    [
        "No hablo inglés.",
        "Je ne parle pas anglais.",
        "I don't speak English.",
        "Bonjour, je parle pas anglais, désolé.",
        "Ich spreche kein Englisch.",
    ],
)
def test_who_speaks_another_language_hears_so_and_the_call_ends(words):
    line = in_school()
    line.callee(words)
    line.hear_all()
    line.wait(100)
    assert line.said[-1] == ENGLISH_ONLY
    assert_ended(line, EndReason.OTHER_LANGUAGE)


def test_a_french_greeting_alone_is_no_other_language():
    line = VirtualLine(school()).introduce("Bonjour, hello, Brock Road School.")
    assert line.ended is None


# --- not for us ---


def test_a_line_too_noisy_to_talk_on_is_given_up_although_some_words_come_through():
    line = in_school()
    for _ in range(6):
        if line.ended is None:
            line.feed(CalleeSaid("grr shh", line.now, line.now, 0.1))
            line.hear_all()
            line.wait(2_000)
        if line.ended is None:
            line.callee("Hello?")
            line.model("Can you hear me?")
            line.hear_all()
            line.wait(2_000)
    line.hear_all()
    line.wait(100)
    assert_ended(line, EndReason.NOT_UNDERSTOOD)
    assert line.said[-1] == NOT_UNDERSTOOD


def test_people_who_talk_to_each_other_are_asked_twice_and_then_left():
    line = in_school()
    for number in range(30):
        if line.ended is not None:
            break
        line.callee(f"And then she went to place {number}.")
        if line.asks and line.conversation.state == "thinking":
            line.model("I am calling about Mara, who is sick today and stays home.")
            line.wait(300)
            line.barge_in()
        line.callee("No, not that one.")
        line.hear_all()
    assert 1 <= line.said.count(SEVERAL_VOICES) <= 2
    assert line.ended is EndReason.NOT_UNDERSTOOD


def test_somebody_who_interrupts_now_and_then_is_not_two_people():
    line = in_school()
    for _ in range(8):
        line.callee("Tell me about it.")
        line.model("She is sick today. She stays home.")
        line.wait(300)
        line.barge_in()
        line.callee("Okay and when is she back?")
        line.model("I do not know that.")
        line.hear_all()
    assert SEVERAL_VOICES not in line.said


def test_being_spoken_over_counts_only_while_nothing_is_heard():
    line = in_school()
    for _ in range(3):
        line.feed(CalleeInterrupted())
        line.callee("No no.")
    line.model("All right.")
    line.hear_all()
    line.feed(HeardUpTo("s99", 3, True, line.now))
    line.feed(CalleeInterrupted())
    assert SEVERAL_VOICES not in line.said

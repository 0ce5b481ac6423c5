"""How a call begins: hello, who calls and for whom, and only then the rest."""

import pytest

from calls.conversation.conversation import Conversation
from calls.conversation.disclosure import NotDisclosedError, discloses
from calls.conversation.effects import EndReason, Say
from calls.conversation.events import CalleeSaying, CalleeStarted, HeardUpTo, LineDropped, LineOpened, SpeechFailed, StopAsked
from tests.calls.conversation.virtual_line import INTRODUCTION, VirtualLine, flowers


@pytest.mark.parametrize(
    "text",
    [
        INTRODUCTION,
        "Hello, I'm Floyd, an automated assistant. I am calling on behalf of Tom Redmond.",
        "Good day, this is Tom Redmond's virtual assistant, an artificial intelligence assistant, for Tom Redmond.",
    ],
)
def test_an_introduction_that_says_what_and_for_whom_is_accepted(text):
    assert discloses(text, "Tom Redmond")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hi, this is Floyd calling for Tom Redmond.",
        "Hi, this is Floyd, an AI assistant.",
        "Hi, this is Floyd, an AI assistant calling for Tom.",
        "Hi, this is Floyd, I'm not an AI assistant, calling for Tom Redmond.",
        "Hi, I'm Tom Redmond's assistant.",
        "Hi, this is Floyd, an AI assistant calling for Tom Redmondson.",
    ],
)
def test_any_other_introduction_makes_no_call(text):
    assert not discloses(text, "Tom Redmond")
    with pytest.raises(NotDisclosedError):
        Conversation(flowers(introduction=text))


def test_without_a_name_nothing_discloses():
    assert not discloses(INTRODUCTION, "")


def test_floyd_introduces_itself_after_the_hello():
    line = VirtualLine().open()
    line.wait(700)
    assert line.said == []
    line.callee("Hello, Sweet Violet's.")
    assert line.said == [INTRODUCTION, "I'd like to order some flowers for Krista."]


def test_floyd_introduces_itself_after_a_silence():
    line = VirtualLine().open()
    line.wait(1199)
    assert line.said == []
    line.wait(1)
    assert line.said[0] == INTRODUCTION


def test_floyd_does_not_talk_into_a_hello_that_has_begun():
    line = VirtualLine().open()
    line.wait(1000)
    line.feed(CalleeStarted())
    line.wait(800)
    line.feed(CalleeSaying("Hello, Sweet", 1000))
    line.wait(1400)
    assert line.said == []
    line.callee("Hello, Sweet Violet's, how can I help you?")
    assert line.said[0] == INTRODUCTION


def test_an_endless_greeting_is_not_waited_out():
    line = VirtualLine().open()
    for second in range(12):
        line.feed(CalleeSaying("word " * (second + 1), 0))
        line.wait(1000)
    assert line.said and line.said[0] == INTRODUCTION


def test_the_introduction_is_cached_and_cannot_be_cut():
    line = VirtualLine().open()
    effects = line.callee("Hello?")
    introduction, opening = (effect for effect in effects if isinstance(effect, Say))
    assert (introduction.interruptible, introduction.cached) == (False, True)
    assert (opening.interruptible, opening.cached) == (True, True)


def test_the_disclosure_is_noted_when_it_was_heard():
    line = VirtualLine().open()
    line.callee("Hello?")
    line.wait(1000)
    assert line.disclosed == 0
    line.hear_all()
    assert line.disclosed == 1


def test_a_failed_introduction_is_said_again_before_anything_else():
    line = VirtualLine(play=False).open()
    line.callee("Hello?")
    first = line.playing[0][0]
    line.feed(SpeechFailed(first))
    assert line.said[2:] == [INTRODUCTION, "I'd like to order some flowers for Krista."]
    assert line.disclosed == 0 and line.ended is None


def test_a_half_heard_introduction_is_said_again():
    line = VirtualLine(play=False).open()
    line.callee("Hello?")
    line.feed(HeardUpTo(line.playing[0][0], 12, False, 900))
    assert line.said.count(INTRODUCTION) == 2
    assert line.disclosed == 0


def test_without_an_introduction_there_is_no_call():
    line = VirtualLine(play=False).open()
    line.callee("Hello?")
    for _ in range(3):
        line.feed(SpeechFailed(next(clause[0] for clause in reversed(line.playing) if clause[1] == INTRODUCTION)))
    assert line.ended is EndReason.PROVIDER_FAILED


def test_a_permanent_failure_of_the_voice_ends_the_call_at_once():
    line = VirtualLine(play=False).open()
    line.callee("Hello?")
    line.feed(SpeechFailed(line.playing[0][0], permanent=True))
    assert line.ended is EndReason.PROVIDER_FAILED


def test_what_is_asked_during_the_introduction_is_answered_after_the_opening_line():
    line = VirtualLine().open()
    line.callee("Hello?")
    line.wait(2000)
    line.callee("Sorry, what is this about?")
    assert line.asks == []
    line.hear_all()
    assert line.said[:2] == [INTRODUCTION, "I'd like to order some flowers for Krista."]
    assert line.messages()[-1] == {"role": "user", "content": '{"callee": "Sorry, what is this about?"}'}


def test_a_hello_over_the_introduction_needs_no_answer():
    line = VirtualLine().open()
    line.wait(1500)
    line.callee("Hello, Sweet Violet's.")
    line.hear_all()
    assert line.asks == []
    line.callee("Sure, what would you like?")
    roles = [message["role"] for message in line.messages()]
    assert roles == ["system", "user", "assistant", "user"]


def test_without_an_opening_line_floyd_listens_after_the_introduction():
    line = VirtualLine(flowers(opening_line="")).introduce()
    assert line.said == [INTRODUCTION]
    assert line.state == "listening"


def test_stopped_before_the_disclosure_nothing_is_said():
    line = VirtualLine().open()
    line.feed(StopAsked())
    assert (line.said, line.ended) == ([], EndReason.STOPPED_BY_USER)


def test_a_line_that_never_opens_ends_quietly():
    line = VirtualLine()
    line.feed(LineDropped(hung_up=False))
    assert (line.said, line.ended) == ([], EndReason.LINE_LOST)


def test_a_second_opening_changes_nothing():
    line = VirtualLine().introduce()
    said = list(line.said)
    line.feed(LineOpened())
    assert line.said == said

"""The mind passes on what the user said during the call, once, and does not hang up before."""

import pytest

from sandbox.mind.whispers import pass_on
from tests.sandbox.mind.test_awkward import INTRODUCTION, OPENING, answer

ASK = {"user_says": "Please ask whether they are open on Sunday."}
ASKED = "Could you tell me whether you are open on Sunday?"


@pytest.mark.parametrize(
    ("whisper", "said"),
    [
        ("Please ask whether they are open on Sunday.", ASKED),
        ("ask them if they have parking", "Could you tell me if you have parking?"),
        ("Tell them that we are five, please", "We are five."),
        ("Make it Thursday", "Make it Thursday."),
    ],
)
def test_the_users_words_as_floyd_says_them(whisper, said):
    assert pass_on(whisper) == said


def test_it_comes_with_the_next_reply_before_any_goodbye():
    thought = answer(("floyd", f"{INTRODUCTION} {OPENING}"), ASK, "Yes, the refill is ready for you.")
    assert thought.text.endswith(ASKED)
    assert thought.tools == ()


def test_it_is_said_when_nobody_else_speaks():
    assert answer(("floyd", f"{INTRODUCTION} {OPENING}"), ASK).text == ASKED


def test_it_is_said_once():
    assert ASKED not in answer(("floyd", f"{INTRODUCTION} {OPENING}"), ASK, "Yes?", ("floyd", ASKED), "Yes, from ten to four.").text

"""Who has no time is not talked to at length."""

import pytest

from calls.conversation.brevity import wants_it_short
from tests.calls.conversation.virtual_line import in_school

LONG = "It's for Mara Redmond. She is sick today. I hope that helps you. Is that all you need? She is in grade 3. Have a lovely day."


def said_to(words):
    line = in_school()
    line.callee(words)
    said = len(line.said)
    line.model(LONG)
    return line.said[said:]


def test_a_busy_callee_gets_name_need_and_numbers():
    short = said_to("Please be quick, I'm busy. What is it about?")
    assert short == ["It's for Mara Redmond.", "She is sick today.", "Is that all you need?", "She is in grade 3."]


def test_others_get_all_of_it():
    assert len(said_to("What is it about?")) == 6


@pytest.mark.parametrize("text", ["Make it short, please.", "We're really busy right now.", "I only have a minute", "I’m in a hurry"])
def test_ways_to_say_so(text):
    assert wants_it_short(text)


@pytest.mark.parametrize("text", ["Is the line busy?", "Take your time.", "It takes a short while.", "What time is it for?"])
def test_what_does_not_say_so(text):
    assert not wants_it_short(text)

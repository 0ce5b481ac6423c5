"""Phrases, and text for the voice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.speech.normalise import for_speech
from calls.speech.phrases import is_back_channel, is_farewell, is_greeting


@pytest.mark.parametrize("text", ["mm-hm", "Mhm.", "uh-huh", "okay", "Yeah, right.", "I see", "Oh, okay", "hmm"])
def test_back_channels(text):
    assert is_back_channel(text)


@pytest.mark.parametrize("text", ["", "wait", "okay but no", "yes we have roses", "hold on", "no", "see you at five", "..."])
def test_what_says_something_is_no_back_channel(text):
    assert not is_back_channel(text)


@pytest.mark.parametrize(("text", "greets"), [("Hello?", True), ("Hi, good morning", True), ("Hello, who is this about?", False), ("", False)])
def test_greetings(text, greets):
    assert is_greeting(text) is greets


@pytest.mark.parametrize(
    ("text", "closes"),
    [
        ("Okay, thank you, bye!", True),
        ("You too, have a good day.", True),
        ("Bye bye", True),
        ("Thanks, take care", True),
        ("Wait, what is the address?", False),
        ("Thank you, but which name?", False),
        ("And the card?", False),
        ("", False),
    ],
)
def test_farewells(text, closes):
    assert is_farewell(text) is closes


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("It is $85.50 with tax.", "It is eighty-five dollars and fifty cents with tax."),
        ("It is $560.", "It is five hundred and sixty dollars."),
        ("Call 519-555-0142.", "Call five one nine, five five five, zero one four two."),
        ("At 9:30 a.m. on Thursday", "At nine thirty A M on Thursday"),
        ("At 5 pm.", "At five P M."),
        ("At 9:05 am", "At nine oh five A M"),
        ("**Hello** there 😀", "Hello there"),
        ("Dr. Patel & co", "Doctor Patel and co"),
        ("five hundred and sixty dollars", "five hundred and sixty dollars"),
        ("  ", ""),
        ("😀", ""),
        ("14 Brock Road, grade 3", "14 Brock Road, grade 3"),
    ],
)
def test_text_is_made_ready_for_a_voice(text, spoken):
    assert for_speech(text) == spoken


def test_other_languages_are_left_alone():
    assert for_speech("Ça coûte 85,50 $.", language="fr-CA") == "Ça coûte 85,50 $."


@given(st.text(max_size=200))
def test_no_text_breaks_the_voice_or_the_phrases(text):
    for_speech(text)
    is_back_channel(text), is_farewell(text), is_greeting(text)

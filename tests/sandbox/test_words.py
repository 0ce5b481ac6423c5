"""Numbers, prices and times as they are said, and prices read back from what was said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import words


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("$560", "five hundred and sixty dollars"),
        ("$85.50", "eighty five dollars and fifty cents"),
        ("$1,200", "one thousand two hundred dollars"),
        ("at 9:30 a.m.", "at nine thirty a m"),
        ("14 Brock Road", "fourteen brock road"),
        ("Saturday, 21 November 2026", "saturday twenty one november twenty twenty six"),
        ("the 3rd", "the third"),
        ("Dr. Patel", "doctor patel"),
        ("an AI assistant", "an a i assistant"),
        ("Sweet Violet’s", "sweet violet's"),
        ("four o'clock", "four o'clock"),
    ],
)
def test_as_it_is_said(written, said):
    assert words.spoken(written) == said


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("peonies and roses for five hundred and sixty dollars", [56_000]),
        ("$60 or $80.00", [6_000, 8_000]),
        ("Would sixty dollars be all right?", [6_000]),
        ("sixty, delivered by four", []),
        ("a hundred and five dollars", [10_500]),
        ("", []),
    ],
)
def test_prices_in_a_text(text, cents):
    assert words.amounts(text) == cents


@given(st.integers(min_value=0, max_value=999_999))
def test_a_number_is_understood_as_it_is_said(value):
    assert words.number_value(words.number_words(value).split()) == value


def test_a_doctor_does_not_end_a_sentence():
    assert words.sentences("I called Dr. Patel. He is in. Is it 9 a.m. yet?") == ["I called Dr. Patel.", "He is in.", "Is it 9 a.m. yet?"]


def test_the_voice_keeps_its_melody():
    assert words.for_voice("We take it for $60, please. Thank you!") == "We take it for sixty dollars, please. Thank you!"

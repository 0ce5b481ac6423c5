"""How long a silence is waited for, and how that follows the callee's pace."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.speech.completeness import Completeness
from calls.speech.endpointing import HASTY, LONGEST_MS, UNHURRIED, WAITS_MS, Endpointing

QUESTION, SENTENCE = "Will she be okay?", "That is five hundred dollars."
OPEN, NUMBER, MENU = "I have peonies and", "five one nine", "for hours press 1"
TEXTS = ["", QUESTION, SENTENCE, OPEN, NUMBER, MENU]


def test_waits_are_those_of_people():
    wait = Endpointing().wait_ms
    assert 200 <= wait(QUESTION) <= 300
    assert 200 <= wait("yes") <= 300
    assert 300 <= wait(SENTENCE) <= 500
    assert 900 <= wait(NUMBER) <= 1200
    assert wait(OPEN) == 1200
    assert wait(MENU) == 1800


def test_a_pause_is_worth_thinking_in_only_where_the_words_may_be_whole():
    pause = Endpointing().pause_ms
    assert 140 <= pause(QUESTION) <= 200
    assert 160 <= pause(SENTENCE) <= 200
    assert pause(OPEN) is pause(NUMBER) is pause(MENU) is None


def test_a_wrong_cut_in_makes_us_wait_longer():
    endpointing = Endpointing()
    endpointing.was_cut(SENTENCE, 700)
    assert endpointing.wait_ms(SENTENCE) > 1.2 * WAITS_MS[Completeness.SENTENCE]
    assert endpointing.wait_ms(QUESTION) > WAITS_MS[Completeness.WHOLE]


def test_a_pause_that_nearly_ended_the_turn_makes_us_wait_longer():
    endpointing = Endpointing()
    endpointing.went_on(SENTENCE, 370)
    assert endpointing.wait_ms(SENTENCE) > WAITS_MS[Completeness.SENTENCE]


def test_a_long_pause_after_and_is_what_we_wait_for_anyway():
    endpointing = Endpointing()
    endpointing.went_on(OPEN, 800)
    assert endpointing.wait_ms(SENTENCE) == WAITS_MS[Completeness.SENTENCE]


def test_calm_turns_bring_the_usual_back():
    endpointing = Endpointing()
    endpointing.was_cut(SENTENCE, 700)
    for _ in range(40):
        endpointing.was_right()
    assert HASTY * WAITS_MS[Completeness.SENTENCE] <= endpointing.wait_ms(SENTENCE) < WAITS_MS[Completeness.SENTENCE]


def test_a_menu_teaches_nothing():
    endpointing = Endpointing()
    endpointing.went_on(MENU, 1700)
    assert endpointing.wait_ms(SENTENCE) == WAITS_MS[Completeness.SENTENCE]


def test_a_number_that_was_read_in_an_even_rhythm_is_over_when_the_rhythm_breaks():
    endpointing = Endpointing()
    endpointing.went_on(NUMBER, 350)
    assert 600 <= endpointing.wait_ms(NUMBER) <= 850
    endpointing.ended()
    assert endpointing.wait_ms(NUMBER) == WAITS_MS[Completeness.READING]


def test_long_pauses_between_sentences_change_other_waits_only_a_little():
    endpointing = Endpointing()
    endpointing.was_cut(SENTENCE, 700)
    assert endpointing.wait_ms(SENTENCE) / WAITS_MS[Completeness.SENTENCE] > endpointing.wait_ms(QUESTION) / WAITS_MS[Completeness.WHOLE] > 1


@pytest.mark.parametrize("scale", [0.5, 1, 2])
def test_all_waits_scale(scale):
    assert Endpointing(scale=scale).wait_ms(QUESTION) == round(scale * WAITS_MS[Completeness.WHOLE])


@given(st.lists(st.tuples(st.sampled_from(["on", "cut", "right"]), st.sampled_from(TEXTS), st.integers(0, 9999))))
def test_no_callee_moves_the_waits_out_of_their_bounds(pauses):
    endpointing = Endpointing()
    for what, text, pause_ms in pauses:
        if what == "right":
            endpointing.was_right()
        elif what == "on":
            endpointing.went_on(text, pause_ms)
        else:
            endpointing.was_cut(text, pause_ms)
        assert HASTY <= endpointing.wait_ms(SENTENCE) / WAITS_MS[Completeness.SENTENCE] <= UNHURRIED
        assert 200 <= endpointing.wait_ms(QUESTION) <= 400
        assert endpointing.wait_ms(OPEN) <= LONGEST_MS
        assert endpointing.wait_ms(MENU) == 1800

"""Cutting replies into clauses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.speech.chunking import OPENINGS, ClauseCutter


def cut(text, size=3):
    cutter = ClauseCutter()
    clauses = []
    for at in range(0, len(text), size):
        clauses += cutter.feed(text[at : at + size])
    return clauses + cutter.flush()


def stripped(text, size=3):
    return [clause.strip() for clause in cut(text, size)]


def test_the_first_words_do_not_wait_for_the_sentence():
    cutter = ClauseCutter()
    assert cutter.feed("Yes, she will be home today, ") == ["Yes, she will be home today,"]


def test_a_usual_opening_is_cut_off_whole_so_that_its_ready_sound_fits():
    for opening in OPENINGS:
        assert stripped(f"{opening} she will be home by noon today")[0] == opening


def test_a_usual_opening_counts_only_at_the_beginning_and_when_the_reply_goes_on():
    assert stripped("We can do that. Sure, no trouble.") == ["We can do that.", "Sure, no trouble."]
    assert ClauseCutter().feed("Sure,") == []
    assert stripped("Surely, she will.") == ["Surely, she will."]


def test_a_tiny_first_clause_is_not_cut_at_its_comma():
    assert stripped("Yes, of course. Thank you.") == ["Yes, of course.", "Thank you."]


@pytest.mark.parametrize(
    "whole",
    [
        "Please ask for Dr. Patel at the desk.",
        "It is $85.50 with tax.",
        "We meet at 9:30 a.m. on Thursday.",
        "The number is 519, 555, 0142.",
        "The number is five one nine, five five five.",
        "His name is J. R. Redmond of Guelph.",
        "It costs $1,200 in all.",
        "Deliver it to 14 St. Andrew Street please.",
        "Something e.g. roses would be nice.",
        "Apt. 4 is on the left.",
    ],
)
def test_what_belongs_together_stays_whole(whole):
    for size in (1, 2, 3, 7, 200):
        assert stripped(whole + " Thank you.", size) == [whole, "Thank you."]


def test_sentences_part():
    assert stripped("I don't know. Shall I ask? Yes! It is 5. Then we go.") == ["I don't know.", "Shall I ask?", "Yes!", "It is 5.", "Then we go."]


def test_a_time_at_the_end_of_a_sentence_ends_it():
    assert stripped("She is back at 9 a.m. Can you tell her teacher?") == ["She is back at 9 a.m.", "Can you tell her teacher?"]


def test_an_endless_clause_is_cut_at_a_space():
    clauses = cut("word " * 200)
    assert max(map(len, clauses)) <= 221
    assert "".join(clauses).split() == ["word"] * 200


def test_punctuation_alone_is_not_voiced():
    assert stripped("... well. Yes.")[0] == "... well."


@given(st.text(alphabet="abAB 019.,;:!?$…-—\n'”()", max_size=300), st.integers(1, 20))
def test_no_character_is_lost(text, size):
    joined = "".join(cut(text, size))
    assert text.startswith(joined)
    assert not text[len(joined) :].strip()


@given(st.lists(st.text(max_size=30), max_size=20))
def test_any_pieces_come_out_whole(pieces):
    cutter = ClauseCutter()
    clauses = [clause for piece in pieces for clause in cutter.feed(piece)] + cutter.flush()
    assert "".join(clauses).strip() == "".join(pieces).strip()
    assert all(clause.strip() for clause in clauses)

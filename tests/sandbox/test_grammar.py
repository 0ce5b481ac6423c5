"""Bare words find their way back to the sentence as written."""

import pytest

from sandbox.grammar import Grammar, Spelling
from sandbox.languages import untagged

GRAMMAR = Grammar.of(
    ["I'm sorry, I'll have to call you back. Thank you, goodbye.", "It costs {money}, delivered {date} by {time}.", "What is the delivery address?"]
)


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("thank you goodbye", "Thank you, goodbye."),
        ("i'll have to call you back", "I'll have to call you back."),
        ("what is the delivery address", "What is the delivery address?"),
        ("what is the", None),
        ("what is the delivery address please", None),
    ],
)
def test_whole_sentences_and_their_clauses(heard, written):
    assert GRAMMAR.whole(heard.split()) == written


def test_slots_are_filled_with_what_was_heard():
    heard = ["it", "costs", "sixty", "dollars", "delivered", "today", "by", "four", "o'clock"]
    assert GRAMMAR.whole(heard) == "It costs sixty dollars delivered today by four o'clock"


def test_a_beginning_is_written_as_far_as_it_goes():
    assert GRAMMAR.beginning(["what", "is", "the"]) == "What is the"


def test_every_word_of_a_slot_is_in_the_vocabulary():
    words = {spelling.word for spelling in GRAMMAR.vocabulary()}
    assert {"thursday", "o'clock", "hundred", "twenty", "cents"} <= words
    assert not {"number", "small", "unit"} & words


def test_another_language_keeps_its_tag_and_its_accents():
    grammar = Grammar.of(["(es) Lo siento, no hablo inglés.", "No, thank you."])
    assert Spelling("ingles", "inglés", "es") in grammar.vocabulary()
    assert Spelling("no", "no", "es") in grammar.vocabulary() and Spelling("no", "no") in grammar.vocabulary()
    assert grammar.whole(["no", "hablo", "ingles"]) == "(es) no hablo inglés."
    assert untagged(grammar.whole(["lo", "siento", "no", "hablo", "ingles"])) == ("es", "Lo siento, no hablo inglés.")


def test_an_unknown_slot_is_an_error_that_names_it():
    with pytest.raises(ValueError, match="colour"):
        Grammar.of(["It is {colour}."])


def test_sentences_said_in_one_breath_are_understood_as_one():
    grammar = Grammar.of(["Hello? Are you there? I can wait."])
    assert grammar.whole(["hello", "are", "you", "there"]) == "Hello? Are you there?"
    assert grammar.whole(["are", "you", "there", "i", "can", "wait"]) == "Are you there? I can wait."

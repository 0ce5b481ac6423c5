"""Turns made of what the carrier says it heard."""

from calls.conversation.events import CalleeInterrupted, CalleePaused, CalleeSaid, CalleeSaying, CalleeStarted
from calls.speech.relay_turns import NO_WORDS_MS, STEADY_MS, RelayTurns


def test_an_utterance_from_the_first_sound_to_the_last_word():
    turns = RelayTurns()
    assert turns.speaking(True, 1000) == [CalleeStarted()]
    assert turns.words("Do you", 1300, last=False) == [CalleeSaying("Do you", 1000)]
    assert turns.words("Do you", 1500, last=False) == []
    assert turns.words("Do you open?", 1700, last=False) == [CalleeSaying("Do you open?", 1000)]
    assert turns.speaking(False, 1800) == [CalleePaused("Do you open?", 1000)]
    assert turns.words("Do you open?", 2200, last=True) == [CalleeSaid("Do you open?", 1000, 1800)]
    assert not turns.waiting


def test_words_that_stay_as_they_are_may_be_all():
    turns = RelayTurns()
    turns.words("Hello", 1000, last=False)
    assert turns.tick(1000 + STEADY_MS - 1) == []
    assert turns.tick(1000 + STEADY_MS) == [CalleePaused("Hello", 1000)]
    assert turns.tick(5000) == []
    turns.words("Hello there", 5100, last=False)
    assert turns.tick(5100 + STEADY_MS) == [CalleePaused("Hello there", 1000)]


def test_a_carrier_that_sends_whole_utterances_only():
    turns = RelayTurns()
    assert turns.words("Hello?", 900, last=True) == [CalleeSaid("Hello?", 900, 900)]
    assert turns.speaking(False, 1000) == []


def test_a_noise_is_an_utterance_without_words():
    turns = RelayTurns()
    turns.speaking(True, 1000)
    assert turns.tick(9000) == []  # somebody still makes it
    turns.speaking(False, 9000)
    assert turns.tick(9000 + NO_WORDS_MS) == [CalleeSaid("", 1000, 9000)]
    assert not turns.waiting


def test_an_interruption_without_words_is_over_after_a_while():
    turns = RelayTurns()
    assert turns.interrupted(2000) == [CalleeInterrupted()]
    assert turns.tick(2000 + NO_WORDS_MS - 1) == []
    assert turns.tick(2000 + NO_WORDS_MS) == [CalleeSaid("", 2000, 2000)]


def test_what_a_key_interrupted_is_no_utterance_but_words_go_on():
    turns = RelayTurns()
    turns.interrupted(2000)
    turns.keyed()
    assert not turns.waiting
    turns.speaking(True, 2500)  # the tone itself
    turns.keyed()
    assert turns.speaking(False, 2600) == []
    assert not turns.waiting
    turns.words("Do you", 3000, last=False)
    turns.keyed()
    assert turns.words("Do you have roses?", 3600, last=True) == [CalleeSaid("Do you have roses?", 3000, 3600)]

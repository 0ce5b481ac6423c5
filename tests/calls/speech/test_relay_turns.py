"""Turns made of what the carrier says it heard."""

from calls.conversation.events import CalleeInterrupted, CalleePaused, CalleeSaid, CalleeSaying, CalleeStarted
from calls.speech.relay_turns import NO_REST_MS, NO_WORDS_MS, STEADY_MS, RelayTurns


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


def test_who_pauses_in_a_sentence_is_heard_out():
    turns = RelayTurns()
    turns.speaking(True, 1_000)
    turns.words("We have", 1_300, last=False)
    turns.speaking(False, 1_500)
    assert turns.words("We have", 2_100, last=True) == [CalleeSaying("We have", 1_000)]
    assert turns.waiting
    assert turns.tick(2_600) == []
    turns.speaking(True, 2_650)
    assert turns.words("roses", 2_900, last=False) == [CalleeSaying("We have roses", 1_000)]
    assert turns.speaking(False, 3_800) == [CalleePaused("We have roses", 1_000)]
    assert turns.words("roses for forty dollars.", 4_300, last=True) == [CalleeSaid("We have roses for forty dollars.", 1_000, 3_800)]
    assert not turns.waiting


def test_who_says_no_more_is_waited_for_as_long_as_the_words_ask_for():
    turns = RelayTurns()
    turns.words("I would like to order a", 2_000, last=True)
    assert turns.tick(3_100) == []
    assert turns.tick(3_200) == [CalleeSaid("I would like to order a", 2_000, 2_000)]
    assert not turns.waiting


def test_the_silence_that_the_carrier_waited_for_is_part_of_the_wait():
    for told in (False, True):  # whether it tells of voices; if not, the last change of the words shows when they fell silent
        turns = RelayTurns()
        turns.words("I would like to", 1_000, last=False)
        turns.words("I would like to order a", 1_400, last=False)
        if told:
            turns.speaking(True, 1_400)
            turns.speaking(False, 1_400)
        assert turns.words("I would like to order a", 2_200, last=True) == [CalleeSaying("I would like to order a", 1_000)]
        assert turns.tick(2_599) == []
        assert turns.tick(2_600) == [CalleeSaid("I would like to order a", 1_000, 1_400)]


def test_a_carrier_that_waited_long_enough_is_not_waited_for():
    turns = RelayTurns()
    turns.words("I would like to order a", 1_400, last=False)
    assert turns.words("I would like to order a", 2_600, last=True) == [CalleeSaid("I would like to order a", 1_400, 1_400)]


def test_words_that_came_late_or_over_a_voice_say_nothing_about_silence():
    turns = RelayTurns()
    turns.words("I would like to", 1_400, last=False)
    turns.words("I would like to order a", 2_200, last=True)
    assert turns.tick(3_399) == []
    assert turns.tick(3_400) == [CalleeSaid("I would like to order a", 1_400, 2_200)]
    turns.speaking(True, 5_000)
    turns.words("And a", 5_400, last=False)
    turns.words("And a", 6_200, last=True)
    assert turns.tick(7_399) == []
    assert turns.tick(7_400) == [CalleeSaid("And a", 5_000, 6_200)]


def test_a_number_that_is_read_out_in_pieces_is_one():
    turns = RelayTurns()
    assert turns.words("It is five one nine", 1_000, last=True) == [CalleeSaying("It is five one nine", 1_000)]
    assert turns.words("five five five", 1_900, last=True) == [CalleeSaying("It is five one nine five five five", 1_000)]
    said = turns.words("zero one four two.", 2_800, last=True) or []
    for now in range(2_900, 5_000, 100):
        said += turns.tick(now)
    assert CalleeSaid("It is five one nine five five five zero one four two.", 1_000, 2_800) in said


def test_a_noise_behind_something_unfinished_keeps_it_back_for_some_seconds_at_most():
    turns = RelayTurns()
    turns.words("And then", 1_000, last=True)
    turns.speaking(True, 1_500)
    assert turns.tick(1_500 + NO_REST_MS - 1) == []
    assert turns.tick(1_500 + NO_REST_MS) == [CalleeSaid("And then", 1_000, 1_000), CalleeStarted()]
    turns = RelayTurns()
    turns.words("And then", 1_000, last=True)
    turns.speaking(True, 1_500)
    turns.speaking(False, 1_600)
    assert turns.tick(1_600 + NO_WORDS_MS) == [CalleeSaid("And then", 1_000, 1_000)]


def test_what_was_kept_back_counts_when_they_have_gone():
    turns = RelayTurns()
    turns.words("And then", 1_000, last=True)
    assert turns.flush() == [CalleeSaid("And then", 1_000, 1_000)]
    assert turns.flush() == []
    assert not turns.waiting

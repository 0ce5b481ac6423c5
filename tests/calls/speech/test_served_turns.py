"""Turns that a service detects, in virtual time."""

from calls.conversation.events import CalleeInterrupted, CalleeSaid, CalleeSaying, CalleeStarted
from calls.speech.served_turns import LONGEST_MS, NO_REST_MS, NO_WORDS_MS, ServedTurns


def test_an_utterance_is_said_once_its_words_are_there():
    turns = ServedTurns()
    assert turns.began("u1", 1_000, over_floyd=False) == [CalleeStarted()]
    assert turns.words("u1", "Hello") == [CalleeSaying("Hello", 1_000)]
    assert turns.words("u1", " there") == [CalleeSaying("Hello there", 1_000)]
    turns.ended("u1", 2_000)
    assert turns.understood("u1", "Hello there.", 2_300) == [CalleeSaid("Hello there.", 1_000, 2_000)]
    assert turns.understood("u1", "Hello there.", 2_400) == [] and turns.tick(90_000) == []


def test_a_voice_over_floyd_interrupts_and_is_answered_for():
    turns = ServedTurns()
    assert turns.began("u1", 1_000, over_floyd=True) == [CalleeStarted(), CalleeInterrupted()]
    turns.ended("u1", 1_100)
    assert turns.understood("u1", "", 1_400) == [CalleeSaid("", 1_000, 1_100)], "a false alarm must be told"


def test_a_cough_is_nothing_but_long_speech_without_words_is_told():
    turns = ServedTurns()
    turns.began("u1", 1_000, over_floyd=False)
    turns.ended("u1", 1_300)
    assert turns.understood("u1", "", 1_500) == []
    turns.began("u2", 2_000, over_floyd=False)
    turns.ended("u2", 3_500)
    assert turns.understood("u2", "", 3_600) == [CalleeSaid("", 2_000, 3_500)]


def test_words_that_come_when_they_speak_again_do_not_end_what_they_say_now():
    turns = ServedTurns()
    turns.began("u1", 1_000, over_floyd=False)
    turns.ended("u1", 2_000)
    assert turns.began("u2", 2_100, over_floyd=False) == [CalleeStarted()]
    assert turns.understood("u1", "I think", 2_200) == []
    turns.ended("u2", 3_000)
    assert turns.words("u2", "so") == [CalleeSaying("I think so", 1_000)]
    assert turns.understood("u2", "so.", 3_400) == [CalleeSaid("I think so.", 1_000, 3_000)]


def test_who_spells_with_pauses_is_heard_to_the_end():
    turns = ServedTurns()
    said = []
    for number, (text, start_ms) in enumerate([("That is spelled", 0), ("N G", 2_000), ("U Y", 4_000), ("E N.", 6_000)]):
        turns.began(f"u{number}", start_ms, over_floyd=False)
        turns.ended(f"u{number}", start_ms + 1_100)
        said += turns.understood(f"u{number}", text, start_ms + 1_900)
        said += turns.tick(start_ms + 1_980)
    said += turns.tick(10_000)
    assert said == [CalleeSaid("That is spelled N G U Y E N.", 0, 7_100)]
    assert turns.tick(20_000) == []


def test_what_sounds_unfinished_is_waited_for_and_no_longer():
    turns = ServedTurns()
    turns.began("u1", 1_000, over_floyd=False)
    turns.ended("u1", 2_000)
    assert turns.understood("u1", "We are open from nine and", 2_600) == []
    assert turns.tick(3_100) == []
    assert turns.tick(3_200) == [CalleeSaid("We are open from nine and", 1_000, 2_000)]


def test_a_voice_that_the_service_has_not_told_of_keeps_back_what_was_understood():
    turns = ServedTurns()
    turns.began("u1", 1_000, over_floyd=False)
    turns.ended("u1", 2_000)
    assert turns.tick(2_580, voice=True) == []
    assert turns.understood("u1", "The tailor is called Nguyen.", 2_600) == []
    turns.began("u2", 2_500, over_floyd=False)
    turns.ended("u2", 3_500)
    assert turns.tick(4_000) == []
    assert turns.understood("u2", "He is out.", 4_100) == [CalleeSaid("The tailor is called Nguyen. He is out.", 1_000, 3_500)]


def test_a_noise_behind_something_unfinished_keeps_it_back_for_some_seconds_at_most():
    turns = ServedTurns()
    turns.began("u1", 1_000, over_floyd=False)
    turns.ended("u1", 2_000)
    turns.understood("u1", "We are open from nine and", 2_600)
    turns.began("u2", 2_800, over_floyd=False)
    assert turns.tick(2_800 + NO_REST_MS - 1) == []
    assert turns.tick(2_800 + NO_REST_MS) == [CalleeSaid("We are open from nine and", 1_000, 2_000), CalleeStarted()]


def test_words_that_never_come_are_not_waited_for():
    turns = ServedTurns()
    turns.began("u1", 1_000, over_floyd=True)
    turns.ended("u1", 2_000)
    assert turns.tick(2_000 + NO_WORDS_MS - 1) == []
    assert turns.tick(2_000 + NO_WORDS_MS) == [CalleeSaid("", 1_000, 2_000)]
    turns.began("u2", 9_000, over_floyd=False)
    assert turns.tick(9_000 + LONGEST_MS) == [CalleeSaid("", 9_000, 9_000 + LONGEST_MS)]


def test_a_service_that_breaks_leaves_what_was_understood_so_far():
    turns = ServedTurns()
    turns.began("u1", 1_000, over_floyd=False)
    turns.words("u1", "We close at")
    assert turns.broke(3_000) == ([CalleeSaid("We close at", 1_000, 3_000)], False)
    turns.began("u2", 4_000, over_floyd=False)
    assert turns.broke(6_000) == ([CalleeSaid("", 4_000, 6_000)], True), "somebody spoke, and nobody knows what"
    turns.began("u3", 7_000, over_floyd=False)
    turns.ended("u3", 8_000)
    turns.understood("u3", "And then", 8_500)
    assert turns.broke(8_600) == ([CalleeSaid("And then", 7_000, 8_000)], False)
    assert turns.broke(9_000) == ([], False)

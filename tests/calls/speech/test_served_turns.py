"""Turns that a service detects, in virtual time."""

from calls.conversation.events import CalleeInterrupted, CalleeSaid, CalleeSaying, CalleeStarted
from calls.speech.served_turns import LONGEST_MS, NO_WORDS_MS, ServedTurns


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
    assert turns.understood("u1", "I think", 2_200) == [CalleeSaid("I think", 1_000, 2_000), CalleeStarted()]
    turns.ended("u2", 3_000)
    assert turns.understood("u2", "so.", 3_200) == [CalleeSaid("so.", 2_100, 3_000)]


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
    assert turns.broke(7_000) == ([], False)

"""A key that the caller presses is not heard as a voice, and what they say behind it is."""

from calls.speech.key_tones import LONGEST_MS, KeyTones
from calls.speech.tones import keys

FRAME_MS = 20
VOICE = b"\x10\x90" * 80
SILENCE = b"\xff" * 160


def heard(keyed, frames, now_ms=0):
    """What is left of 20 ms frames from the moment on at which the carrier told of the key."""
    keyed.pressed(now_ms)
    return [keyed.without(frame, now_ms + number * FRAME_MS) for number, frame in enumerate(frames, 1)]


def test_the_tone_is_silence_and_what_is_said_behind_it_is_heard():
    tone = keys("5")
    frames = [tone[at : at + 160].ljust(160, b"\xff") for at in range(0, len(tone), 160)]
    left = heard(KeyTones(), [*frames, SILENCE, VOICE, VOICE])
    assert set(b"".join(left[: len(frames)])) == {0xFF}
    assert left[-2:] == [VOICE, VOICE]


def test_a_carrier_that_sends_no_tone_costs_no_words():
    left = heard(KeyTones(), [SILENCE] * 8 + [VOICE] * 3)
    assert left[8:] == [VOICE] * 3


def test_a_key_that_is_held_down_is_not_taken_for_one_for_ever():
    left = heard(KeyTones(), [VOICE] * (LONGEST_MS // FRAME_MS + 2))
    assert left[-1] == VOICE
    assert left[10] == SILENCE


def test_without_a_key_nothing_is_taken_out():
    assert KeyTones().without(VOICE, 0) == VOICE

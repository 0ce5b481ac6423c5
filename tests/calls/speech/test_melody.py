"""Whether a voice fell, rose or was held before a pause, and what is voiced at all."""

import numpy as np
import pytest

from calls.speech.completeness import Completeness
from calls.speech.endpointing import WAITS_MS, Endpointing
from calls.speech.melody import Melody, Voice
from calls.speech.mulaw import decode, encode, level_db
from calls.speech.voicing import periodicity, pitch


def voice(hertz, amplitude=6_000.0):
    """Harmonics that follow a pitch given for every sample."""
    phase = 2 * np.pi * np.cumsum(hertz) / 8_000
    sound = sum(np.cos(number * phase) / number for number in range(1, 10))
    return encode((sound / np.abs(sound).max() * amplitude).astype(np.int16))


def heard(audio):
    listener = Voice()
    for at in range(0, len(audio) - 159, 160):
        frame = audio[at : at + 160]
        listener.take(frame, level_db(frame))
    return listener


def steady(hertz, seconds):
    return np.full(int(8_000 * seconds), float(hertz))


def glide(first, last, seconds):
    return np.geomspace(first, last, int(8_000 * seconds))


@pytest.mark.parametrize("base", [95, 140, 220])
@pytest.mark.parametrize(
    ("ratio", "melody"), [(0.75, Melody.FALLS), (1.0, Melody.HELD), (0.97, Melody.HELD), (1.04, Melody.HELD), (1.35, Melody.RISES)]
)
def test_the_end_of_a_voice_falls_rises_or_is_held(base, ratio, melody):
    pitches = np.concatenate([steady(base, 1.0), glide(base, base * ratio, 0.2), steady(base * ratio, 0.08)])
    audio = voice(pitches) + b"\xff" * 8 * 200
    assert heard(audio).ending() is melody


def test_silence_and_hiss_have_no_melody():
    rng = np.random.default_rng(1)
    hiss = encode((rng.standard_normal(8_000) * 3_000).astype(np.int16))
    assert heard(b"\xff" * 8_000).ending() is Melody.UNKNOWN
    assert heard(hiss).ending() is Melody.UNKNOWN
    assert heard(b"").ending() is Melody.UNKNOWN


@pytest.mark.parametrize("hertz", [70, 110, 180, 300])
def test_the_pitch_of_a_vowel_is_found(hertz):
    strength, found = pitch(decode(voice(steady(hertz, 0.04))))
    assert strength > 0.8
    assert found == pytest.approx(hertz, rel=0.06)


def test_vowels_are_periodic_and_hiss_is_not():
    rng = np.random.default_rng(1)
    assert periodicity(decode(voice(steady(140, 0.04)))) > 0.8
    assert periodicity((rng.standard_normal(320) * 3_000).astype(np.int16)) < 0.5
    assert periodicity(np.zeros(320, np.int16)) == 0
    assert periodicity(np.zeros(160, np.int16)) == 0


def test_a_sentence_that_is_held_is_waited_for_and_one_that_falls_is_answered():
    wait = Endpointing().wait_ms
    sentence = "we could move you to Friday"
    assert wait(sentence, Melody.FALLS) < wait(sentence) < wait(sentence, Melody.HELD)
    assert wait(sentence, Melody.HELD) >= 600
    assert wait("Will she be okay?", Melody.HELD) == WAITS_MS[Completeness.WHOLE]
    assert wait("I have peonies and", Melody.FALLS) == WAITS_MS[Completeness.OPEN]

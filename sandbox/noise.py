"""What makes a line hard to hear: sound behind a voice, voices that mumble, coughs. Made from seeds, so the same in every run. 8 kHz throughout."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from itertools import count

import numpy as np
from numpy.typing import NDArray

from sandbox import voice
from sandbox.voice import Samples, mulaw_decode, mulaw_encode

RATE = 8000
#: Root mean square of the sandbox's voices while they speak; a signal-to-noise ratio is meant against it.
SPEECH_LEVEL = 1900.0
LOOP_S = 12

_Wave = NDArray[np.float64]
_BABBLE_VOICES = ("en-us", "en-us+f2", "en-us+m2", "en-us+f4", "en-gb-scotland", "en-us+m5", "en-us+f3", "en-us+m7")
_BABBLE = (
    "So I said to him, put it on the other table, and then we will see who comes.",
    "Two coffees and a glass of water, please, and could we have the bill.",
    "It was raining all the way from the station, and nobody had an umbrella.",
    "They moved the whole thing to the first floor, next to the window.",
    "Well, that is what she told me, but you never know with those people.",
)


class Background(StrEnum):
    """Where a person stands while they speak."""

    HISS = "hiss"
    STREET = "street"
    BABBLE = "babble"


class Noise:
    """Sound behind everything on one line.

    Args:
        background: its kind.
        snr_db: how much louder a voice is, in dB.
    """

    def __init__(self, background: Background, snr_db: float) -> None:
        self._loop = loop(background) * (SPEECH_LEVEL * 10 ** (-snr_db / 20))
        self._at = 0

    def over(self, audio: bytes | None, size: int) -> bytes:
        """The next `size` samples of it over a μ-law frame (None is silence)."""
        places = (self._at + np.arange(size)) % self._loop.size
        self._at += size
        sound = self._loop[places]
        if audio is not None:
            sound = sound + mulaw_decode(audio)
        return mulaw_encode(_samples(sound))


@lru_cache(maxsize=8)
def loop(background: Background) -> _Wave:
    """Some seconds of a background with a root mean square of 1, to be repeated. The first babble takes a second to make."""
    made = {Background.HISS: _hiss, Background.STREET: _street, Background.BABBLE: _babble}[background]()
    made /= np.sqrt(np.mean(made**2))
    made.flags.writeable = False
    return made


def _dice(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def _hiss() -> _Wave:
    return _dice(1).normal(size=LOOP_S * RATE)


def _shaped(wave: _Wave, gain: _Wave) -> _Wave:
    """The wave with each of its frequencies made louder or softer; the ends still meet."""
    return np.fft.irfft(np.fft.rfft(wave) * gain, wave.size)


def _street() -> _Wave:
    """A rumble, and cars that come and go."""
    size = LOOP_S * RATE
    frequencies = np.fft.rfftfreq(size, 1 / RATE)
    rumble = _shaped(_dice(2).normal(size=size), 1 / np.maximum(frequencies, 60.0))
    tyres = _shaped(_dice(3).normal(size=size), np.exp(-(((frequencies - 900) / 500) ** 2)))
    times = np.arange(size) / RATE
    passing: _Wave = np.sum([np.exp(-(((times - at) / 0.7) ** 2)) for at in (2.0, 5.5, 9.8)], axis=0)
    mixed: _Wave = rumble / rumble.std() + 0.8 * passing * tyres / tyres.std()
    return mixed


def _babble() -> _Wave:
    """A room full of people: voices that begin at any moment and never stop."""
    size = LOOP_S * RATE
    mixed = np.zeros(size)
    for seed, name in zip(count(4), _BABBLE_VOICES, strict=False):
        dice = _dice(seed)
        said = np.concatenate([voice.say(_BABBLE[index], voice=name, rate=int(dice.integers(140, 200))) for index in dice.permutation(len(_BABBLE))])
        mixed += np.roll(np.resize(said.astype(np.float64), size), int(dice.integers(size))) * dice.uniform(0.6, 1.0)
    return mixed


def mumbled(sound: Samples, clarity: float) -> Samples:
    """A voice into a collar: high frequencies gone, syllables run into each other, breath in place of tone.

    Args:
        clarity: 1 is the voice as it was, 0 is hardly speech any more.
    """
    if clarity >= 1 or not sound.size:
        return sound
    tail_size = RATE // 4
    wave = np.concatenate([sound.astype(np.float64), np.zeros(tail_size)])
    frequencies = np.fft.rfftfreq(wave.size, 1 / RATE)
    dull = _shaped(wave, 1 / (1 + (frequencies / (350 + 3000 * clarity)) ** 4))
    tail = _dice(40).normal(size=tail_size) * np.exp(-np.arange(tail_size) / (RATE * 0.06))
    smeared = np.convolve(dull, tail / np.sqrt(np.sum(tail**2)), mode="full")[: wave.size]
    width = RATE // 20
    envelope = np.sqrt(np.convolve(wave**2, np.ones(width) / width, mode="same"))
    breath = _shaped(_dice(41).normal(size=wave.size), np.exp(-(((frequencies - 1300) / 900) ** 2)))
    mixed = dull * clarity + (smeared + envelope * breath / breath.std()) * (1 - clarity)
    return _samples(mixed * (np.abs(sound).max() / max(1.0, np.abs(mixed).max())))


@lru_cache(maxsize=8)
def cough(ms: int = 350) -> bytes:
    """Somebody clears their throat; μ-law."""
    size = RATE * ms // 1000
    times = np.arange(size) / RATE
    frequencies = np.fft.rfftfreq(size, 1 / RATE)
    rough = _shaped(_dice(50).normal(size=size), np.exp(-(((frequencies - 700) / 600) ** 2)))
    bursts = np.exp(-(((times - 0.06) / 0.035) ** 2)) + 0.7 * np.exp(-(((times - 0.06 - ms / 2000) / 0.05) ** 2))
    shaped = rough / rough.std() * bursts
    return mulaw_encode(_samples(shaped * 5000))


def _samples(wave: _Wave) -> Samples:
    return np.clip(np.round(wave), -32_768, 32_767).astype(np.int16)

"""People who pause: labelled utterances as sound, made by espeak-ng in several voices, at several speeds, with silences put where people think.

A sentence is spoken in one go and cut open at word boundaries, so that the melody before a pause is that of a sentence that goes on.
"""

from __future__ import annotations

import ctypes
import math
import random
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import espeakng_loader
import numpy as np
import soxr
from numpy.typing import NDArray

Sound = NDArray[np.float32]
RATE = 8_000
PEAK = 14_000
VOICES = ("en-us", "en-us+f3", "en-gb-x-rp", "en-gb-scotland+m3", "en-us+f5", "en-us+m7")
SPEEDS = (145, 170, 200)
UTTERANCES = Path(__file__).parent / "utterances"
#: Length of a pause by its mark: median in ms, spread of its logarithm, bounds. A speaker's own pace multiplies the median. Who is silent for
#: longer than 1.2 s in mid-sentence has given the turn away; that is not counted against anyone.
PAUSES = {"|": (550, 0.35, 250, 1_150), "/": (300, 0.3, 150, 600), "_": (420, 0.3, 200, 1_000), "=": (700, 0.3, 350, 1_500)}
#: A sample above this is speech; what is below, at the end of a word, nobody hears.
AUDIBLE = 400


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words with marks of pauses, and their kind."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word and when it was said, ms from the utterance's beginning. `mark` is the pause behind it, if any."""

    text: str
    end_ms: int
    mark: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """An utterance as sound: 8 kHz samples, its words, and its stretches of speech between the pauses, in ms."""

    utterance: Utterance
    sound: Sound
    words: tuple[Word, ...]
    stretches: tuple[tuple[int, int], ...]


def utterances(name: str) -> list[Utterance]:
    """The set of that name."""
    lines = (UTTERANCES / f"{name}.txt").read_text().splitlines()
    pairs = (line.split(":", 1) for line in lines if line.strip() and not line.startswith("#"))
    return [Utterance(kind.strip(), text.strip()) for kind, text in pairs]


def pause_ms(mark: str, pace: float, rng: random.Random) -> int:
    """A pause's length for a speaker of that pace (1 is usual)."""
    median, spread, least, most = PAUSES[mark]
    return round(min(most, max(least, pace * median * math.exp(rng.gauss(0, spread)))))


def speak(utterance: Utterance, *, voice: str, speed: int, pace: float, rng: random.Random) -> Spoken:
    """Says an utterance, with pauses of that pace where it has marks."""
    parts = re.split(r"\s*([|/_=])\s*", utterance.text)
    texts, marks = parts[0::2], [*parts[1::2], ""]
    said, word_ends_ms = synthesised(" ".join(texts), voice, speed)
    words: list[Word] = []
    pieces: list[Sound] = []
    stretches: list[tuple[int, int]] = []
    at_ms, cut_ms, index = 0, 0, 0
    for text, mark in zip(texts, marks, strict=True):
        count = len(text.split())
        until_ms = word_ends_ms[index + count - 1] if mark else math.ceil(len(said) * 1000 / RATE)
        piece = _faded(said[cut_ms * RATE // 1000 : until_ms * RATE // 1000])
        loud = np.flatnonzero(np.abs(piece) > AUDIBLE)
        piece = piece[: loud[-1] + 1] if loud.size else piece
        length_ms = len(piece) * 1000 // RATE
        for offset, word in enumerate(text.split()):
            last = offset == count - 1
            end_ms = length_ms if last else min(length_ms, word_ends_ms[index + offset] - cut_ms)
            words.append(Word(word, at_ms + end_ms, mark if last else ""))
        stretches.append((at_ms, at_ms + length_ms))
        silence_ms = pause_ms(mark, pace, rng) if mark else 0
        pieces += [piece, np.zeros(silence_ms * RATE // 1000, np.float32)]
        at_ms = sum(len(each) for each in pieces) * 1000 // RATE
        cut_ms, index = until_ms, index + count
    return Spoken(utterance, np.concatenate(pieces), tuple(words), tuple(stretches))


def noise(seconds: float, *, level_db: float, rng: np.random.Generator) -> Sound:
    """A room with people: half hiss that falls with frequency, half murmur of voices, `level_db` below full scale."""
    count = int(seconds * RATE)
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hiss = np.fft.irfft(spectrum / np.sqrt(np.maximum(1, np.arange(spectrum.size))), count)
    murmur = _murmur(count, rng)
    mixed = hiss / (np.std(hiss) + 1e-9) + murmur / (np.std(murmur) + 1e-9)
    loudness = 32_768 * 10 ** (level_db / 20)
    scaled: Sound = (mixed / np.std(mixed) * loudness).astype(np.float32)
    return scaled


def _murmur(count: int, rng: np.random.Generator) -> Sound:
    """Six voices at once, backwards."""
    text = "people talk at the counter about the weather and the football while somebody looks for a bag and the phone rings again"
    said = [synthesised(text, voice, 180)[0][::-1] for voice in VOICES]
    mixed = np.zeros(count, np.float32)
    for voice in said:
        start = int(rng.integers(0, voice.size))
        mixed += np.resize(np.roll(voice, start), count)
    return mixed


def _faded(piece: Sound) -> Sound:
    """Without a click at its ends."""
    piece = piece.copy()
    ramp = min(80, piece.size // 2)
    piece[:ramp] *= np.linspace(0, 1, ramp, dtype=np.float32)
    piece[piece.size - ramp :] *= np.linspace(1, 0, ramp, dtype=np.float32)
    return piece


# --- espeak-ng, with the times of words ---


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_WORD, _LIST_END = 1, 0
_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class _Espeak:
    """The library keeps one synthesiser for the process."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        self.rate = self._library.espeak_Initialize(2, 0, espeakng_loader.get_data_path().encode(), 0x8000)
        self._callback = _Callback(self._take)
        self._library.espeak_SetSynthCallback(self._callback)
        self._pieces: list[NDArray[np.int16]] = []
        self._words: list[tuple[int, int]] = []

    def _take(self, samples, count, events) -> int:  # type: ignore[no-untyped-def]
        if samples and count > 0:
            self._pieces.append(np.ctypeslib.as_array(samples, shape=(count,)).copy())
        index = 0
        while events and events[index].type != _LIST_END:
            if events[index].type == _WORD:
                self._words.append((events[index].text_position, events[index].audio_position))
            index += 1
        return 0

    def say(self, text: str, voice: str, speed: int) -> tuple[NDArray[np.int16], list[tuple[int, int]]]:
        """Samples, and for each word its position in the text (from 1) and its beginning in ms."""
        self._pieces, self._words = [], []
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise ValueError(f"espeak-ng has no voice {voice!r}")
        self._library.espeak_SetParameter(1, speed, 0)
        data = text.encode()
        self._library.espeak_Synth(data, len(data) + 1, 0, 0, 0, 1, None, None)
        self._library.espeak_Synchronize()
        return np.concatenate(self._pieces), self._words


_espeak: _Espeak | None = None


@lru_cache(maxsize=2_000)
def synthesised(text: str, voice: str, speed: int) -> tuple[Sound, list[int]]:
    """`text` at 8 kHz, beginning with its first audible sample, and the end of each of its words in ms."""
    global _espeak
    _espeak = _espeak or _Espeak()
    samples, starts = _espeak.say(text, voice, speed)
    sound = soxr.resample(samples.astype(np.float32), _espeak.rate, RATE)
    sound *= PEAK / np.abs(sound).max()
    loud = np.flatnonzero(np.abs(sound) > AUDIBLE)
    first, last = int(loud[0]), int(loud[-1]) + 1
    lead_ms = first * 1000 // RATE
    begin_of = {position - 1: ms for position, ms in starts}
    ends: list[int] = []
    position = 0
    for word in text.split():
        position = text.index(word, position) + len(word)
        following = [ms for at, ms in begin_of.items() if at >= position]
        ends.append(max(0, min(following) - lead_ms) if following else (last - first) * 1000 // RATE)
    return sound[first:last], ends

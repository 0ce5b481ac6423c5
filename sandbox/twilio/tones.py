"""Sounds that are no speech: key tones, the voicemail beep, hold music, ringing. All μ-law at 8 kHz."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from sandbox.noise import cough
from sandbox.people import SoundKind
from sandbox.voice import mulaw_encode

RATE = 8000
ROWS, COLUMNS = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
KEYS = "123A456B789C*0#D"
#: How long a key sounds, and the silence behind it.
TONE_MS, BEHIND_TONE_MS = 120, 80
TUNE = (262, 330, 392, 523, 392, 330, 294, 349, 440, 587, 440, 349)


def _mixed(frequencies: tuple[float, ...], ms: int, peak: int) -> bytes:
    times = np.arange(RATE * ms // 1000) / RATE
    wave = sum(np.sin(2 * np.pi * frequency * times) for frequency in frequencies) / len(frequencies)
    edge = min(len(times) // 2, RATE // 100)
    envelope = np.ones(len(times))
    envelope[:edge] = np.linspace(0, 1, edge)
    envelope[len(times) - edge :] = np.linspace(1, 0, edge)
    return mulaw_encode((wave * envelope * peak).astype(np.int16))


@lru_cache(maxsize=32)
def key(digit: str) -> bytes:
    """One key tone (ITU-T Q.23) of 120 ms and 80 ms of silence; `w` is half a second of silence, `W` a whole one."""
    if digit in "wW":
        return b"\xff" * (RATE // 2 if digit == "w" else RATE)
    row, column = divmod(KEYS.index(digit), 4)
    return _mixed((ROWS[row], COLUMNS[column]), TONE_MS, 16_000) + b"\xff" * (RATE * BEHIND_TONE_MS // 1000)


def keys(digits: str) -> bytes:
    """Several keys, one after the other."""
    return b"".join(key(digit) for digit in digits)


@lru_cache(maxsize=4)
def beep(ms: int = 600) -> bytes:
    """The tone after which a voicemail records."""
    return _mixed((1000.0,), ms, 14_000)


@lru_cache(maxsize=1)
def hold_music() -> bytes:
    """A few bars that repeat without a seam."""
    return b"".join(_mixed((note, note * 2.0, note * 1.5), 280, 9_000) for note in TUNE)


@lru_cache(maxsize=1)
def ringing() -> bytes:
    """What a caller hears while it rings elsewhere: two seconds of tone and four of silence."""
    return _mixed((440.0, 480.0), 2000, 8_000) + b"\xff" * (4 * RATE)


def sound(kind: SoundKind, duration_ms: int) -> bytes:
    """A sound of this length."""
    size = duration_ms * RATE // 1000
    match kind:
        case SoundKind.BEEP:
            return beep(duration_ms)
        case SoundKind.COUGH:
            return cough(duration_ms)
        case SoundKind.SILENCE:
            return b"\xff" * size
        case SoundKind.MUSIC | SoundKind.RING:
            bar = hold_music() if kind is SoundKind.MUSIC else ringing()
            return (bar * (size // len(bar) + 1))[:size]

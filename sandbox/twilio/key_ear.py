"""Hears key tones in the audio of a line, as a phone menu does. Pure: frames in, keys out.

Tolerances of a receiver are those of ITU-T Q.24 (https://www.itu.int/rec/T-REC-Q.24); what falls outside is reported too, with what was wrong.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sandbox.twilio.tones import COLUMNS, KEYS, RATE, ROWS
from sandbox.voice import mulaw_decode

HOP = RATE // 100
WINDOW = 2 * HOP
#: A window with less power than this holds no tone that counts (about -40 dBm0).
QUIET_POWER = 150.0**2
#: So much of a window's power must lie round its two peaks.
PURE = 0.85
NEAR_PEAK_HZ = 110
#: And so much of the whole tone's: a vowel that passes for a key, window by window, stays below 0.9; keys with noise 10 dB below them are above 0.99.
PURE_AS_A_WHOLE = 0.93
#: Off by more than this share, a window's peak is no key's; the tone as a whole is held to WITHIN.
ROUGHLY, WITHIN = 0.05, 0.025
SHORTEST_MS = 38  # 40 must be taken, with 2 for measuring; under 24 must not
WEAKEST_DBM, LOUDEST_DBM = -27.0, 1.0  # of each of the two frequencies
#: The higher frequency may be so much stronger or weaker than the lower.
TWIST_DB = (-8.3, 4.3)  # 8 and 4, with a little for measuring
#: An interruption shorter than this does not end a tone.
HOPS_TO_END = 2
FULL_SCALE_DBM, FULL_SCALE = 3.14, 32_124.0
MS_PER_HOP = 10

_FFT = 512
_FREQUENCIES = np.fft.rfftfreq(_FFT, 1 / RATE)
_LOW = np.flatnonzero((_FREQUENCIES >= 620) & (_FREQUENCIES <= 1040))
_HIGH = np.flatnonzero((_FREQUENCIES >= 1130) & (_FREQUENCIES <= 1750))
_HANN = np.hanning(WINDOW)
_FINE = 8192

Samples = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class KeyTone:
    """One tone that was heard.

    Attributes:
        digit: the key it is nearest to.
        at_ms, ms: when it began, on the listener's clock, and how long it lasted.
        gap_ms: since the end of the tone before; 0 for the first.
        level_dbm: of the weaker of its two frequencies.
        wrong: why a receiver must not take it; empty when it is good.
    """

    digit: str
    at_ms: int
    ms: int
    gap_ms: int
    level_dbm: float
    wrong: str = ""


class KeyEar:
    """Listens to one line, 20 ms at a time."""

    def __init__(self) -> None:
        self._rest: Samples = np.zeros(HOP)
        self._now_ms = 0
        self._tone: list[Samples] = []
        self._digit = ""
        self._began_ms = 0
        self._missing = 0
        self._last_end_ms = 0
        self.in_tone = False

    def frame(self, audio: bytes | None) -> list[KeyTone]:
        """Takes 20 ms of μ-law (None is silence); the tones that ended in them."""
        if audio is None and not self._digit:
            self._rest, self.in_tone = np.zeros(HOP), False
            self._now_ms += 2 * MS_PER_HOP
            return []
        samples = np.zeros(WINDOW) if audio is None else mulaw_decode(audio).astype(np.float64)
        ended: list[KeyTone] = []
        self.in_tone = False
        for start in range(0, samples.size, HOP):
            hop = samples[start : start + HOP]
            self._now_ms += MS_PER_HOP
            before, self._rest = self._rest, hop
            digit = nearest_key(np.concatenate([before, hop]))
            self.in_tone = self.in_tone or bool(digit)
            ended += self._follow(digit, before, hop)
        return ended

    def _follow(self, digit: str, before: Samples, hop: Samples) -> list[KeyTone]:
        if self._digit and digit == self._digit:
            self._missing = 0
            self._tone.append(hop)
            return []
        ended: list[KeyTone] = []
        if self._digit:
            self._missing += 1
            self._tone.append(hop)
            if self._missing < HOPS_TO_END and not digit:
                return []
            ended = [self._measured()]
            self._digit = ""
        if digit:
            self._digit, self._missing = digit, 0
            self._began_ms = self._now_ms - 2 * MS_PER_HOP
            self._tone = [before, hop]
        return ended

    def _measured(self) -> KeyTone:
        sound = np.concatenate(self._tone)
        ms, quiet_before_ms = _length(sound)
        began_ms = self._began_ms + quiet_before_ms
        gap_ms = began_ms - self._last_end_ms if self._last_end_ms else 0
        self._last_end_ms = began_ms + ms
        level, wrong = _judge(sound, self._digit)
        if ms < SHORTEST_MS:
            wrong = f"too short: {ms} ms"
        return KeyTone(self._digit, began_ms, ms, gap_ms, round(level, 1), wrong)


def nearest_key(window: Samples) -> str:
    """The key whose tone 20 ms of sound are, or "" when they are something else."""
    power = float(np.mean(window**2))
    if power < QUIET_POWER:
        return ""
    spectrum = np.abs(np.fft.rfft(window * _HANN, _FFT)) ** 2
    low, high = _LOW[np.argmax(spectrum[_LOW])], _HIGH[np.argmax(spectrum[_HIGH])]
    near = (np.abs(_FREQUENCIES - _FREQUENCIES[low]) <= NEAR_PEAK_HZ) | (np.abs(_FREQUENCIES - _FREQUENCIES[high]) <= NEAR_PEAK_HZ)
    # One alone is no key: even a twisted pair has a tenth of the other's power.
    if spectrum[near].sum() < PURE * spectrum.sum() or min(spectrum[low], spectrum[high]) * 60 < max(spectrum[low], spectrum[high]):
        return ""
    row, off_row = _nearest(float(_FREQUENCIES[low]), ROWS)
    column, off_column = _nearest(float(_FREQUENCIES[high]), COLUMNS)
    return KEYS[4 * row + column] if max(off_row, off_column) <= ROUGHLY else ""


def _nearest(frequency: float, among: tuple[int, ...]) -> tuple[int, float]:
    """The place of the nearest nominal frequency, and how far off it is, as a share."""
    distances = [abs(frequency - one) / one for one in among]
    place = min(range(len(among)), key=distances.__getitem__)
    return place, distances[place]


def _length(sound: Samples) -> tuple[int, int]:
    """How long the sound is above half its amplitude, and how long it is not before; in ms."""
    width = RATE // 200
    envelope = np.sqrt(np.convolve(sound**2, np.ones(width) / width, mode="same"))
    loud = np.flatnonzero(envelope >= 0.5 * np.percentile(envelope, 90))
    if not loud.size:
        return 0, 0
    return round((loud[-1] - loud[0] + 1) * 1000 / RATE), round(loud[0] * 1000 / RATE)


def _judge(sound: Samples, digit: str) -> tuple[float, str]:
    """The level of the weaker frequency in dBm0, and what is wrong with the tone."""
    ms, before_ms = _length(sound)
    start = before_ms * RATE // 1000
    core = sound[start : start + max(ms * RATE // 1000, WINDOW)]
    window = np.hanning(core.size)
    spectrum = np.abs(np.fft.rfft(core * window, _FINE)) / (window.sum() / 2)
    row, column = divmod(KEYS.index(digit), 4)
    levels: list[float] = []
    near_peaks = np.zeros(spectrum.size, bool)
    for nominal in (ROWS[row], COLUMNS[column]):
        frequency, amplitude = _peak(spectrum, nominal)
        # The window makes a steady tone this wide.
        near_peaks |= np.abs(np.arange(spectrum.size) * RATE / _FINE - frequency) <= 2.2 * RATE / core.size
        levels.append(FULL_SCALE_DBM + 20 * math.log10(max(amplitude, 1e-6) / FULL_SCALE))
        if abs(frequency - nominal) > WITHIN * nominal:
            return min(levels), f"off frequency: {frequency:.0f} Hz for {nominal}"
    twist = levels[1] - levels[0]
    if not TWIST_DB[0] <= twist <= TWIST_DB[1]:
        return min(levels), f"uneven: the higher frequency is {twist:+.1f} dB"
    if min(levels) < WEAKEST_DBM or max(levels) > LOUDEST_DBM:
        return min(levels), f"level: {min(levels):.0f} to {max(levels):.0f} dBm0"
    if (spectrum[near_peaks] ** 2).sum() < PURE_AS_A_WHOLE * (spectrum**2).sum():
        return min(levels), "not two steady tones"
    return min(levels), ""


def _peak(spectrum: Samples, nominal: int) -> tuple[float, float]:
    """Frequency and amplitude of the strongest part round a nominal frequency."""
    per_hz = _FINE / RATE
    first, last = int((nominal * (1 - ROUGHLY)) * per_hz), int((nominal * (1 + ROUGHLY)) * per_hz) + 1
    place = first + int(np.argmax(spectrum[first : last + 1]))
    return place / per_hz, float(spectrum[place])

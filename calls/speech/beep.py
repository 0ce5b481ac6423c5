"""The beep of an answering machine: one steady, pure tone of 200 ms to 2 s with silence behind it. Told from speech, music, key tones and ringing.

Each 20 ms of sound is judged by its spectrum: a beep has nearly all its energy round one frequency, which does not move, at a level that does not
move either. Ringing of North America beats (440 + 480 Hz), that of Europe is one long tone near 425 Hz; announcement tones (SIT) come in threes.
"""

from __future__ import annotations

from math import log10

import numpy as np
import numpy.typing as npt

from calls.speech.mulaw import Samples

FRAME, RATE = 160, 8000
FRAME_MS = 20
LOWEST_HZ, HIGHEST_HZ = 400, 2_200
SHORTEST_MS, LONGEST_MS = 200, 2_000
#: Ringing and dial tones of most countries outside North America, when they last longer than this.
RINGING_HZ, RINGING_MS = (400, 460), 600
#: Share of the energy round the peak; how far frequency and level may move; the least level; how much silence is below the tone.
PURE, STEADY_HZ, STEADY_DB, LEAST_DB, SILENCE_DB = 0.96, 30.0, 2.5, -42.0, 12.0
#: A pure tone has at least this share of its energy in one of the 50 Hz bins, whatever its frequency.
PEAK = 0.4
#: So much silence ends a beep for sure.
SILENT_MS = 60
_HANN = np.hanning(FRAME).astype(np.float32)
_FULL_SCALE_DB = 20 * float(np.log10(32_768.0 * FRAME / 4))


class BeepDetector:
    """Follows one line, some frames at a time."""

    def __init__(self) -> None:
        self._hz = self._db = 0.0
        self._tone_ms = self._silent_ms = 0
        self._edge = False  # the tone's last frame, which is only partly tone, went by
        self._spoiled = False  # another tone came straight before: a melody, or an announcement's

    def take(self, samples: Samples) -> bool:
        """Takes whole frames of 20 ms; True when a beep has ended in them, up to 60 ms ago."""
        frames = samples.reshape(-1, FRAME).astype(np.float32)
        power = np.abs(np.fft.rfft(frames * _HANN, axis=1))
        power *= power
        totals, tops = power.sum(axis=1), power[:, 2:-2].max(axis=1)
        if not self._tone_ms and not (tops > PEAK * totals).any():
            self._spoiled = False
            return False
        beeped = False
        for row, total in zip(power, totals.tolist(), strict=True):
            beeped = self._step(row, total) or beeped
        return beeped

    def _step(self, power: npt.NDArray[np.float32], total: float) -> bool:
        peak = int(power[2:-2].argmax()) + 2
        low, below, top, above, high = power[peak - 2 : peak + 3].tolist()
        around = low + below + top + above + high
        level_db = 10 * log10(total + 1.0) - _FULL_SCALE_DB
        if around >= PURE * total and level_db >= LEAST_DB:
            self._tone((peak + (above - below + 2 * (high - low)) / around) * RATE / FRAME, level_db)
            return False
        if not self._tone_ms:
            self._spoiled = False
        elif level_db <= self._db - SILENCE_DB:
            return self._silence()
        elif self._edge or self._silent_ms or level_db > self._db + 1.0:
            self._forget()  # it went over into something else
        else:
            self._edge = True
        return False

    def _tone(self, hz: float, level_db: float) -> None:
        same = self._tone_ms and not self._silent_ms and not self._edge and abs(hz - self._hz) <= STEADY_HZ
        if same and (abs(level_db - self._db) <= STEADY_DB or self._tone_ms == FRAME_MS):
            self._db = max(level_db, self._db)  # the first frame may be only partly tone
            self._tone_ms += FRAME_MS
        else:
            self._spoiled = self._tone_ms >= 3 * FRAME_MS
            self._hz, self._db, self._tone_ms, self._silent_ms, self._edge = hz, level_db, FRAME_MS, 0, False

    def _silence(self) -> bool:
        self._silent_ms += FRAME_MS
        if self._silent_ms < SILENT_MS:
            return False
        ringing = RINGING_HZ[0] <= self._hz <= RINGING_HZ[1] and self._tone_ms > RINGING_MS
        beep = SHORTEST_MS - FRAME_MS <= self._tone_ms <= LONGEST_MS and LOWEST_HZ <= self._hz <= HIGHEST_HZ and not ringing and not self._spoiled
        self._forget()
        return beep

    def _forget(self) -> None:
        self._tone_ms = self._silent_ms = 0
        self._edge = self._spoiled = False

"""Voice activity, the cheap gate: loud enough above the line's own noise, and voice-like for WebRTC's detector.

The noise floor is the least level of the last seconds (after Martin, "Noise power spectral density estimation based on optimal smoothing and
minimum statistics", 2001, without the spectrum): people breathe, noise does not. A stretch is opened by a clear rise and held by a small one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import webrtcvad

from calls.speech import mulaw
from calls.speech.voicing import periodicity

#: A voice stands out of the noise by this much to open the gate and to hold it, and never counts below the least level.
OPENS_DB, HOLDS_DB, LEAST_DB = 7.0, 3.0, -48.0
#: Frames without a clear rise after which the gate must be opened again.
HOLDS_FRAMES = 8
#: The floor: minima of blocks of so many frames, over so many blocks; the minimum lies below the mean of the noise.
BLOCK_FRAMES, BLOCKS, BIAS_DB = 25, 4, 2.0
SMOOTHING = 0.4
LOWEST_FLOOR_DB, HIGHEST_FLOOR_DB = -80.0, -24.0


class VoiceGate:
    """Judges 20 ms frames of one call. Keeps the line's noise floor; holds nothing else."""

    def __init__(self, is_voice: Callable[[bytes, int], bool] | None = None) -> None:
        self._is_voice: Callable[[bytes, int], bool] = is_voice or webrtcvad.Vad(2).is_speech
        self._minima: deque[float] = deque([-60.0], maxlen=BLOCKS)
        self._least_db = 0.0
        self._block_frames = 0
        self._smooth_db = -60.0
        self._unclear_frames = HOLDS_FRAMES + 1
        self._before = self._latest = b""
        self.noise_db = -60.0
        self.level_db = -100.0

    def probability(self, frame: bytes) -> float:
        """How likely a frame of `mulaw.FRAME_BYTES` holds a voice, 0 to 1. Its level is in `level_db` afterwards."""
        self._before, self._latest = self._latest, frame
        self.level_db = level = mulaw.level_db(frame)
        self._follow_noise(level)
        above = level - self.noise_db
        if level < LEAST_DB or above < (HOLDS_DB if self._unclear_frames <= HOLDS_FRAMES else OPENS_DB):
            self._unclear_frames += 1
            return 0.0
        if not self._is_voice(mulaw.decode(frame).tobytes(), 8000):
            self._unclear_frames += 1
            return 0.2
        self._unclear_frames = 0 if above >= OPENS_DB else self._unclear_frames + 1
        return 0.9

    def periodicity(self) -> float:
        """How strongly the latest frame is voiced, see `voicing.periodicity`."""
        return periodicity(mulaw.decode(self._before + self._latest))

    def _follow_noise(self, level: float) -> None:
        self._smooth_db += SMOOTHING * (level - self._smooth_db)
        if self._smooth_db < self._least_db:
            self._least_db = self._smooth_db
            self._set_floor()
        self._block_frames += 1
        if self._block_frames == BLOCK_FRAMES:
            self._minima.append(self._least_db)
            self._least_db, self._block_frames = 0.0, 0
            self._set_floor()

    def _set_floor(self) -> None:
        floor = min(self._least_db, *self._minima) + BIAS_DB
        self.noise_db = min(HIGHEST_FLOOR_DB, max(LOWEST_FLOOR_DB, floor))

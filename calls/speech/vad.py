"""Voice activity, the cheap gate: loud enough above the line's own noise, and voice-like for WebRTC's detector."""

from __future__ import annotations

from collections.abc import Callable

import webrtcvad

from calls.speech import mulaw

#: A frame must stand out of the noise by this much, and never counts below the least level.
ABOVE_NOISE_DB, LEAST_DB = 9.0, -48.0
#: The noise floor follows a quieter frame fast and a louder one slowly (dB a frame).
FALL, RISE_DB = 0.3, 0.03
HIGHEST_FLOOR_DB = -32.0


class VoiceGate:
    """Judges 20 ms frames of one call. Keeps the line's noise floor; holds nothing else."""

    def __init__(self, is_voice: Callable[[bytes, int], bool] | None = None) -> None:
        self._is_voice: Callable[[bytes, int], bool] = is_voice or webrtcvad.Vad(2).is_speech
        self.noise_db = -60.0
        self.level_db = -100.0

    def probability(self, frame: bytes) -> float:
        """How likely a frame of `mulaw.FRAME_BYTES` holds a voice, 0 to 1. Its level is in `level_db` afterwards."""
        samples = mulaw.decode(frame)
        self.level_db = level = mulaw.level_db(samples)
        loud = level >= max(LEAST_DB, self.noise_db + ABOVE_NOISE_DB)
        step = FALL * (level - self.noise_db) if level < self.noise_db else RISE_DB
        self.noise_db = min(HIGHEST_FLOOR_DB, max(-80.0, self.noise_db + step))
        if not loud:
            return 0.0
        return 0.9 if self._is_voice(samples.tobytes(), 8000) else 0.2

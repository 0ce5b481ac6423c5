"""How the voice goes before a pause: a fall gives the turn away, a rise asks, and a pitch that is held means that more will come
(Gravano and Hirschberg, "Turn-taking cues in task-oriented dialogue", 2011).

Frames are only kept; pitch is worked out once a pause, from the last second and a half, in about a millisecond.
"""

from __future__ import annotations

from collections import deque
from enum import StrEnum

import numpy as np

from calls.speech.mulaw import decode
from calls.speech.voicing import pitch

KEPT_FRAMES = 75
#: Only frames that are this periodic, and not this much weaker than the loudest, have a pitch worth knowing.
CLEARLY_VOICED, BELOW_LOUDEST_DB = 0.7, 18.0
#: The last frames of a voice are its ending; so many are needed in all to know what is usual.
ENDING_FRAMES, LEAST_FRAMES = 3, 6
#: The rest is looked at every so many frames.
STRIDE = 2
#: In semitones from the middle of what was said.
FALL, RISE = -2.0, 2.5


class Melody(StrEnum):
    """How a voice ended."""

    UNKNOWN = "unknown"
    FALLS = "falls"
    HELD = "held"
    RISES = "rises"


class Voice:
    """Keeps the last sounds of the callee."""

    def __init__(self) -> None:
        self._frames: deque[tuple[bytes, float]] = deque(maxlen=KEPT_FRAMES)

    def take(self, frame: bytes, level_db: float) -> None:
        """20 ms of μ-law and their level."""
        self._frames.append((frame, level_db))

    def ending(self) -> Melody:
        """How the voice that fell silent just now ended."""
        pitches = self._pitches()
        if len(pitches) < LEAST_FRAMES:
            return Melody.UNKNOWN
        ending = float(np.median(pitches[:ENDING_FRAMES]))
        semitones = 12 * float(np.log2(ending / np.median(pitches)))
        if semitones <= FALL:
            return Melody.FALLS
        return Melody.RISES if semitones >= RISE else Melody.HELD

    def _pitches(self) -> list[float]:
        """Latest first, in Hz."""
        frames = list(self._frames)
        loudest = max((level for _, level in frames), default=-100.0)
        found: list[float] = []
        index = len(frames) - 1
        while index > 0:
            frame, level = frames[index]
            if level >= loudest - BELOW_LOUDEST_DB:
                strength, hertz = pitch(decode(frames[index - 1][0] + frame))
                if strength >= CLEARLY_VOICED:
                    found.append(hertz)
            index -= 1 if len(found) < ENDING_FRAMES else STRIDE
        return found

"""Hold music told from speech: it has tones, and none of the silences between syllables. Pure.

Speech is silent, or nearly so, in a sixth to a half of any second and a half (syllables come at 3 to 8 Hz); music hardly ever, and noise has no
tones. A tone that does not change is a ringing or busy line. What a recogniser makes words of is no music.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from calls.speech.mulaw import Samples

BLOCK = 800
BLOCK_MS = 100
#: Blocks that decide: at first, and when there was music a while ago; how long a while is; and how often it is decided.
WINDOW, WINDOW_AGAIN, AGAIN_MS, EVERY = 15, 9, 60_000, 3
#: How often in a row the decision must be the same.
TWICE = 2
#: Words keep music off for so long.
WORDS_MS = 1_500
#: Music on hold is meant to be heard; what is softer is a room behind somebody, or the street.
LEAST_DB = -40.0
#: A frame so far below the loud ones is a gap; the share of gaps and the spread of levels that music stays under.
GAP_DB, MOST_GAPS, MOST_SPREAD_DB = 12.0, 0.08, 4.3
#: Share of the energy in the strongest bins that makes tones; the likeness of neighbouring blocks from which nothing changes.
TOP_BINS, TONAL, UNCHANGED = 24, 0.5, 0.97
_FIRST_BIN, _LAST_BIN = 15, 300  # 150 to 3000 Hz
_HANN = np.hanning(BLOCK).astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Block:
    """100 ms of sound, measured."""

    levels: npt.NDArray[np.float32]  # dB of its five frames
    tonal: float
    likeness: float  # to the block before


class MusicDetector:
    """Follows one line, 100 ms at a time."""

    def __init__(self) -> None:
        self.on = False
        self._blocks: deque[_Block] = deque(maxlen=WINDOW)
        self._before: npt.NDArray[np.float32] | None = None
        self._count = self._same = 0
        self._last_music_ms = -AGAIN_MS
        self._words_ms = -WORDS_MS

    def words(self, now_ms: int) -> bool:
        """Words were recognised: whatever it is, somebody speaks. True when that ends the music."""
        self._words_ms, was_on, self.on = now_ms, self.on, False
        self._blocks.clear()
        self._same = 0
        return was_on

    def take(self, samples: Samples, now_ms: int) -> bool:
        """Takes a block of 800 samples; True when `on` changed."""
        self._blocks.append(self._measure(samples))
        self._count += 1
        if self._count % EVERY:
            return False
        music = self._is_music(now_ms)
        if music:
            self._last_music_ms = now_ms
        self._same = self._same + 1 if music != self.on else 0
        if self._same < TWICE:
            return False
        self.on, self._same = music, 0
        return True

    def _measure(self, samples: Samples) -> _Block:
        wide = samples.astype(np.float32)
        frames = wide.reshape(5, -1)
        levels = 10 * np.log10(np.einsum("ij,ij->i", frames, frames) / frames.shape[1] + 1.0) - 90.309
        if levels.max() < LEAST_DB:
            self._before = None
            return _Block(levels, 0.0, 0.0)
        magnitude = np.abs(np.fft.rfft(wide * _HANN)[_FIRST_BIN:_LAST_BIN])
        power = magnitude * magnitude
        total = float(power.sum()) + 1e-3
        tonal = float(np.partition(power, -TOP_BINS)[-TOP_BINS:].sum()) / total
        shape = magnitude / np.sqrt(total)
        likeness = float(shape @ self._before) if self._before is not None else 0.0
        self._before = shape
        return _Block(levels, tonal, likeness)

    def _is_music(self, now_ms: int) -> bool:
        window = WINDOW_AGAIN if now_ms - self._last_music_ms < AGAIN_MS else WINDOW
        blocks = list(self._blocks)[-window:]
        if len(blocks) < window or now_ms - self._words_ms < WORDS_MS // (1 if window == WINDOW else 2):
            return False
        levels = np.concatenate([block.levels for block in blocks])
        loud = float(np.sort(levels)[-(len(levels) // 10) - 1])
        if loud < LEAST_DB:
            return False
        gaps = float(np.mean(levels < loud - GAP_DB))
        spread = float(np.std(np.maximum(levels, loud - 25)))
        tonal = sum(block.tonal for block in blocks) / window
        changes = min(block.likeness for block in blocks[1:]) < UNCHANGED
        return gaps <= MOST_GAPS and spread <= MOST_SPREAD_DB and tonal >= TONAL and changes

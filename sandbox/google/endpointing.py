"""Finds utterances in a stream of samples by their loudness. Pure; time is the number of samples taken."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from sandbox.voice import Samples

BLOCK_MS = 20
LOUD = 350.0  # root mean square
#: On a noisy line a voice is so much louder than what is heard without it.
LOUD_OVER_FLOOR = 2.2
FLOOR_RISES = 1.002  # a block
MOST_FLOOR = 800.0  # what is louder is a voice, or hopeless
FLOOR_SHARE = 0.5
SMOOTHED_MS = 80
FLOOR_OVER_MS = 400
BEGINS_AFTER_MS = 60
ENDS_AFTER_MS = 400
LEAD_IN_MS = 240
LONGEST_MS = 20_000


@dataclass(frozen=True, slots=True)
class Began:
    """Somebody speaks since `at_ms`."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """Sound of the utterance, lead-in and pauses included."""

    sound: Samples


@dataclass(frozen=True, slots=True)
class Ended:
    """The utterance is over; its last sound was at `at_ms`."""

    at_ms: int


Segment = Began | Spoken | Ended


class Endpointer:
    """Cuts one stream of samples.

    Args:
        sample_rate: in Hz.
    """

    def __init__(self, sample_rate: int) -> None:
        self._block = sample_rate * BLOCK_MS // 1000
        self._rest: Samples = np.zeros(0, np.int16)
        self._lead_in: deque[Samples] = deque(maxlen=LEAD_IN_MS // BLOCK_MS)
        self._loud_ms = 0
        self._last_loud_ms = 0
        self._began_ms = 0
        self._powers: deque[float] = deque(maxlen=FLOOR_OVER_MS // BLOCK_MS)
        self._floor = float("inf")
        self.speaking = False
        self.now_ms = 0

    def take(self, samples: Samples) -> list[Segment]:
        """What these samples bring, in order."""
        samples = np.concatenate([self._rest, samples])
        whole = samples.size // self._block * self._block
        self._rest = samples[whole:]
        found: list[Segment] = []
        spoken: list[Samples] = []
        for block in samples[:whole].reshape(-1, self._block):
            self._take_block(block, found, spoken)
        _pour(spoken, found)
        return found

    def end(self) -> list[Segment]:
        """The stream is over, and with it what was being said."""
        if not self.speaking:
            return []
        self.speaking = False
        return [*([Spoken(self._rest)] if self._rest.size else []), Ended(self._last_loud_ms)]

    def _take_block(self, block: Samples, found: list[Segment], spoken: list[Samples]) -> None:
        self.now_ms += BLOCK_MS
        loud = self._is_loud(float(np.mean(block.astype(np.float32) ** 2)))
        self._loud_ms = self._loud_ms + BLOCK_MS if loud else 0
        if loud:
            self._last_loud_ms = self.now_ms
        if not self.speaking:
            self._lead_in.append(block)
            if self._loud_ms >= BEGINS_AFTER_MS:
                self.speaking, self._began_ms = True, self.now_ms - self._loud_ms
                found.append(Began(self._began_ms))
                spoken.extend(self._lead_in)
                self._lead_in.clear()
            return
        spoken.append(block)
        if self.now_ms - self._last_loud_ms >= ENDS_AFTER_MS or self.now_ms - self._began_ms >= LONGEST_MS:
            self.speaking, self._loud_ms = False, 0
            _pour(spoken, found)
            found.append(Ended(self._last_loud_ms))

    def _is_loud(self, power: float) -> bool:
        """Whether a block holds a voice: it is loud, also against the least that was heard lately."""
        self._powers.append(power)
        steady = float(np.mean(list(self._powers)[-SMOOTHED_MS // BLOCK_MS :]))
        if len(self._powers) * BLOCK_MS >= FLOOR_OVER_MS:
            self._floor = min(max(steady, FLOOR_SHARE * float(np.mean(self._powers))), self._floor * FLOOR_RISES**2 + 1.0)
        threshold = max(LOUD**2, LOUD_OVER_FLOOR**2 * self._floor if self._floor < MOST_FLOOR**2 else 0.0)
        # Noise has peaks of its own, so over noise it is the mean of some blocks that counts.
        return power >= LOUD**2 and (threshold == LOUD**2 or steady >= threshold)


def _pour(spoken: list[Samples], found: list[Segment]) -> None:
    if spoken:
        found.append(Spoken(np.concatenate(spoken)))
        spoken.clear()

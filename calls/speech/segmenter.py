"""Stretches of speech out of frame-wise probabilities. Knows nothing of audio; durations and times are arguments."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """A voice began at `at_ms`."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """The voice fell silent at `at_ms`, after `voiced_ms` of voice."""

    at_ms: int
    voiced_ms: int


class Segmenter:
    """Finds where speech begins and ends.

    Args:
        start_ms: so much voice, net of gaps, begins a stretch; a click does not.
        stop_ms: so much silence ends it; the gaps between syllables do not.
        threshold: probability from which a frame is voice.
    """

    def __init__(self, *, start_ms: int = 60, stop_ms: int = 200, threshold: float = 0.5) -> None:
        self._start_ms, self._stop_ms, self._threshold = start_ms, stop_ms, threshold
        self._score_ms = self._silence_ms = 0
        self._first_ms = 0
        self.speaking = False
        self.voiced_ms = 0
        self.last_voice_ms = 0

    def step(self, probability: float, duration_ms: int, now_ms: int) -> SpeechBegan | SpeechEnded | None:
        """Takes a frame that ended at `now_ms`."""
        voiced = probability >= self._threshold
        if voiced:
            self.last_voice_ms = now_ms
            self._silence_ms = 0
        else:
            self._silence_ms += duration_ms
        return self._inside(voiced, duration_ms) if self.speaking else self._outside(voiced, duration_ms, now_ms)

    def _outside(self, voiced: bool, duration_ms: int, now_ms: int) -> SpeechBegan | None:
        if not voiced:
            self._score_ms = max(0, self._score_ms - duration_ms)
            return None
        if self._score_ms == 0:
            self._first_ms = now_ms - duration_ms
        self._score_ms += duration_ms
        if self._score_ms < self._start_ms:
            return None
        self.speaking, self.voiced_ms, self._score_ms = True, self._score_ms, 0
        return SpeechBegan(self._first_ms)

    def _inside(self, voiced: bool, duration_ms: int) -> SpeechEnded | None:
        if voiced:
            self.voiced_ms += duration_ms
        if self._silence_ms < self._stop_ms:
            return None
        self.speaking = False
        return SpeechEnded(self.last_voice_ms, self.voiced_ms)

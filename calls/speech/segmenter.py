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
        lone_gap_ms: after so much silence inside a stretch a single frame of voice is a click, and only a second one carries the stretch on.
    """

    def __init__(self, *, start_ms: int = 60, stop_ms: int = 200, threshold: float = 0.5, lone_gap_ms: int = 60) -> None:
        self._start_ms, self._stop_ms, self._threshold, self._lone_gap_ms = start_ms, stop_ms, threshold, lone_gap_ms
        self._score_ms = self._silence_ms = 0
        self._first_ms = 0
        self._was_voiced = False
        self.speaking = False
        self.voiced_ms = 0
        self.last_voice_ms = 0

    @property
    def undecided(self) -> bool:
        """Whether a voice may just be beginning."""
        return self._was_voiced

    def step(self, probability: float, duration_ms: int, now_ms: int) -> SpeechBegan | SpeechEnded | None:
        """Takes a frame that ended at `now_ms`."""
        voiced = probability >= self._threshold
        step = self._inside(voiced, duration_ms, now_ms) if self.speaking else self._outside(voiced, duration_ms, now_ms)
        self._was_voiced = voiced
        return step

    def _outside(self, voiced: bool, duration_ms: int, now_ms: int) -> SpeechBegan | None:
        if not voiced:
            self._score_ms = max(0, self._score_ms - duration_ms)
            return None
        if self._score_ms == 0:
            self._first_ms = now_ms - duration_ms
        self._score_ms += duration_ms
        if self._score_ms < self._start_ms:
            return None
        self.speaking, self.voiced_ms, self.last_voice_ms = True, self._score_ms, now_ms
        self._score_ms = self._silence_ms = 0
        return SpeechBegan(self._first_ms)

    def _inside(self, voiced: bool, duration_ms: int, now_ms: int) -> SpeechEnded | None:
        if voiced:
            self.voiced_ms += duration_ms
            if self._was_voiced or self._silence_ms < self._lone_gap_ms:
                self.last_voice_ms, self._silence_ms = now_ms, 0
                return None
        self._silence_ms += duration_ms
        if self._silence_ms < self._stop_ms:
            return None
        self.speaking = False
        return SpeechEnded(self.last_voice_ms, self.voiced_ms)

"""The words of one utterance out of a recogniser's results: finals add up, interims replace each other, late ones are not counted twice."""

from __future__ import annotations

from calls.speech.phrases import words_of

#: A result whose audio ends this long after what was already taken is about something new.
NEW_AUDIO_MS = 300


class HeardWords:
    """Collects results until the turn taker takes the words as an utterance."""

    def __init__(self) -> None:
        self._finals: list[str] = []
        self._interim = ""
        self._confidences: list[float] = []
        self._taken: list[str] = []  # words of an unfinished result that were taken already
        self._taken_until_ms = 0
        self._voice_since_taken = False
        self.stability = 0.0
        self.changed_ms = 0

    @property
    def text(self) -> str:
        """All words so far."""
        return " ".join([*self._finals, self._interim] if self._interim else self._finals)

    @property
    def has_interim(self) -> bool:
        """Whether part of the words may still change."""
        return bool(self._interim)

    @property
    def confidence(self) -> float:
        """The least confidence of the parts; 1 where the recogniser gives none, 0 without words."""
        if not self.text:
            return 0.0
        known = [value for value in self._confidences if value > 0]
        return min(known) if known else 1.0

    def result(self, text: str, *, is_final: bool, stability: float, confidence: float, end_ms: int, now_ms: int) -> None:
        """Takes a result."""
        before = self.text
        text = self._without_taken(" ".join(text.split()), end_ms)
        if is_final:
            self._interim, self._taken = "", []
            if text:
                self._finals.append(text)
                self._confidences.append(confidence)
        elif text or not self._taken:
            self._interim, self.stability = text, stability
        if self.text != before:
            self.changed_ms = now_ms

    def voice_again(self) -> None:
        """A voice began: results may be about it, and not about what was taken."""
        self._voice_since_taken = True

    def take(self, audio_ms: int) -> None:
        """The words were taken as an utterance; the rest of an unfinished result is remembered, so that its final is not counted again."""
        if self._interim:
            self._taken = [*self._taken, *self._interim.split()]
        self._taken_until_ms = audio_ms
        self._voice_since_taken = False
        self.forget()

    def forget(self) -> None:
        """Drops the words so far."""
        self._finals, self._interim, self._confidences, self.stability = [], "", [], 0.0

    def settle(self) -> None:
        """No final will come for the interim: it counts as it stands."""
        if self._interim:
            self._finals.append(self._interim)
            self._confidences.append(0.0)
        self._interim, self._taken = "", []

    def _without_taken(self, text: str, end_ms: int) -> str:
        """What a result adds to the words that were taken from its earlier interim."""
        if not self._taken:
            return text
        words = text.split()
        if self._voice_since_taken and self._is_about_something_new(words, end_ms):
            self._taken = []  # the recogniser began anew without a final
            return text
        return " ".join(words[len(self._taken) :])

    def _is_about_something_new(self, words: list[str], end_ms: int) -> bool:
        """Whether a result is not about the taken words: it is unlike them, or shorter and about later audio."""
        taken, same = [words_of(word) for word in self._taken], [words_of(word) for word in words]
        if same[: len(taken)] == taken:
            return False
        if len(words) <= len(taken) and end_ms > self._taken_until_ms + NEW_AUDIO_MS:
            return True
        return 2 * sum(word in same[: len(taken) + 1] for word in taken) < len(taken)

"""Turns of a callee whom the carrier hears for us: its prompts become the events that a turn taker makes of sound."""

from __future__ import annotations

from calls.conversation.events import CalleeInterrupted, CalleePaused, CalleeSaid, CalleeSaying, CalleeStarted

HeardEvent = CalleeStarted | CalleeSaying | CalleePaused | CalleeSaid | CalleeInterrupted

#: Words that have not changed for so long may be all: an answer can be thought of ahead. The carrier repeats them every 200 to 300 ms.
STEADY_MS = 350
#: A voice that fell silent so long ago without a word in it was a noise.
NO_WORDS_MS = 2_500


class RelayTurns:
    """Follows one callee's utterances."""

    def __init__(self) -> None:
        self._text = ""
        self._began_ms: int | None = None  # the utterance, or a voice without words
        self._voice = False
        self._silent_ms: int | None = None
        self._changed_ms = 0
        self._paused = False

    @property
    def waiting(self) -> bool:
        """Whether time alone may make something happen."""
        return self._began_ms is not None

    def speaking(self, on: bool, now_ms: int) -> list[HeardEvent]:
        """The callee's voice began or fell silent."""
        self._voice = on
        if on:
            self._silent_ms = None
            if self._began_ms is not None:
                return []
            self._begin(now_ms)
            return [CalleeStarted()]
        if self._began_ms is None:
            return []
        self._silent_ms = now_ms
        return self._pause()

    def words(self, text: str, now_ms: int, *, last: bool) -> list[HeardEvent]:
        """What was recognised of the utterance so far; all of it when `last`."""
        start_ms = self._begin(now_ms)
        if last:
            end_ms = now_ms if self._silent_ms is None else self._silent_ms
            self._over()
            return [CalleeSaid(text, start_ms, max(start_ms, end_ms))]
        if text == self._text:
            return []
        self._text, self._changed_ms, self._paused = text, now_ms, False
        return [CalleeSaying(text, start_ms)]

    def interrupted(self, now_ms: int) -> list[HeardEvent]:
        """The callee spoke over our words, and the carrier dropped them."""
        self._begin(now_ms)
        return [CalleeInterrupted()]

    def keyed(self) -> None:
        """The callee pressed a key: what was heard just before was no utterance, unless there are words."""
        if not self._text:
            self._over()

    def tick(self, now_ms: int) -> list[HeardEvent]:
        """Time passed."""
        if self._began_ms is None:
            return []
        if self._text:
            return self._pause() if now_ms >= self._changed_ms + STEADY_MS else []
        silent_since = self._silent_ms if self._silent_ms is not None else self._changed_ms
        if self._voice or now_ms < silent_since + NO_WORDS_MS:
            return []
        start_ms = self._began_ms
        self._over()
        return [CalleeSaid("", start_ms, max(start_ms, silent_since))]

    def _begin(self, now_ms: int) -> int:
        if self._began_ms is None:
            self._began_ms = self._changed_ms = now_ms
        return self._began_ms

    def _pause(self) -> list[HeardEvent]:
        if self._paused or not self._text or self._began_ms is None:
            return []
        self._paused = True
        return [CalleePaused(self._text, self._began_ms)]

    def _over(self) -> None:
        self._text, self._began_ms, self._silent_ms, self._paused = "", None, None, False

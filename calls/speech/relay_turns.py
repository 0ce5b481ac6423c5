"""Turns of a callee whom the carrier hears for us: its prompts become the events that a turn taker makes of sound.

The carrier ends an utterance after a silence that is always the same. Words that clearly go on ("we have", a number in the middle) are kept back for
as long as they ask for (`endpointing`), and what is said by then belongs to them.
"""

from __future__ import annotations

from dataclasses import dataclass

from calls.conversation.events import CalleeInterrupted, CalleePaused, CalleeSaid, CalleeSaying, CalleeStarted
from calls.speech.endpointing import Endpointing

HeardEvent = CalleeStarted | CalleeSaying | CalleePaused | CalleeSaid | CalleeInterrupted

#: Words that have not changed for so long may be all: an answer can be thought of ahead. The carrier repeats them every 200 to 300 ms.
STEADY_MS = 350
#: A voice that fell silent so long ago without a word in it was a noise.
NO_WORDS_MS = 2_500
#: A voice behind words that were kept back, but without words itself for so long, may be anything: what was kept counts.
NO_REST_MS = 3_000


@dataclass(frozen=True, slots=True)
class _Unfinished:
    text: str
    start_ms: int
    end_ms: int


class RelayTurns:
    """Follows one callee's utterances."""

    def __init__(self) -> None:
        self._kept: _Unfinished | None = None
        self._endpointing = Endpointing()
        self._text = ""
        self._began_ms: int | None = None  # the utterance, or a voice without words
        self._voice = False
        self._silent_ms: int | None = None
        self._changed_ms = 0
        self._paused = False

    @property
    def waiting(self) -> bool:
        """Whether time alone may make something happen."""
        return self._began_ms is not None or self._kept is not None

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
            end_ms = self._ended_ms(text, now_ms)
            self._over()
            return self._whole(text, start_ms, max(start_ms, end_ms), now_ms)
        if text == self._text:
            return []
        self._text, self._changed_ms, self._paused = text, now_ms, False
        return [CalleeSaying(*self._so_far(text, start_ms))]

    def flush(self) -> list[HeardEvent]:
        """They cannot go on: what was kept back counts."""
        kept, self._kept = self._kept, None
        self._endpointing.ended()
        return [] if kept is None else [CalleeSaid(kept.text, kept.start_ms, kept.end_ms)]

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
            return self._let_go(now_ms)
        if self._text:
            return self._pause() if now_ms >= self._changed_ms + STEADY_MS else []
        if self._kept is not None and now_ms >= self._began_ms + NO_REST_MS:
            return [*self.flush(), CalleeStarted()]
        silent_since = self._silent_ms if self._silent_ms is not None else self._changed_ms
        if self._voice or now_ms < silent_since + NO_WORDS_MS:
            return []
        start_ms = self._began_ms
        self._over()
        return self.flush() or [CalleeSaid("", start_ms, max(start_ms, silent_since))]

    def _ended_ms(self, text: str, now_ms: int) -> int:
        """When they fell silent, so that the silence that the carrier itself waited for is not waited for again.

        Without its word on that: when the last of their words came, unless it still hears a voice.
        """
        if self._silent_ms is not None:
            return self._silent_ms
        return self._changed_ms if self._text and text.strip() == self._text.strip() and not self._voice else now_ms

    def _whole(self, text: str, start_ms: int, end_ms: int, now_ms: int) -> list[HeardEvent]:
        """An utterance as the carrier takes it; kept back where its words clearly go on."""
        before = self._kept
        if before is not None and text.strip():
            self._endpointing.went_on(before.text, max(0, start_ms - before.end_ms))
        self._kept = _Unfinished(*self._so_far(text, start_ms), end_ms)
        if not self._kept.text.strip() or self._endpointing.pause_ms(self._kept.text) is not None:
            return self.flush()
        return self._let_go(now_ms) or [CalleeSaying(self._kept.text, self._kept.start_ms)]

    def _let_go(self, now_ms: int) -> list[HeardEvent]:
        """What was kept back, once they have not gone on for as long as it asks for."""
        kept = self._kept
        return [] if kept is None or now_ms < kept.end_ms + self._endpointing.wait_ms(kept.text) else self.flush()

    def _so_far(self, text: str, start_ms: int) -> tuple[str, int]:
        """Words together with what was kept back before them, and when that began."""
        kept = self._kept
        return (text, start_ms) if kept is None else (f"{kept.text.strip()} {text.strip()}".strip(), kept.start_ms)

    def _begin(self, now_ms: int) -> int:
        if self._began_ms is None:
            self._began_ms = self._changed_ms = now_ms
        return self._began_ms

    def _pause(self) -> list[HeardEvent]:
        if self._paused or not self._text or self._began_ms is None:
            return []
        self._paused = True
        return [CalleePaused(*self._so_far(self._text, self._began_ms))]

    def _over(self) -> None:
        self._text, self._began_ms, self._silent_ms, self._paused = "", None, None, False

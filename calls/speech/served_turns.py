"""Turns that a service detects: what it tells of voices and words becomes the conversation's events. Pure.

The service goes by silence, always the same. Who reads out a name letter by letter, or stops at "and", has not finished: what was understood is kept
back for as long as its words ask for (`endpointing`), and what is said by then belongs to it.

How to drive it: `began`, `ended`, `words` and `understood` as the service tells them, `tick` every 20 to 100 ms. Moments are ms on the call's clock.
Every CalleeSaying and CalleeInterrupted is followed by one CalleeSaid, whatever the service leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass

from calls.conversation.events import CalleeInterrupted, CalleeSaid, CalleeSaying, CalleeStarted
from calls.speech.endpointing import Endpointing

ServedEvent = CalleeStarted | CalleeSaying | CalleeSaid | CalleeInterrupted

#: Words that did not come so long after the voice fell silent do not come any more.
NO_WORDS_MS = 3_000
#: A voice that never falls silent is noise; the words that came count.
LONGEST_MS = 60_000
#: Less voice than this without words was a noise.
LEAST_VOICE_MS = 600
#: A voice behind what was understood that has no words for so long may be anything: what was understood counts.
NO_REST_MS = 3_000


@dataclass(slots=True)
class _Utterance:
    start_ms: int
    end_ms: int | None = None
    text: str = ""
    interrupted: bool = False  # or told as being said: a CalleeSaid must follow


class ServedTurns:
    """Follows the utterances of one callee; the next may begin before the words of the last are there."""

    def __init__(self) -> None:
        self._open: dict[str, _Utterance] = {}
        self._kept: _Utterance | None = None  # was understood; perhaps they go on
        self._endpointing = Endpointing()
        self._voice = False

    @property
    def speaking(self) -> bool:
        """Whether there is a voice on the line."""
        return any(utterance.end_ms is None for utterance in self._open.values())

    def began(self, name: str, at_ms: int, *, over_floyd: bool) -> list[ServedEvent]:
        """A voice; `over_floyd`: Floyd is heard, and may be cut."""
        if name in self._open:
            return []
        self._open[name] = _Utterance(at_ms, interrupted=over_floyd)
        return [CalleeStarted(), *([CalleeInterrupted()] if over_floyd else ())]

    def ended(self, name: str, at_ms: int) -> None:
        """The service thinks that they have finished."""
        utterance = self._open.get(name)
        if utterance is not None and utterance.end_ms is None:
            utterance.end_ms = max(utterance.start_ms, at_ms)

    def words(self, name: str, more: str) -> list[ServedEvent]:
        """More words of it."""
        utterance = self._open.get(name)
        if utterance is None:
            return []
        utterance.text += more
        if not utterance.text.strip():
            return []
        whole = utterance if self._kept is None else _joined(self._kept, utterance)
        return [CalleeSaying(whole.text, whole.start_ms)]

    def understood(self, name: str, text: str, now_ms: int) -> list[ServedEvent]:
        """All words of it; empty: none were made out."""
        utterance = self._open.pop(name, None)
        if utterance is None:
            return []
        # What was told of it as said must be said, too.
        utterance.interrupted = utterance.interrupted or bool(utterance.text.strip())
        utterance.text = text
        return self._take(utterance, now_ms)

    def tick(self, now_ms: int, *, voice: bool = False) -> list[ServedEvent]:
        """Time passed; `voice`: somebody speaks, which the service tells later."""
        self._voice = voice
        events: list[ServedEvent] = []
        for name, utterance in list(self._open.items()):
            since, patience_ms = (utterance.start_ms, LONGEST_MS) if utterance.end_ms is None else (utterance.end_ms, NO_WORDS_MS)
            if now_ms >= since + patience_ms:
                del self._open[name]
                events += self._take(utterance, now_ms)
        return events + self._let_go(now_ms)

    def flush(self, now_ms: int) -> list[ServedEvent]:
        """They cannot go on: what was understood counts."""
        kept, self._kept = self._kept, None
        self._endpointing.ended()
        return [] if kept is None else self._said(kept, now_ms)

    def broke(self, now_ms: int) -> tuple[list[ServedEvent], bool]:
        """The service is gone: what was open counts as far as there were words. Also whether words were lost."""
        unheard = [utterance for utterance in self._open.values() if not utterance.text.strip()]
        lost = any((utterance.end_ms or now_ms) - utterance.start_ms >= LEAST_VOICE_MS for utterance in unheard)
        utterances = [*([self._kept] if self._kept is not None else ()), *self._open.values()]
        self._open.clear()
        self._kept = None
        return [event for utterance in utterances for event in self._said(utterance, now_ms)], lost

    def _take(self, utterance: _Utterance, now_ms: int) -> list[ServedEvent]:
        """No more words of it will come."""
        utterance.end_ms = now_ms if utterance.end_ms is None else utterance.end_ms
        kept = self._kept
        if not utterance.text.strip():
            if kept is None:
                return self._said(utterance, now_ms)
            kept.interrupted = kept.interrupted or utterance.interrupted
        elif kept is None:
            self._kept = utterance
        else:
            self._endpointing.went_on(kept.text, utterance.start_ms - (kept.end_ms or 0))
            self._kept = _joined(kept, utterance)
        return self._let_go(now_ms)

    def _let_go(self, now_ms: int) -> list[ServedEvent]:
        """What was kept, once they have not gone on for long enough."""
        kept = self._kept
        if kept is None or kept.end_ms is None:
            return []
        until_ms = kept.end_ms + self._endpointing.wait_ms(kept.text)
        if self._open:  # they go on
            until_ms = max(until_ms, NO_REST_MS + max(utterance.start_ms for utterance in self._open.values()))
        elif self._voice:
            until_ms += NO_REST_MS
        return [] if now_ms < until_ms else self.flush(now_ms)

    def _said(self, utterance: _Utterance, now_ms: int) -> list[ServedEvent]:
        end_ms = now_ms if utterance.end_ms is None else utterance.end_ms
        if not (utterance.text.strip() or utterance.interrupted or end_ms - utterance.start_ms >= LEAST_VOICE_MS):
            return []  # a cough, a door
        said = CalleeSaid(utterance.text, utterance.start_ms, max(utterance.start_ms, end_ms))
        # Who has begun again meanwhile still speaks.
        return [said, *([CalleeStarted()] if self.speaking else ())]


def _joined(first: _Utterance, rest: _Utterance) -> _Utterance:
    return _Utterance(first.start_ms, rest.end_ms, f"{first.text.strip()} {rest.text.strip()}", first.interrupted or rest.interrupted)

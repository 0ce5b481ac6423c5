"""Turns that a service detects: what it tells of voices and words becomes the conversation's events. Pure.

How to drive it: `began`, `ended`, `words` and `understood` as the service tells them, `tick` every 20 to 100 ms. Moments are ms on the call's clock.
Every CalleeSaying and CalleeInterrupted is followed by one CalleeSaid, whatever the service leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass

from calls.conversation.events import CalleeInterrupted, CalleeSaid, CalleeSaying, CalleeStarted

ServedEvent = CalleeStarted | CalleeSaying | CalleeSaid | CalleeInterrupted

#: Words that did not come so long after the voice fell silent do not come any more.
NO_WORDS_MS = 3_000
#: A voice that never falls silent is noise; the words that came count.
LONGEST_MS = 60_000
#: Less voice than this without words was a noise.
LEAST_VOICE_MS = 600


@dataclass(slots=True)
class _Utterance:
    start_ms: int
    end_ms: int | None = None
    text: str = ""
    interrupted: bool = False


class ServedTurns:
    """Follows the utterances of one callee; the next may begin before the words of the last are there."""

    def __init__(self) -> None:
        self._open: dict[str, _Utterance] = {}

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
        return [CalleeSaying(utterance.text, utterance.start_ms)] if utterance.text.strip() else []

    def understood(self, name: str, text: str, now_ms: int) -> list[ServedEvent]:
        """All words of it; empty: none were made out."""
        utterance = self._open.pop(name, None)
        if utterance is None:
            return []
        return self._said(utterance, text, now_ms)

    def tick(self, now_ms: int) -> list[ServedEvent]:
        """Time passed."""
        events: list[ServedEvent] = []
        for name, utterance in list(self._open.items()):
            since, patience_ms = (utterance.start_ms, LONGEST_MS) if utterance.end_ms is None else (utterance.end_ms, NO_WORDS_MS)
            if now_ms >= since + patience_ms:
                del self._open[name]
                events += self._said(utterance, utterance.text, now_ms)
        return events

    def broke(self, now_ms: int) -> tuple[list[ServedEvent], bool]:
        """The service is gone: what was open counts as far as there were words. Also whether words were lost."""
        unheard = [utterance for utterance in self._open.values() if not utterance.text.strip()]
        lost = any((utterance.end_ms or now_ms) - utterance.start_ms >= LEAST_VOICE_MS for utterance in unheard)
        utterances = list(self._open.values())
        self._open.clear()
        return [event for utterance in utterances for event in self._said(utterance, utterance.text, now_ms)], lost

    def _said(self, utterance: _Utterance, text: str, now_ms: int) -> list[ServedEvent]:
        end_ms = now_ms if utterance.end_ms is None else utterance.end_ms
        owed = utterance.interrupted or bool(utterance.text.strip())
        if not (text.strip() or owed or end_ms - utterance.start_ms >= LEAST_VOICE_MS):
            return []  # a cough, a door
        said = CalleeSaid(text, utterance.start_ms, max(utterance.start_ms, end_ms))
        # Who has begun again meanwhile still speaks.
        return [said, *([CalleeStarted()] if self.speaking else ())]

"""What recogniser, voice and carrier report during a call, and what Floyd does itself (`own_work.py`), kept for whoever reviews it.

They are collected in memory and written some seconds later, all at once: nobody waits for them, and each statement is
time that other calls of the process wait for.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, cast

from providers.types import Recognition, Speaker

Job = Callable[[], Awaitable[None]]
#: Bound of what is kept of a call: a quarter of an hour of quick talk.
MOST_NOTES = 2000
BYTES_PER_MS = 8


@dataclass(frozen=True, slots=True)
class ProviderNote:
    """One report (`calls.review_models.ProviderNote`), on the call's clock."""

    at_ms: int
    source: str
    kind: str
    data: dict[str, Any]


@dataclass(slots=True)
class _Utterance:
    """Interim results of one utterance: counted, for there may be ten a second."""

    interims: int = 0
    first_ms: int = 0
    stability: float = 0.0


@dataclass(slots=True)
class ProviderNotes:
    """Collects them. Without a `put` nothing is kept.

    Attributes:
        now_ms: the call's clock.
        put: has a job done by the call's writer.
        write: writes notes to the database.
        keeps_words: whether what the other side said may stand here; a caller may say a PIN, which stands nowhere.
    """

    now_ms: Callable[[], int] = lambda: 0
    put: Callable[[Job], None] | None = None
    write: Callable[[list[ProviderNote]], Awaitable[None]] | None = None
    keeps_words: bool = False
    _count: int = 0
    _waiting: list[ProviderNote] = field(default_factory=list)
    _utterance: _Utterance = field(default_factory=_Utterance)

    def take(self, source: str, kind: str, *, at_ms: int | None = None, **data: Any) -> None:
        """Keeps a report, of now or of `at_ms`."""
        if self.put is None or self._count >= MOST_NOTES:
            return
        self._count += 1
        self._waiting.append(ProviderNote(self.now_ms() if at_ms is None else at_ms, source, kind, data))

    def flush(self) -> None:
        """Has all that wait written."""
        if self.put is not None and self._waiting:
            batch, self._waiting = self._waiting, []
            self.put(lambda: self._written(batch))

    async def _written(self, batch: list[ProviderNote]) -> None:
        if self.write is not None:
            await self.write(batch)

    def recognised(self, recognition: Recognition) -> None:
        """A result of the recogniser: an interim is counted, a final one kept."""
        if self.put is None:
            return
        heard = self._utterance
        if not recognition.is_final:
            heard.first_ms = heard.first_ms or self.now_ms()
            heard.interims, heard.stability = heard.interims + 1, recognition.stability
            return
        self._utterance = _Utterance()
        self.take(
            "recognition",
            "final",
            **self.said(recognition.text),
            confidence=round(recognition.confidence, 3),
            last_stability=round(heard.stability, 3),
            interims=heard.interims,
            first_interim_ms=heard.first_ms if heard.interims else None,
            audio_until_ms=recognition.end_ms,
        )

    def said(self, text: str) -> dict[str, Any]:
        """Words of the other side as they may be kept."""
        return {"text": text} if self.keeps_words else {"letters": len(text)}


class NotedSpeaker:
    """A voice whose clauses are kept: whose, how long, and when their first sound came."""

    def __init__(self, speaker: Speaker, notes: ProviderNotes) -> None:
        self._speaker = speaker
        self._notes = notes

    @property
    def voice(self) -> str:
        """The speaker's."""
        return self._speaker.voice

    def in_voice(self, name: str) -> NotedSpeaker:
        """The speaker in that voice, kept as well."""
        return NotedSpeaker(self._speaker.in_voice(name), self._notes)

    async def warm(self) -> None:
        """Warms the speaker."""
        await self._speaker.warm()

    async def close(self) -> None:
        """Closes the speaker."""
        await self._speaker.close()

    async def speak(self, text: str, *, language: str) -> AsyncIterator[bytes]:
        """The speaker's audio."""
        asked_ms, first_ms, length, whole = self._notes.now_ms(), None, 0, False
        try:
            async with aclosing(cast(Any, self._speaker.speak(text, language=language))) as chunks:
                async for audio in chunks:
                    if first_ms is None:
                        first_ms = self._notes.now_ms() - asked_ms
                    length += len(audio)
                    yield audio
            whole = True
        finally:
            sound = {"first_byte_ms": first_ms, "sound_ms": length // BYTES_PER_MS, "whole": whole}
            self._notes.take("voice", "clause", at_ms=asked_ms, voice=self.voice, language=language, characters=len(text), **sound)

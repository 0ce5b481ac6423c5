"""A call's voice: clauses become sound in their order, the next ones are fetched while one plays, and all of it can be dropped."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from calls.conversation.effects import Say
from calls.lines.repertoire import Repertoire
from providers.types import ProviderError, Speaker

#: One clause plays, at most two are ready behind it: more would be paid for and thrown away at the next interruption.
MOST_AHEAD = 3
#: A clause that gave no sound yet is tried once more.
TRIES = 2
#: μ-law at 8 kHz.
BYTES_PER_MS = 8
#: While the carrier has this much to play nothing is urgent: audio is sent in pieces of the second length, or when the clause is whole. Below it,
#: and so at the beginning of a reply, what comes goes at once.
COMFORTABLE_MS, TOGETHER_MS = 200, 400


class Listener(Protocol):
    """Who plays the sound and keeps account of it."""

    def audio_ready(self, speech_id: str) -> None:
        """The first audio of a clause is there (perhaps long before its turn)."""

    def play(self, say: Say, audio: bytes) -> None:
        """The next audio of a clause."""

    def lead_ms(self) -> int:
        """How much sound was sent that is not played yet."""

    def clause_sent(self, say: Say) -> None:
        """All audio of a clause was given to `play`."""

    def clause_failed(self, say: Say, *, permanent: bool) -> None:
        """A clause has no (more) sound."""

    def may_play(self, say: Say) -> bool:
        """Whether a clause may be sent now; asked again whenever one before it is finished."""


@dataclass(slots=True)
class _Clause:
    say: Say
    chunks: deque[bytes] = field(default_factory=deque)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    fetching: asyncio.Task[None] | None = None
    whole: bool = False
    dropped: bool = False
    failed: ProviderError | None = None
    began: bool = False
    ready: bytes = b""  # sound that needs no voice
    own: AsyncGenerator[bytes] | None = None  # sound that was made together with the words

    async def change(self, within_ms: int | None = None) -> None:
        """Until more of it is there, something else about it is different, or time is up."""
        self.changed.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(None if within_ms is None else within_ms / 1000):
                await self.changed.wait()

    def take(self, lead_ms: int) -> bytes:
        """The audio that is to be sent now that the carrier has so much to play; none while it is better to wait for more."""
        waiting_ms = sum(map(len, self.chunks)) // BYTES_PER_MS
        if not (self.whole or lead_ms < COMFORTABLE_MS or waiting_ms >= TOGETHER_MS):
            return b""
        audio = b"".join(self.chunks)
        self.chunks.clear()
        return audio


class Speaking:
    """Voices `Say` effects.

    Args:
        speaker: renders clauses.
        repertoire: what is, or was, rendered ahead.
        listener: plays it.
    """

    def __init__(self, speaker: Speaker, repertoire: Repertoire, listener: Listener) -> None:
        self._speaker = speaker
        self._repertoire = repertoire
        self._listener = listener
        self._queue: deque[_Clause] = deque()
        self._unfinished: dict[str, _Clause] = {}
        self._changed = asyncio.Event()
        self._arrived = asyncio.Event()

    def say(self, say: Say, own: AsyncGenerator[bytes] | None = None) -> None:
        """Puts a clause behind those already there.

        Args:
            own: sound that was made together with the words; if it fails before any of it came, the voice says them.
        """
        self._queue.append(_Clause(say, own=own))
        self._changed.set()
        self._arrived.set()

    def play_ready(self, say: Say, audio: bytes) -> None:
        """As `say`, with sound that is there already."""
        self._queue.append(_Clause(say, ready=audio))
        self._changed.set()
        self._arrived.set()

    def finished(self, speech_id: str) -> None:
        """A clause was heard (or is gone): another one may be fetched, and perhaps the next be played."""
        if self._unfinished.pop(speech_id, None) is not None:
            self._changed.set()
        self.look_again()

    def drop(self) -> None:
        """Drops clauses that may be interrupted."""
        self._drop([clause for clause in self._queue if clause.say.interruptible])

    def drop_begun(self) -> None:
        """Drops clauses of which sound was sent: it went nowhere."""
        self._drop([clause for clause in self._queue if clause.began])

    def _drop(self, clauses: list[_Clause]) -> None:
        for clause in clauses:
            self._queue.remove(clause)
            clause.dropped = True
            if clause.fetching is not None:
                clause.fetching.cancel()
            clause.changed.set()
            self.finished(clause.say.speech_id)

    def look_again(self) -> None:
        """The next clause may perhaps be played now."""
        if self._queue:
            self._queue[0].changed.set()

    async def run(self) -> None:
        """Speaks until cancelled."""
        async with asyncio.TaskGroup() as fetches:
            fetcher = fetches.create_task(self._fetch_ahead(fetches))
            try:
                await self._play_in_order()
            finally:
                fetcher.cancel()

    async def _fetch_ahead(self, fetches: asyncio.TaskGroup) -> None:
        while True:
            for clause in self._queue:
                if clause.fetching is None and len(self._unfinished) < MOST_AHEAD:
                    self._unfinished[clause.say.speech_id] = clause
                    clause.fetching = fetches.create_task(self._fetch(clause))
            self._changed.clear()
            await self._changed.wait()

    async def _fetch(self, clause: _Clause) -> None:
        for attempt in range(1, TRIES + 1):
            try:
                await self._render(clause)
                break
            except ProviderError as error:
                if clause.chunks or clause.began or error.permanent or attempt == TRIES:
                    clause.failed = error
                    break
        clause.whole = True
        clause.changed.set()

    async def _render(self, clause: _Clause) -> None:
        if clause.ready:
            self._take(clause, clause.ready)
            return
        own, clause.own = clause.own, None
        if own is not None:
            async with aclosing(own) as chunks:
                async for audio in chunks:
                    self._take(clause, audio)
            return
        ready = self._repertoire.ready(clause.say.text)
        if ready is None and clause.say.cached:
            ready = await self._repertoire.audio(clause.say.text)
        if ready is not None:
            self._take(clause, ready)
            return
        async with aclosing(cast(Any, self._speaker.speak(self._repertoire.spoken(clause.say.text), language=self._repertoire.language))) as chunks:
            async for audio in chunks:
                self._take(clause, audio)

    def _take(self, clause: _Clause, audio: bytes) -> None:
        if not clause.chunks and not clause.began:
            self._listener.audio_ready(clause.say.speech_id)
        clause.chunks.append(audio)
        clause.changed.set()

    async def _play_in_order(self) -> None:
        while True:
            while not self._queue:
                self._arrived.clear()
                await self._arrived.wait()
            await self._play(self._queue[0])

    async def _play(self, clause: _Clause) -> None:
        while not clause.dropped and not self._listener.may_play(clause.say):
            await clause.change()
        while not clause.dropped:
            lead_ms = self._listener.lead_ms()
            if audio := clause.take(lead_ms):
                clause.began = True
                self._listener.play(clause.say, audio)
            if clause.whole:
                self._end(clause)
                return
            await clause.change(lead_ms - COMFORTABLE_MS if clause.chunks else None)

    def _end(self, clause: _Clause) -> None:
        self._queue.remove(clause)
        if clause.failed is None:
            self._listener.clause_sent(clause.say)
        else:
            self.finished(clause.say.speech_id)
            self._listener.clause_failed(clause.say, permanent=clause.failed.permanent)

"""Ears in a process of their own, for those who must not be held up while something is recognised."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import sys
from collections import deque
from collections.abc import Iterable
from typing import Any

from sandbox.ear import Heard, Registry


class EarError(RuntimeError):
    """The ear's process is gone, or refused a request."""


class EarProcess:
    """The process; started when the first ear is used, stopped by `close`."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._waiting: deque[asyncio.Future[dict[str, Any]]] = deque()
        self._numbers = itertools.count(1)

    def ear(self, sentences: Iterable[str] = (), *, also: Registry | None = None) -> RemoteEar:
        """A new ear; see `sandbox.ear.Ear` for the arguments."""
        return RemoteEar(self, next(self._numbers), tuple(sentences), also)

    async def start(self) -> asyncio.subprocess.Process:
        """Makes sure that the process runs."""
        async with self._starting:
            if self._process is None or self._process.returncode is not None:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "sandbox.ear_process", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
                )
                self._reading = asyncio.create_task(self._read(self._process), name="ear process")
            return self._process

    async def ask(self, request: dict[str, Any], sound: bytes = b"") -> dict[str, Any]:
        """One request and its answer. Raises EarError."""
        process = await self.start()
        assert process.stdin is not None
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting.append(answer)
        process.stdin.write(json.dumps({**request, "size": len(sound)}).encode() + b"\n" + sound)
        with contextlib.suppress(ConnectionError):
            await process.stdin.drain()
        told = await answer
        if "error" in told:
            raise EarError(told["error"])
        return told

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        while line := await process.stdout.readline():
            answer = self._waiting.popleft()
            if not answer.done():  # whoever asked may have been cancelled
                answer.set_result(json.loads(line))
        await process.wait()
        while self._waiting:
            answer = self._waiting.popleft()
            if not answer.done():
                answer.set_exception(EarError("the ear's process has ended"))

    async def close(self) -> None:
        """Ends the process. It keeps nothing, so it is not asked politely."""
        if self._process is None or self._reading is None:
            return
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        await self._reading


class RemoteEar:
    """An ear in the other process. Used by one task at a time.

    Args:
        process: where it is.
        number: which one of it.
        sentences, also: see `sandbox.ear.Ear`.
    """

    def __init__(self, process: EarProcess, number: int, sentences: tuple[str, ...], also: Registry | None) -> None:
        self._process = process
        self._number = number
        self._sentences = sentences
        self._also = also
        self._told_version = -1
        self._open = False

    async def begin(self) -> None:
        """A new utterance."""
        if not self._open:
            self._open = True
            await self._process.ask({"ear": self._number, "do": "open", "sentences": self._sentences})
        await self._ask("begin")

    async def feed_mulaw(self, audio: bytes) -> str:
        """More of the utterance, μ-law at 8 kHz; the words so far."""
        return str((await self._ask("feed", audio))["text"])

    async def feed(self, pcm: bytes) -> str:
        """More of the utterance, 16-bit samples at 16 kHz; the words so far."""
        return str((await self._ask("feed_pcm", pcm))["text"])

    async def final(self) -> Heard:
        """Ends the utterance."""
        told = await self._ask("final")
        return Heard(told["text"], told["confidence"], told["language"])

    async def close(self) -> None:
        """Gives the recogniser back."""
        if self._open:
            self._open = False
            with contextlib.suppress(EarError):
                await self._ask("close")

    async def _ask(self, what: str, sound: bytes = b"") -> dict[str, Any]:
        request: dict[str, Any] = {"ear": self._number, "do": what}
        if self._also is not None and self._also.version != self._told_version:
            self._told_version = self._also.version
            request["others"] = self._also.all()
        return await self._process.ask(request, sound)

"""A server of Media Streams that answers, stops when spoken over, and leaves a hole, each after a known time: to check the load client by."""

from __future__ import annotations

import asyncio
import base64
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

SOUND, QUIET_CODE = b"\x10" * 800, 0x60


@dataclass
class Reference:
    """Times in seconds; a reply is `pieces` of 100 ms, sent at once, with a hole behind the first half when `hole_s` is given."""

    reply_s: float = 0.3
    clear_s: float = 0.12
    hole_s: float = 0.0
    pieces: int = 30
    cuts_in: bool = False
    answers: bool = True
    starts: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)

    async def hold(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.headers.append(dict(request.headers))
        await _Conversation(self, socket).run()
        return socket

    async def start(self) -> tuple[web.AppRunner, str]:
        application = web.Application()
        application.add_routes([web.get("/media", self.hold)])
        runner = web.AppRunner(application)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner, f"ws://127.0.0.1:{runner.addresses[0][1]}/media"


class _Conversation:
    def __init__(self, reference: Reference, socket: web.WebSocketResponse) -> None:
        self._reference, self._socket = reference, socket
        self._first = self._last = 0.0
        self._run = self._said = 0
        self._talks_until = 0.0
        self._tasks: list[asyncio.Task[None]] = []

    async def run(self) -> None:
        try:
            async for received in self._socket:
                if received.type is WSMsgType.TEXT:
                    self._take(json.loads(received.data))
        finally:
            for task in self._tasks:
                task.cancel()

    def _take(self, message: dict[str, Any]) -> None:
        now = asyncio.get_running_loop().time()
        if message["event"] == "start":
            self._reference.starts.append(message["start"])
        elif message["event"] == "mark":
            self._reference.marks.append(message["mark"]["name"])
        elif message["event"] == "media":
            audio = base64.b64decode(message["media"]["payload"])
            if sum((~code & 0x7F) > (~QUIET_CODE & 0x7F) for code in audio) > 8:
                self._loud(now)
            elif self._run and now - self._last > 0.2:
                self._run = 0
                self._begin(self._reply(self._last + self._reference.reply_s))

    def _loud(self, now: float) -> None:
        reference = self._reference
        self._first = now if not self._run else self._first
        self._run, self._last = self._run + 1, now
        if self._run == 3 and now < self._talks_until:
            self._talks_until = 0.0
            self._begin(self._clear(self._first + reference.clear_s))
        if reference.cuts_in and self._run == 20:
            self._begin(self._send("media", media={"payload": base64.b64encode(SOUND).decode()}))

    def _begin(self, action: Any) -> None:
        self._tasks.append(asyncio.ensure_future(action))

    async def _send(self, event: str, **content: Any) -> None:
        with suppress(ConnectionError):
            await self._socket.send_str(json.dumps({"event": event, "streamSid": "MZ", **content}))

    async def _clear(self, at: float) -> None:
        await asyncio.sleep(at - asyncio.get_running_loop().time())
        await self._send("clear")

    async def _reply(self, at: float) -> None:
        reference, loop = self._reference, asyncio.get_running_loop()
        if not reference.answers:
            return
        await asyncio.sleep(at - loop.time())
        begun, half = loop.time(), reference.pieces // 2
        self._talks_until = begun + reference.pieces * 0.1 + reference.hole_s
        for number in range(reference.pieces):
            if number == half and reference.hole_s:
                await asyncio.sleep(begun + half * 0.1 + reference.hole_s - loop.time())
            await self._send("media", media={"payload": base64.b64encode(SOUND).decode()})
        self._said += 1
        await self._send("mark", mark={"name": f"reply {self._said}"})

"""A small application for the carrier to call: records signed webhooks, answers with TwiML, talks over a media stream."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from twilio.request_validator import RequestValidator

TOKEN = "a" * 32
ORIGIN = "https://app.example"
MEDIA = "wss://app.example/media"
RELAY = "wss://app.example/relay"
STREAM = f'<Response><Connect><Stream url="{MEDIA}"><Parameter name="call_id" value="7"/></Stream></Connect></Response>'


class Stream:
    """The application's end of one media stream."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self.messages: list[dict[str, Any]] = []
        self.sid = ""
        self.closed = asyncio.Event()

    async def read(self) -> None:
        async for message in self.socket:
            decoded = json.loads(message.data)
            self.messages.append(decoded)
            self.sid = decoded.get("streamSid", self.sid)
        self.closed.set()

    def of(self, event: str) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["event"] == event]

    async def send(self, event: str, **body: Any) -> None:
        await self.socket.send_str(json.dumps({"event": event, "streamSid": self.sid, **body}))

    async def play(self, audio: bytes) -> None:
        await self.send("media", media={"payload": base64.b64encode(audio).decode()})

    async def until(self, ready: Callable[[], Any], timeout: float = 5) -> Any:
        return await until(ready, timeout)


class Relay:
    """The application's end of one ConversationRelay session."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self.messages: list[dict[str, Any]] = []
        self.closed = asyncio.Event()

    async def read(self) -> None:
        async for message in self.socket:
            self.messages.append(json.loads(message.data))
        self.closed.set()

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["type"] == kind]

    def infos(self, name: str) -> list[str]:
        return [message["value"] for message in self.of("info") if message["name"] == name]

    async def send(self, kind: str, **body: Any) -> None:
        await self.socket.send_str(json.dumps({"type": kind, **body}))


async def until(ready: Callable[[], Any], timeout: float = 30) -> Any:
    """Waits until `ready` gives something true, and gives that."""
    async with asyncio.timeout(timeout):
        while not (value := ready()):  # noqa: ASYNC110  what is waited for is another program's doing
            await asyncio.sleep(0.01)
    return value


@dataclass
class Application:
    """What the carrier was told by, and what it was told.

    Attributes:
        answers: path → TwiML, or an HTTP status.
        posts: (path, fields) of every webhook with a good signature, in order of arrival.
    """

    port: int = 0
    answers: dict[str, str | int] = field(default_factory=dict)
    posts: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    forged: int = 0
    streams: list[Stream] = field(default_factory=list)
    relays: list[Relay] = field(default_factory=list)
    on_stream: Callable[[Stream], Awaitable[None]] | None = None
    upgrade_status: int = 101

    def fields(self, path: str) -> list[dict[str, str]]:
        return [posted for where, posted in self.posts if where == path]

    def statuses(self, path: str = "/status") -> list[str]:
        return [posted["CallStatus"] for posted in self.fields(path)]

    async def webhook(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        assert request.host == "app.example"
        url = f"{ORIGIN}{request.path_qs}"
        if not RequestValidator(TOKEN).validate(url, form, request.headers.get("X-Twilio-Signature", "")):
            self.forged += 1
            return web.Response(status=403)
        self.posts.append((request.path, form))
        answer = self.answers.get(request.path, "")
        if isinstance(answer, int):
            return web.Response(status=answer)
        return web.Response(text=answer, content_type="text/xml")

    async def relay(self, request: web.Request) -> web.StreamResponse:
        if not RequestValidator(TOKEN).validate(RELAY, {}, request.headers.get("X-Twilio-Signature", "")):
            return web.Response(status=403)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.relays.append(Relay(socket))
        await self.relays[-1].read()
        return socket

    async def media(self, request: web.Request) -> web.StreamResponse:
        signature = request.headers.get("X-Twilio-Signature", "")
        if self.upgrade_status != 101 or not RequestValidator(TOKEN).validate(MEDIA, {}, signature):
            return web.Response(status=403)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        stream = Stream(socket)
        self.streams.append(stream)
        reading = asyncio.create_task(stream.read())
        if self.on_stream is not None:
            await until(lambda: stream.sid)
            await self.on_stream(stream)
        await reading
        return socket


@asynccontextmanager
async def application() -> AsyncIterator[Application]:
    app = Application()
    server = web.Application()
    server.add_routes([web.get("/media", app.media), web.get("/relay", app.relay), web.post("/{path:.*}", app.webhook)])
    runner = web.AppRunner(server, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    app.port = runner.addresses[0][1]
    yield app
    await runner.cleanup()

"""Scripted providers and a carrier, for tests of the media line."""

from __future__ import annotations

import asyncio
import base64
import copy
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import websockets
from twilio.request_validator import RequestValidator

from providers.types import Message, ProviderError, Recognition, ReplyDone, ReplyPart, TextPiece, ToolCall, ToolSpec, Usage
from tests.calls.lines.scene import CALL_SID, STREAM_SID

SILENCE = b"\xff" * 160
VOICE = bytes([0x90, 0x10] * 80)
MS_PER_WORD = 30


class FakeStream:
    def __init__(self) -> None:
        self.heard: asyncio.Queue[Recognition | ProviderError | None] = asyncio.Queue()
        self.fed = 0

    def feed(self, audio: bytes) -> None:
        self.fed += len(audio)

    async def __aiter__(self) -> AsyncIterator[Recognition]:
        while (item := await self.heard.get()) is not None:
            if isinstance(item, ProviderError):
                raise item
            yield item

    async def finish(self) -> None:
        self.heard.put_nowait(None)

    async def close(self) -> None:
        self.heard.put_nowait(None)


class FakeRecognizer:
    """`says(text)` is what the callee is heard to say."""

    def __init__(self) -> None:
        self.stream = FakeStream()
        self.opened: list[dict[str, Any]] = []
        self.error: ProviderError | None = None

    async def warm(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def open(self, **options: Any) -> FakeStream:
        self.opened.append(options)
        if self.error:
            raise self.error
        if len(self.opened) > 1:
            self.stream = FakeStream()
        return self.stream

    def says(self, text: str, *, final: bool = True) -> None:
        self.stream.heard.put_nowait(Recognition(text, is_final=final, stability=0.9, confidence=0.9))


def tool(name: str, **arguments: Any) -> ToolCall:
    return ToolCall(f"call_{name}", name, json.dumps(arguments))


class FakeThinker:
    """A `Replier`. Answers with the next of `script`: words, a tool call, several of them, or an error."""

    def __init__(self, *script: Any) -> None:
        self.script = list(script)
        self.asked: list[tuple[Sequence[Message], Sequence[ToolSpec], str]] = []
        self.aborted = 0
        self.hang = asyncio.Event()

    async def warm(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def reply(self, *, messages: Sequence[Message], tools: Sequence[ToolSpec], cache_key: str = "") -> AsyncIterator[ReplyPart]:
        self.asked.append((messages, tools, cache_key))
        answer = self.script.pop(0) if self.script else "Thank you."
        try:
            for part in answer if isinstance(answer, list) else [answer]:
                if part == "hang":
                    await self.hang.wait()
                elif isinstance(part, ProviderError):
                    raise part
                elif isinstance(part, str):
                    for word in part.split(" "):
                        await asyncio.sleep(0)
                        yield TextPiece(f"{word} ")
                else:
                    yield part
            tools_asked = isinstance(answer, ToolCall) or (isinstance(answer, list) and isinstance(answer[-1], ToolCall))
            yield ReplyDone("tool_calls" if tools_asked else "stop", Usage(100, 80, 10))
        except GeneratorExit:
            self.aborted += 1
            raise


class FakeSpeaker:
    """A voice that takes 30 ms a word, and forty times that for a clause with the words `lingers_at`.

    `fails(text)` may give an error to raise, `breaks` says after how many words of a text it breaks off, once.
    """

    voice = "fake"

    def __init__(self) -> None:
        self.spoken: list[str] = []
        self.fails: Callable[[str], ProviderError | None] = lambda text: None
        self.breaks: dict[str, int] = {}
        self.ms_per_word = MS_PER_WORD
        self.lingers_at = ""
        self.voices: list[str] = []

    def in_voice(self, name: str) -> FakeSpeaker:
        other = copy.copy(self)  # what it spoke is told by the one that it comes from
        other.voice = f"fake in {name}"
        return other

    async def warm(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def speak(self, text: str, *, language: str) -> AsyncIterator[bytes]:
        self.spoken.append(text)
        self.voices.append(self.voice)
        if error := self.fails(text):
            raise error
        words = self.breaks.pop(text, None)
        slower = 40 if self.lingers_at and self.lingers_at in text else 1
        for _ in text.split()[:words]:
            await asyncio.sleep(0)
            yield b"\x7f" * (8 * self.ms_per_word * slower)
        if words is not None:
            raise ProviderError("the voice broke off")


@dataclass
class Carrier:
    """The carrier's end of a stream: sends frames in real time, plays what it gets, returns marks when due or cleared."""

    url: str
    call_id: str
    token: str
    auth_token: str
    signed_url: str
    account_sid: str
    signature: str | None = None
    call_sid: str = CALL_SID
    stream_sid: str = STREAM_SID
    voice: bool = False
    received: list[dict[str, Any]] = field(default_factory=list)
    played_ms: float = 0.0
    clears: int = 0
    closed: int | None = None
    start: bool = True
    _end: float = 0.0
    _marks: list[tuple[float, str]] = field(default_factory=list)
    _socket: Any = None

    async def __aenter__(self) -> Carrier:
        signature = self.signature
        if signature is None:
            signature = RequestValidator(self.auth_token).compute_signature(self.signed_url, {})
        self._socket = await websockets.connect(self.url, additional_headers={"X-Twilio-Signature": signature} if signature else {})
        self._tasks = [asyncio.create_task(self._receive())]
        await self.send({"event": "connected", "protocol": "Call", "version": "1.0.0"})
        if self.start:
            await self.send(self.start_message())
            self._tasks += [asyncio.create_task(self._frames()), asyncio.create_task(self._return_marks())]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._socket.close()

    def start_message(self) -> dict[str, Any]:
        start = {
            "accountSid": self.account_sid,
            "streamSid": self.stream_sid,
            "callSid": self.call_sid,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": {"call_id": self.call_id, "token": self.token},
        }
        return {"event": "start", "sequenceNumber": "1", "start": start, "streamSid": self.stream_sid}

    async def send(self, message: dict[str, Any] | str | bytes) -> None:
        with suppress(websockets.ConnectionClosed):
            await self._socket.send(json.dumps(message) if isinstance(message, dict) else message)

    async def hang_up(self) -> None:
        await self.send({"event": "stop", "stop": {"accountSid": self.account_sid, "callSid": self.call_sid}, "streamSid": self.stream_sid})

    async def cut(self) -> None:
        self._socket.transport.abort()

    async def _frames(self) -> None:
        loop, number = asyncio.get_running_loop(), 0
        begin = loop.time()
        while True:
            number += 1
            payload = base64.b64encode(VOICE if self.voice else SILENCE).decode()
            media = {"track": "inbound", "chunk": str(number), "timestamp": str(number * 20), "payload": payload}
            await self.send({"event": "media", "sequenceNumber": str(number + 1), "media": media, "streamSid": self.stream_sid})
            await asyncio.sleep(max(0.0, begin + number * 0.02 - loop.time()))

    async def _receive(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            async for text in self._socket:
                message = json.loads(text)
                assert message["streamSid"] == self.stream_sid
                self.received.append(message)
                now = loop.time()
                if message["event"] == "media":
                    length_s = len(base64.b64decode(message["media"]["payload"])) / 8000
                    self._end = max(now, self._end) + length_s
                    self.played_ms += length_s * 1000
                elif message["event"] == "mark":
                    self._marks.append((max(now, self._end), message["mark"]["name"]))
                elif message["event"] == "clear":
                    self.clears += 1
                    self.played_ms -= max(0.0, self._end - now) * 1000
                    self._end = now
                    self._marks = [(now, name) for _, name in self._marks]
        except websockets.ConnectionClosed:
            pass
        self.closed = self._socket.close_code

    async def _return_marks(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            while self._marks and self._marks[0][0] <= loop.time():
                _, name = self._marks.pop(0)
                await self.send({"event": "mark", "sequenceNumber": "9", "streamSid": self.stream_sid, "mark": {"name": name}})
            await asyncio.sleep(0.005)

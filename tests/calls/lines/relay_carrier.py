"""The carrier's end of a ConversationRelay session, for tests: speaks what it is sent, word by word, and tells what was heard."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import websockets
from twilio.request_validator import RequestValidator

from tests.calls.lines.scene import CALL_SID

SESSION = "VX" + "e" * 32


@dataclass
class RelayCarrier:
    """What it does.

    `quiet`: tells nothing of what was heard. `holds`: speaks nothing, until it is released; `holds_at`: from these words on. `greeting`: it
    speaks that by itself.
    """

    url: str
    parameters: dict[str, str]
    auth_token: str
    signed_url: str
    account_sid: str
    session_id: str = SESSION
    call_sid: str = CALL_SID
    signature: str | None = None
    quiet: bool = False
    holds: bool = False
    holds_at: str = ""
    greeting: str = ""
    first: dict[str, Any] | str | bytes | None = None
    received: list[dict[str, Any]] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)
    closed: int | None = None
    _waiting: deque[dict[str, Any]] = field(default_factory=deque)
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _socket: Any = None

    async def __aenter__(self) -> RelayCarrier:
        signature = self.signature
        if signature is None:
            signature = RequestValidator(self.auth_token).compute_signature(self.signed_url, {})
        self._socket = await websockets.connect(self.url, additional_headers={"X-Twilio-Signature": signature} if signature else {})
        await self.send(self.setup() if self.first is None else self.first)
        if self.greeting:
            self._waiting.append({"type": "text", "token": self.greeting})
        self._tasks = [asyncio.create_task(self._receive()), asyncio.create_task(self._speak())]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._socket.close()

    def setup(self) -> dict[str, Any]:
        return {
            "type": "setup",
            "sessionId": self.session_id,
            "accountSid": self.account_sid,
            "callSid": self.call_sid,
            "from": "+15195550199",
            "to": "+15195550110",
            "direction": "outbound-api",
            "callStatus": "IN_PROGRESS",
            "customParameters": self.parameters,
        }

    async def send(self, message: dict[str, Any] | str | bytes) -> None:
        with suppress(websockets.ConnectionClosed):
            await self._socket.send(json.dumps(message) if isinstance(message, dict) else message)

    async def hears(self, text: str, *, last: bool = True) -> None:
        await self.send({"type": "prompt", "voicePrompt": text, "lang": "en-US", "last": last})

    async def tells(self, name: str, value: str) -> None:
        await self.send({"type": "info", "name": name, "value": value})

    async def interrupts(self, heard: str) -> None:
        self._waiting.clear()
        await self.send({"type": "interrupt", "utteranceUntilInterrupt": heard, "durationUntilInterruptMs": 700})

    async def presses(self, digit: str) -> None:
        await self.send({"type": "dtmf", "digit": digit})

    async def hang_up(self) -> None:
        await self._socket.close(1000, "Closing websocket session")

    def cut(self) -> None:
        self._socket.transport.abort()

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.received if message["type"] == kind]

    @property
    def words(self) -> str:
        return "".join(message["token"] for message in self.of("text")).strip()

    def goes_on(self) -> None:
        self.holds, self.holds_at = False, ""
        self._arrived.set()

    async def _receive(self) -> None:
        with suppress(websockets.ConnectionClosed):
            async for text in self._socket:
                message = json.loads(text)
                self.received.append(message)
                if message["type"] in ("text", "sendDigits"):
                    self.holds = self.holds or bool(self.holds_at and self.holds_at in message.get("token", ""))
                    self._waiting.append(message)
                    self._arrived.set()
                elif message["type"] == "end":
                    await self._socket.close(1000, "Closing websocket session")
        self.closed = self._socket.close_code

    async def _speak(self) -> None:
        while True:
            while not self._waiting or self.holds:
                self._arrived.clear()
                await self._arrived.wait()
            message = self._waiting.popleft()
            words = message.get("token") or message["digits"]
            if not self.quiet:
                await self.tells("agentSpeaking", "on")
                await asyncio.sleep(0.01)
                await self.tells("tokensPlayed", words.strip())
            self.spoken.append(words.strip())

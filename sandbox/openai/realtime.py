"""GET /v1/realtime: a Realtime session, as far as it serves as a voice that reads texts aloud.

https://platform.openai.com/docs/api-reference/realtime
"""

from __future__ import annotations

import asyncio
import json
import secrets
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.openai.errors import ApiError
from sandbox.openai.models import require_model
from sandbox.openai.realtime_reading import Reading, RefusedError
from sandbox.openai.speech import VOICES
from sandbox.state import SandboxState

SESSION_KEYS = frozenset(
    {
        "type",
        "instructions",
        "output_modalities",
        "tools",
        "tool_choice",
        "audio",
        "max_output_tokens",
        "truncation",
        "tracing",
        "include",
        "prompt",
        "model",
        "parallel_tool_calls",
        "reasoning",
    }
)
POLICY_VIOLATION = 1008


class Realtime:
    """Realtime sessions."""

    def __init__(self, state: SandboxState) -> None:
        self._state = state

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """One session, from handshake to close."""
        socket = web.WebSocketResponse(heartbeat=30, max_msg_size=1024 * 1024)
        await socket.prepare(request)
        try:
            model = require_model(request.query.get("model"), "realtime").id
        except ApiError as error:
            await socket.send_json({"type": "error", "event_id": _new_id("event"), "error": error.body | {"event_id": None}})
            await socket.close(code=POLICY_VIOLATION)
            return socket
        session = _Session(self._state, socket, model)
        try:
            await session.run()
        finally:
            await session.close()
        return socket


def _new_id(kind: str) -> str:
    return f"{kind}_{secrets.token_hex(10)}"


class _Session:
    def __init__(self, state: SandboxState, socket: web.WebSocketResponse, model: str) -> None:
        self._state = state
        self._socket = socket
        self._readings: dict[str, asyncio.Task[None]] = {}
        self._shown: dict[str, Any] = {
            "type": "realtime",
            "object": "realtime.session",
            "id": _new_id("sess"),
            "model": model,
            "output_modalities": ["audio"],
            "instructions": "",
            "tools": [],
            "tool_choice": "auto",
            "max_output_tokens": "inf",
            "audio": {
                "input": {"format": {"type": "audio/pcm", "rate": 24_000}, "transcription": None, "turn_detection": {"type": "server_vad"}},
                "output": {"format": {"type": "audio/pcm", "rate": 24_000}, "voice": "marin", "speed": 1.0},
            },
        }

    async def send(self, kind: str, **fields: Any) -> None:
        """One event of the server."""
        if not self._socket.closed:
            await self._socket.send_json({"type": kind, "event_id": _new_id("event"), **fields})

    async def run(self) -> None:
        """Until the client leaves."""
        await self.send("session.created", session=self._shown)
        async for message in self._socket:
            if message.type is not WSMsgType.TEXT:
                await self._refuse(RefusedError("Only text messages with JSON are understood.", code="invalid_message"), None)
                continue
            try:
                event = json.loads(message.data)
                if not isinstance(event, dict):
                    raise ValueError
            except ValueError:
                await self._refuse(RefusedError("Could not parse your message as JSON.", code="invalid_json"), None)
                continue
            try:
                await self._take(event)
            except RefusedError as refused:
                await self._refuse(refused, event.get("event_id"))

    async def close(self) -> None:
        """Stops what is being read."""
        readings = list(self._readings.values())
        for reading in readings:
            reading.cancel()
        await asyncio.gather(*readings, return_exceptions=True)

    async def _refuse(self, refused: RefusedError, event_id: str | None) -> None:
        error = {"type": "invalid_request_error", "code": refused.code, "message": str(refused), "param": refused.param, "event_id": event_id}
        await self.send("error", error=error)

    async def _take(self, event: dict[str, Any]) -> None:
        match event.get("type"):
            case "session.update":
                self._update(event.get("session"))
                await self.send("session.updated", session=self._shown)
            case "response.create":
                self._create(event.get("response") or {})
            case "response.cancel":
                self._cancel(event.get("response_id"))
            case "input_audio_buffer.clear":
                await self.send("input_audio_buffer.cleared")
            case "input_audio_buffer.append":
                pass  # nobody listens: this session is a voice
            case kind:
                raise RefusedError(f"The sandbox's Realtime is a voice and does not take '{kind}'.", param="type", code="invalid_value")

    def _update(self, wanted: Any) -> None:
        if not isinstance(wanted, dict) or wanted.get("type") != "realtime":
            raise RefusedError("Missing required parameter: 'session.type'.", param="session.type", code="missing_required_parameter")
        for key in set(wanted) - SESSION_KEYS:
            raise RefusedError(f"Unknown parameter: 'session.{key}'.", param=f"session.{key}", code="unknown_parameter")
        audio = wanted.get("audio") or {}
        output = self._shown["audio"]["output"] | (audio.get("output") or {})
        if output["voice"] not in VOICES:
            raise RefusedError("Invalid value for 'session.audio.output.voice'.", param="session.audio.output.voice", code="invalid_value")
        if output["format"] not in ({"type": "audio/pcmu"}, {"type": "audio/pcm", "rate": 24_000}):
            raise RefusedError("Invalid value for 'session.audio.output.format'.", param="session.audio.output.format", code="invalid_value")
        rest = {key: value for key, value in wanted.items() if key != "audio"}
        self._shown |= rest | {"audio": {"input": self._shown["audio"]["input"] | (audio.get("input") or {}), "output": output}}

    def _create(self, wanted: dict[str, Any]) -> None:
        reading = Reading(self._state, self.send, wanted, self._shown["audio"]["output"])
        task = asyncio.create_task(self._read(reading), name="realtime reading")
        self._readings[reading.id] = task
        task.add_done_callback(lambda _: self._readings.pop(reading.id, None))

    async def _read(self, reading: Reading) -> None:
        try:
            if await reading.run():
                await self._socket.close(code=1011)
        except asyncio.CancelledError:
            await reading.cancelled()
            raise
        except ConnectionError:
            pass  # the client left

    def _cancel(self, response_id: str | None) -> None:
        known = [task for name, task in self._readings.items() if response_id in (None, name)]
        if not known:
            raise RefusedError("Cancellation failed: no active response found.", code="response_cancel_not_active")
        for task in known:
            task.cancel()

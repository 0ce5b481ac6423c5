"""GET /v1/realtime: a Realtime session. It hears, thinks and speaks, or reads texts aloud.

https://platform.openai.com/docs/api-reference/realtime
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import secrets
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.ears import EarProcess
from sandbox.openai.errors import ApiError
from sandbox.openai.models import require_model
from sandbox.openai.realtime_ear import HeardItem, RealtimeEar
from sandbox.openai.realtime_items import Items
from sandbox.openai.realtime_reading import Reading
from sandbox.openai.realtime_reply import Reply
from sandbox.openai.realtime_schema import RefusedError, check
from sandbox.state import SandboxState

POLICY_VIOLATION = 1008
#: What a session may be sent in one piece, as the API has it.
MOST_AUDIO_BYTES = 15 * 1024 * 1024


class Realtime:
    """Realtime sessions.

    Args:
        ears: where sessions hear.
    """

    def __init__(self, state: SandboxState, ears: EarProcess) -> None:
        self._state = state
        self._ears = ears

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """One session, from handshake to close."""
        socket = web.WebSocketResponse(heartbeat=30, max_msg_size=2 * MOST_AUDIO_BYTES)
        await socket.prepare(request)
        try:
            model = require_model(request.query.get("model"), "realtime").id
        except ApiError as error:
            await socket.send_json({"type": "error", "event_id": _new_id("event"), "error": error.body | {"event_id": None}})
            await socket.close(code=POLICY_VIOLATION)
            return socket
        session = _Session(self._state, self._ears, socket, model)
        try:
            await session.run()
        finally:
            await session.close()
        return socket


def _new_id(kind: str) -> str:
    return f"{kind}_{secrets.token_hex(10)}"


class _Session:
    def __init__(self, state: SandboxState, ears: EarProcess, socket: web.WebSocketResponse, model: str) -> None:
        self._state = state
        self._socket = socket
        self._items = Items()
        self._ear = RealtimeEar(state, ears, self.send, committed=self._committed, began=self._began, config=lambda: self._shown["audio"]["input"])
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._reasons: dict[str, str] = {}
        self._active = ""  # the response within the conversation
        self._spoke = False
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
        self._tasks["ear"] = asyncio.create_task(self._ear.run(), name="realtime ear")
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
                check(event)
                await self._take(event)
            except RefusedError as refused:
                await self._refuse(refused, event.get("event_id"))

    async def close(self) -> None:
        """Stops whatever goes on."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _refuse(self, refused: RefusedError, event_id: str | None) -> None:
        error = {"type": "invalid_request_error", "code": refused.code, "message": str(refused), "param": refused.param, "event_id": event_id}
        await self.send("error", error=error)

    async def _take(self, event: dict[str, Any]) -> None:
        match event["type"]:
            case "session.update":
                self._update(event["session"])
                await self.send("session.updated", session=self._shown)
            case "response.create":
                self._create(event.get("response") or {})
            case "response.cancel":
                self._cancel(event.get("response_id"))
            case "input_audio_buffer.append":
                self._append(event["audio"])
            case "input_audio_buffer.commit":
                if not self._ear.commit():
                    raise RefusedError("Error committing input audio buffer: the buffer is empty.", code="input_audio_buffer_commit_empty")
            case "input_audio_buffer.clear":
                self._ear.clear()
                await self.send("input_audio_buffer.cleared")
            case _:
                await self._item_event(event)

    async def _item_event(self, event: dict[str, Any]) -> None:
        match event["type"]:
            case "conversation.item.create":
                item = self._items.create(event["item"])
                before = self._items.add(item, event.get("previous_item_id"))
                await self.send("conversation.item.added", item=item.shown(), previous_item_id=before)
                await self.send("conversation.item.done", item=item.shown(), previous_item_id=before)
            case "conversation.item.truncate":
                place = {key: event[key] for key in ("item_id", "content_index", "audio_end_ms")}
                self._items.truncate(place["item_id"], place["content_index"], place["audio_end_ms"])
                await self.send("conversation.item.truncated", **place)
            case "conversation.item.delete":
                self._items.delete(event["item_id"])
                await self.send("conversation.item.deleted", item_id=event["item_id"])
            case "conversation.item.retrieve":
                await self.send("conversation.item.retrieved", item=self._items.find(event["item_id"]).shown())

    def _update(self, wanted: dict[str, Any]) -> None:
        if wanted.get("model", self._shown["model"]) != self._shown["model"]:
            raise RefusedError("Cannot update a conversation's model.", param="session.model", code="cannot_update_model")
        audio, before = wanted.get("audio") or {}, self._shown["audio"]
        if self._spoke and (audio.get("output") or {}).get("voice", before["output"]["voice"]) != before["output"]["voice"]:
            raise RefusedError("Cannot update a conversation's voice if assistant audio is present.", code="cannot_update_voice")
        rest = {key: value for key, value in wanted.items() if key != "audio"}
        merged = {side: before[side] | (audio.get(side) or {}) for side in ("input", "output")}
        self._shown |= rest | {"audio": merged}

    def _append(self, given: str) -> None:
        try:
            audio = base64.b64decode(given, validate=True)
        except (binascii.Error, ValueError):
            raise RefusedError("Invalid 'audio'. Expected base64-encoded audio bytes.", param="audio", code="invalid_value") from None
        if len(audio) > MOST_AUDIO_BYTES:
            raise RefusedError("Invalid 'audio': it is too long.", param="audio", code="invalid_value")
        if self._shown["audio"]["input"]["format"]["type"] != "audio/pcmu":
            raise RefusedError("The sandbox's Realtime hears audio/pcmu.", param="session.audio.input.format", code="invalid_value")
        self._ear.append(audio)

    # --- what is heard ---

    async def _committed(self, item: HeardItem) -> None:
        before = self._items.add(item)
        await self.send("input_audio_buffer.committed", item_id=item.id, previous_item_id=before)
        await self.send("conversation.item.added", item=item.shown(), previous_item_id=before)
        await self.send("conversation.item.done", item=item.shown(), previous_item_id=before)
        detection = self._shown["audio"]["input"].get("turn_detection")
        if detection is not None and detection.get("create_response", True) and not self._active:
            self._create({})

    async def _began(self) -> None:
        detection = self._shown["audio"]["input"].get("turn_detection") or {}
        if self._active and detection.get("interrupt_response", True):
            self._cancel(self._active, "turn_detected")

    # --- what is said ---

    def _create(self, wanted: dict[str, Any]) -> None:
        made: Reading | Reply
        if wanted.get("conversation") == "none" or wanted.get("input") is not None:
            made = Reading(self._state, self.send, wanted, self._shown["audio"]["output"])
        elif self._active:
            raise RefusedError(
                f"Conversation already has an active response in progress: {self._active}. Wait until it is finished before creating a new one.",
                code="conversation_already_has_active_response",
            )
        else:
            made = Reply(self._state, self.send, self._items, self._shown, wanted)
            self._active = made.id
        self._spoke = True
        self._tasks[made.id] = asyncio.create_task(self._answer(made), name="realtime response")

    async def _answer(self, made: Reading | Reply) -> None:
        try:
            if await made.run():
                await self._socket.close(code=1011)
        except asyncio.CancelledError:
            self._over(made.id)
            await made.cancelled(self._reasons.pop(made.id, "client_cancelled"))
            raise
        except ConnectionError:
            pass  # the client left
        finally:
            self._over(made.id)

    def _over(self, response_id: str) -> None:
        self._tasks.pop(response_id, None)
        if self._active == response_id:
            self._active = ""

    def _cancel(self, response_id: str | None, reason: str = "client_cancelled") -> None:
        responses = {name: task for name, task in self._tasks.items() if name.startswith("resp_") and response_id in (None, name)}
        if not responses:
            raise RefusedError("Cancellation failed: no active response found.", code="response_cancel_not_active")
        for name, task in responses.items():
            self._reasons[name] = reason
            task.cancel()

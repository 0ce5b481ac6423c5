"""One out-of-band response of a Realtime session: the given text read aloud, event by event."""

from __future__ import annotations

import asyncio
import base64
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.faults import Fault
from sandbox.openai.event_stream import pieces
from sandbox.openai.usage import tokens_of
from sandbox.reading import read
from sandbox.state import SandboxState
from sandbox.voice import Samples, mulaw_encode

RESPONSE_KEYS = frozenset(
    {
        "conversation",
        "output_modalities",
        "instructions",
        "input",
        "audio",
        "metadata",
        "tools",
        "tool_choice",
        "max_output_tokens",
        "prompt",
        "parallel_tool_calls",
        "reasoning",
    }
)
STALL_MS = 30_000
PARAPHRASE = "Sure! "


class RefusedError(Exception):
    """The client's event is refused; the session goes on."""

    def __init__(self, message: str, *, code: str, param: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.param = param


def text_to_read(response: dict[str, Any]) -> str:
    """The text in the last message of a response's `input`."""
    for item in reversed(response.get("input") or ()):
        if isinstance(item, dict) and item.get("type") == "message" and item.get("role") == "user":
            parts = [part.get("text") for part in item.get("content") or () if isinstance(part, dict) and part.get("type") == "input_text"]
            text = " ".join(part for part in parts if isinstance(part, str)).strip()
            if text:
                return text
    raise RefusedError("The sandbox's Realtime reads aloud what 'response.input' holds as input_text.", param="response.input", code="invalid_value")


def _check(response: dict[str, Any]) -> None:
    for key in set(response) - RESPONSE_KEYS:
        raise RefusedError(f"Unknown parameter: 'response.{key}'.", param=f"response.{key}", code="unknown_parameter")
    if response.get("conversation", "auto") not in {"auto", "none"}:
        raise RefusedError("Invalid value for 'response.conversation'.", param="response.conversation", code="invalid_value")
    if response.get("output_modalities", ["audio"]) != ["audio"]:
        raise RefusedError("The sandbox's Realtime speaks: it must be ['audio'].", param="response.output_modalities", code="invalid_value")


class Reading:
    """One response.

    Args:
        send: sends an event by its type and fields.
        response: what the client asked for.
        output: the session's `audio.output`.
    """

    def __init__(self, state: SandboxState, send: Callable[..., Awaitable[None]], response: dict[str, Any], output: dict[str, Any]) -> None:
        _check(response)
        self._text = text_to_read(response)
        self._state = state
        self._send = send
        self._output = output | ((response.get("audio") or {}).get("output") or {})
        self._metadata = response.get("metadata")
        self.id = f"resp_{secrets.token_hex(10)}"
        self._item = f"item_{secrets.token_hex(10)}"
        self._place = {"response_id": self.id, "item_id": self._item, "output_index": 0, "content_index": 0}

    async def run(self) -> bool:
        """Reads it; whether the connection is to be cut then."""
        fault = self._state.faults.take("openai.realtime")
        await self._send("response.created", response=self._shown("in_progress"))
        if fault is not None and fault.mode == "error":
            error = {"type": "server_error", "code": "server_error", "message": "The server had an error.", "param": None, "event_id": None}
            await self._send("error", error=error)
            await self._send("response.done", response=self._shown("failed"))
            return False
        await self._send("response.output_item.added", response_id=self.id, output_index=0, item=self._shown_item("in_progress", []))
        await self._send("response.content_part.added", **self._place, part={"type": "audio", "transcript": ""})
        if await self._speak(fault):
            return True
        await self._finish(self._said(fault))
        return False

    def _said(self, fault: Fault | None) -> str:
        return PARAPHRASE + self._text if fault is not None and fault.mode == "paraphrase" else self._text

    async def _speak(self, fault: Fault | None) -> bool:
        said = self._said(fault)
        words = pieces(said)
        sound_number = 0
        async for sound in read(self._state, said, sample_rate=self._rate, speed=float(self._output.get("speed") or 1.0)):
            # The transcript runs ahead of the sound, three words to each 100 ms.
            for _ in range(min(3, len(words))):
                await self._send("response.output_audio_transcript.delta", **self._place, delta=words.pop(0))
            await self._send("response.output_audio.delta", **self._place, delta=base64.b64encode(self._encoded(sound)).decode())
            sound_number += 1
            if fault is None or sound_number != 2:
                continue
            if fault.mode == "cut":
                return True
            if fault.mode == "stall":
                await asyncio.sleep(fault.milliseconds("stall_ms", STALL_MS) / 1000)
        for word in words:
            await self._send("response.output_audio_transcript.delta", **self._place, delta=word)
        return False

    async def _finish(self, said: str) -> None:
        part = {"type": "audio", "transcript": said}
        item = self._shown_item("completed", [{"type": "output_audio", "transcript": said}])
        await self._send("response.output_audio.done", **self._place)
        await self._send("response.output_audio_transcript.done", **self._place, transcript=said)
        await self._send("response.content_part.done", **self._place, part=part)
        await self._send("response.output_item.done", response_id=self.id, output_index=0, item=item)
        await self._send("response.done", response=self._shown("completed", item))

    async def cancelled(self) -> None:
        """Tells that the client wanted no more of it."""
        await self._send("response.done", response=self._shown("cancelled"))

    @property
    def _mulaw(self) -> bool:
        return bool(self._output["format"]["type"] == "audio/pcmu")

    @property
    def _rate(self) -> int:
        return 8000 if self._mulaw else 24_000

    def _encoded(self, sound: Samples) -> bytes:
        return mulaw_encode(sound) if self._mulaw else bytes(sound.astype("<i2").tobytes())

    def _shown_item(self, status: str, content: list[dict[str, Any]]) -> dict[str, Any]:
        return {"id": self._item, "object": "realtime.item", "type": "message", "status": status, "role": "assistant", "content": content}

    def _shown(self, status: str, *items: dict[str, Any]) -> dict[str, Any]:
        reason = {"cancelled": {"type": "cancelled", "reason": "client_cancelled"}, "failed": {"type": "failed", "error": {"type": "server_error"}}}
        made, given = tokens_of(self._text) * 10, tokens_of(self._text) + 30
        usage = {"input_tokens": given, "output_tokens": made, "total_tokens": given + made} if status == "completed" else None
        return {
            "object": "realtime.response",
            "id": self.id,
            "status": status,
            "status_details": reason.get(status),
            "output": list(items),
            "conversation_id": None,
            "output_modalities": ["audio"],
            "audio": {"output": self._output},
            "metadata": self._metadata,
            "usage": usage,
        }

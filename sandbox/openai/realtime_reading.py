"""One out-of-band response of a Realtime session: the given text read aloud, event by event."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.openai.realtime_items import SpokenItem
from sandbox.openai.realtime_schema import RefusedError
from sandbox.openai.realtime_speech import SERVER_ERROR, Speech, shown_response, usage
from sandbox.state import SandboxState


def text_to_read(response: dict[str, Any]) -> str:
    """The text in the last message of a response's `input`."""
    for item in reversed(response.get("input") or ()):
        if isinstance(item, dict) and item.get("type") == "message" and item.get("role") == "user":
            parts = [part.get("text") for part in item.get("content") or () if isinstance(part, dict) and part.get("type") == "input_text"]
            text = " ".join(part for part in parts if isinstance(part, str)).strip()
            if text:
                return text
    raise RefusedError("The sandbox's Realtime reads aloud what 'response.input' holds as input_text.", param="response.input", code="invalid_value")


class Reading:
    """One response.

    Args:
        send: sends an event by its type and fields.
        response: what the client asked for.
        output: the session's `audio.output`.
    """

    def __init__(self, state: SandboxState, send: Callable[..., Awaitable[None]], response: dict[str, Any], output: dict[str, Any]) -> None:
        self._text = text_to_read(response)
        self._state = state
        self._send = send
        self._output = output | ((response.get("audio") or {}).get("output") or {})
        self._metadata = response.get("metadata")
        self.id = f"resp_{secrets.token_hex(10)}"
        self._item = SpokenItem(f"item_{secrets.token_hex(10)}")

    async def run(self) -> bool:
        """Reads it; whether the connection is to be cut then."""
        fault = self._state.faults.take("openai.realtime")
        await self._send("response.created", response=self._shown("in_progress"))
        if fault is not None and fault.mode == "error":
            await self._send("error", error=SERVER_ERROR)
            await self._send("response.done", response=self._shown("failed"))
            return False
        speech = Speech(self._state, self._send, self._output, {"response_id": self.id, "output_index": 0}, self._item)
        if await speech.say(self._text, fault):
            return True
        await self._send("response.done", response=self._shown("completed", self._item.shown()))
        return False

    async def cancelled(self, reason: str = "client_cancelled") -> None:
        """Tells that no more of it is wanted."""
        await self._send("response.done", response=self._shown("cancelled", reason=reason))

    def _shown(self, status: str, *items: dict[str, Any], **more: Any) -> dict[str, Any]:
        used = usage(text_given=self._text, text_made=self._text, heard_ms=0, spoken_ms=self._item.ms) if status == "completed" else None
        more |= {"conversation_id": None, "audio": {"output": self._output}, "metadata": self._metadata, "usage": used}
        return shown_response(self.id, status, list(items), **more)

"""An answer as server-sent events: role, words one by one, tool calls in fragments, the reason it ends, usage, [DONE]."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.faults import Fault
from sandbox.openai.usage import tokens_of
from sandbox.settings import Pace

if TYPE_CHECKING:
    from sandbox.openai.chat import Answer

FRAGMENT = 12
STALL_MS = 30_000
#: After so many pieces a fault strikes, unless it says otherwise.
STRIKES_AFTER = 3
_PIECE = re.compile(r"\s*\S+|\s+$")


def pieces(text: str) -> list[str]:
    """A text word by word; each piece keeps the space before it."""
    return _PIECE.findall(text)


def deltas(answer: Answer) -> Iterator[tuple[dict[str, Any], int]]:
    """What each chunk adds, with the tokens it stands for."""
    first = {"role": "assistant", "content": None if answer.calls and not answer.text else "", "refusal": None}
    yield first, 0
    for piece in pieces(answer.text):
        yield {"content": piece}, tokens_of(piece)
    for piece in pieces(answer.refusal):
        yield {"refusal": piece}, tokens_of(piece)
    for index, (call_id, name, arguments) in enumerate(answer.calls):
        function = {"name": name, "arguments": ""}
        yield {"tool_calls": [{"index": index, "id": call_id, "type": "function", "function": function}]}, tokens_of(name)
        for start in range(0, len(arguments), FRAGMENT):
            fragment = arguments[start : start + FRAGMENT]
            yield {"tool_calls": [{"index": index, "function": {"arguments": fragment}}]}, tokens_of(fragment)


class AnswerStream:
    """Sends one answer at the model's pace.

    Args:
        head: id, time and model, repeated in every chunk.
        options: the request's `stream_options`.
    """

    def __init__(self, request: web.Request, pace: Pace, head: dict[str, Any], options: dict[str, Any]) -> None:
        self._request = request
        self._pace = pace
        self._head = head | {"object": "chat.completion.chunk", "service_tier": "default", "system_fingerprint": None}
        self._with_usage = bool(options.get("include_usage"))
        self._obfuscated = options.get("include_obfuscation", True)
        self._response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"})

    async def send(self, answer: Answer, usage: dict[str, Any], headers: dict[str, str], fault: Fault | None) -> web.StreamResponse:
        """All of it; a reader who leaves ends it."""
        self._response.headers.update(headers)
        await self._response.prepare(self._request)
        with contextlib.suppress(ConnectionResetError):
            if await self._send_deltas(answer, fault):
                return self._response
            await self._chunk({}, finish_reason=answer.finish_reason)
            if self._with_usage:
                await self._event(self._head | {"choices": [], "usage": usage})
            if fault is None or fault.mode != "no_done":
                await self._response.write(b"data: [DONE]\n\n")
            await self._response.write_eof()
        return self._response

    async def _send_deltas(self, answer: Answer, fault: Fault | None) -> bool:
        """Whether a fault ended it."""
        loop = asyncio.get_running_loop()
        due = loop.time() + self._pace.first_token_ms / 1000
        strikes_after = int(fault.options.get("after", STRIKES_AFTER)) if fault is not None else -1
        for number, (delta, tokens) in enumerate([*deltas(answer), ({}, 0)]):
            await asyncio.sleep(max(0.0, due - loop.time()))
            if fault is not None and (number == strikes_after or not delta) and await self._struck(fault):
                return True
            if delta:
                await self._chunk(delta)
            due += tokens / self._pace.tokens_per_second
        return False

    async def _struck(self, fault: Fault) -> bool:
        match fault.mode:
            case "cut":
                if self._request.transport is not None:
                    self._request.transport.abort()
                return True
            case "stall":
                await asyncio.sleep(fault.milliseconds("stall_ms", STALL_MS) / 1000)
                return False
            case "error_event":
                error = {"message": "The server had an error processing your request.", "type": "server_error", "param": None, "code": None}
                await self._event({"error": error})
                await self._response.write_eof()
                return True
        return False

    async def _chunk(self, delta: dict[str, Any], *, finish_reason: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        chunk = self._head | {"choices": [choice]}
        if self._with_usage:
            chunk["usage"] = None
        if self._obfuscated:
            chunk["obfuscation"] = secrets.token_urlsafe(secrets.randbelow(12) + 1)
        await self._event(chunk)

    async def _event(self, data: dict[str, Any]) -> None:
        await self._response.write(b"data: " + json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode() + b"\n\n")

"""An answer as server-sent events: role, words one by one, tool calls in fragments, the reason it ends, usage, [DONE]."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import secrets
from collections.abc import Iterator, Sequence
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


class PacedStream:
    """Sends events at the model's pace.

    Args:
        failure: the event that tells of an error of the server's.
    """

    def __init__(self, request: web.Request, pace: Pace, failure: dict[str, Any]) -> None:
        self._request = request
        self._pace = pace
        self._failure = failure
        self._response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"})

    async def play(
        self, head: Sequence[dict[str, Any]], written: Sequence[tuple[dict[str, Any], int]], end: Sequence[dict[str, Any]], fault: Fault | None
    ) -> bool:
        """Sends an answer.

        Args:
            head: before the model has begun.
            written: events with the tokens that each stands for.
            end: when it has ended.

        Returns:
            Whether it came to its end: a fault may strike.
        """
        for event in head:
            await self._event(event)
        loop = asyncio.get_running_loop()
        due = loop.time() + self._pace.first_token_ms / 1000
        strikes_after = int(fault.options.get("after", STRIKES_AFTER)) if fault is not None else -1
        for number, (event, tokens) in enumerate([*written, ({}, 0)]):
            await asyncio.sleep(max(0.0, due - loop.time()))
            if fault is not None and (number == strikes_after or not event) and await self._struck(fault):
                return False
            if event:
                await self._event(event)
            due += tokens / self._pace.tokens_per_second
        for event in end:
            await self._event(event)
        return True

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
                await self._event(self._failure)
                await self._response.write_eof()
                return True
        return False

    async def _event(self, data: dict[str, Any]) -> None:
        # What names its type says it in the frame too, as the API does.
        name = b"event: " + data["type"].encode() + b"\n" if "type" in data else b""
        await self._response.write(name + b"data: " + json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode() + b"\n\n")


def obfuscation() -> str:
    """Padding that hides how long a piece is from who watches the wire."""
    return secrets.token_urlsafe(secrets.randbelow(12) + 1)


class AnswerStream(PacedStream):
    """Sends one answer as chunks of a chat completion.

    Args:
        head: id, time and model, repeated in every chunk.
        options: the request's `stream_options`.
    """

    def __init__(self, request: web.Request, pace: Pace, head: dict[str, Any], options: dict[str, Any]) -> None:
        error = {"message": "The server had an error processing your request.", "type": "server_error", "param": None, "code": None}
        super().__init__(request, pace, {"error": error})
        self._head = head | {"object": "chat.completion.chunk", "service_tier": "default", "system_fingerprint": None}
        self._with_usage = bool(options.get("include_usage"))
        self._obfuscated = options.get("include_obfuscation", True)

    async def send(self, answer: Answer, usage: dict[str, Any], headers: dict[str, str], fault: Fault | None) -> web.StreamResponse:
        """All of it; a reader who leaves ends it."""
        self._response.headers.update(headers)
        await self._response.prepare(self._request)
        written = [(self._chunk(delta), tokens) for delta, tokens in deltas(answer)]
        end = [self._chunk({}, finish_reason=answer.finish_reason)]
        if self._with_usage:
            end.append(self._head | {"choices": [], "usage": usage})
        with contextlib.suppress(ConnectionResetError):
            if not await self.play((), written, end, fault):
                return self._response
            if fault is None or fault.mode != "no_done":
                await self._response.write(b"data: [DONE]\n\n")
            await self._response.write_eof()
        return self._response

    def _chunk(self, delta: dict[str, Any], *, finish_reason: str | None = None) -> dict[str, Any]:
        chunk = self._head | {"choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}]}
        if self._with_usage:
            chunk["usage"] = None
        if self._obfuscated:
            chunk["obfuscation"] = obfuscation()
        return chunk

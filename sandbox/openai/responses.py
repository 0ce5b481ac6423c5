"""POST /v1/responses: the mind's answers as items, streamed or whole. Nothing is stored.

https://platform.openai.com/docs/api-reference/responses-streaming
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import Iterator
from itertools import count
from typing import Any

from aiohttp import web

from sandbox.faults import Fault
from sandbox.openai import responses_request
from sandbox.openai.chat import Answer, answer_to, to_be_said
from sandbox.openai.errors import REQUEST_ID, body_of, switched_on
from sandbox.openai.event_stream import FRAGMENT, PacedStream, obfuscation, pieces
from sandbox.openai.usage import PromptCache, tokens_of
from sandbox.settings import Pace
from sandbox.state import SandboxState

Event = dict[str, Any]
FAILURE = {
    "type": "error",
    "sequence_number": 0,
    "code": "server_error",
    "message": "The server had an error processing your request.",
    "param": None,
}


class Responses:
    """Responses."""

    def __init__(self, state: SandboxState) -> None:
        self._state = state
        self._prompts = PromptCache()

    async def create(self, request: web.Request) -> web.StreamResponse:
        """Answers one request."""
        body = await body_of(request)
        chat = responses_request.check(body)
        fault = self._state.faults.take("openai.chat")
        if (refused := switched_on(fault)) is not None:
            raise refused
        answer = answer_to(chat, fault)
        self._state.expected.floyd.add(*to_be_said(answer.text))
        writing = _Writing(body, answer, _usage(self._prompts.usage(chat, answer.written)))
        pace = self._state.settings.pace
        headers = {"x-request-id": request[REQUEST_ID], "openai-processing-ms": str(pace.first_token_ms)}
        if body.get("stream"):
            return await _EventStream(request, pace, FAILURE).send(writing, headers, fault)
        await asyncio.sleep(pace.first_token_ms / 1000 + tokens_of(answer.written) / pace.tokens_per_second)
        return web.json_response(writing.response(ended=True), headers=headers)


def _usage(used: dict[str, Any]) -> dict[str, Any]:
    """Usage of a chat completion in the words of this API."""
    return {
        "input_tokens": used["prompt_tokens"],
        "input_tokens_details": {"cached_tokens": used["prompt_tokens_details"]["cached_tokens"], "cache_write_tokens": 0},
        "output_tokens": used["completion_tokens"],
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": used["total_tokens"],
    }


class _Writing:
    """One answer as items and events.

    Args:
        body: the request.
    """

    def __init__(self, body: dict[str, Any], answer: Answer, usage: dict[str, Any]) -> None:
        self._body = body
        self._answer = answer
        self._usage = usage
        self._id = f"resp_{secrets.token_hex(24)}"
        self._created = int(time.time())
        self._items = [*self._message(), *self._calls()]
        self._obfuscated = (body.get("stream_options") or {}).get("include_obfuscation", True)

    def _message(self) -> Iterator[dict[str, Any]]:
        if said := self._answer.text or self._answer.refusal:
            part: dict[str, Any] = {"type": "refusal", "refusal": said}
            if self._answer.text:
                part = {"type": "output_text", "text": said, "annotations": [], "logprobs": []}
            yield {"id": f"msg_{secrets.token_hex(24)}", "type": "message", "status": self._status, "role": "assistant", "content": [part]}

    def _calls(self) -> Iterator[dict[str, Any]]:
        for call_id, name, arguments in self._answer.calls:
            item_id = f"fc_{secrets.token_hex(24)}"
            yield {"id": item_id, "type": "function_call", "status": "completed", "call_id": call_id, "name": name, "arguments": arguments}

    @property
    def _status(self) -> str:
        return "incomplete" if self._answer.finish_reason == "length" else "completed"

    def response(self, *, ended: bool) -> dict[str, Any]:
        """The response object as it is at its beginning, or at its end."""
        body, cut = self._body, self._status == "incomplete"
        return {
            "id": self._id,
            "object": "response",
            "created_at": self._created,
            "status": self._status if ended else "in_progress",
            "error": None,
            "incomplete_details": {"reason": "max_output_tokens"} if ended and cut else None,
            "instructions": body.get("instructions"),
            "max_output_tokens": body.get("max_output_tokens"),
            "metadata": body.get("metadata") or {},
            "model": body["model"],
            "output": self._items if ended else [],
            "parallel_tool_calls": body.get("parallel_tool_calls", True),
            "previous_response_id": None,
            "reasoning": {"effort": (body.get("reasoning") or {}).get("effort"), "summary": None},
            "service_tier": "default" if body.get("service_tier") in (None, "auto") else body["service_tier"],
            "store": body.get("store", True),
            "temperature": body.get("temperature", 1.0),
            "text": body.get("text") or {"format": {"type": "text"}, "verbosity": "medium"},
            "tool_choice": body.get("tool_choice", "auto"),
            "tools": body.get("tools") or [],
            "top_p": body.get("top_p", 1.0),
            "truncation": body.get("truncation", "disabled"),
            "usage": self._usage if ended else None,
        }

    def written(self) -> Iterator[tuple[Event, int]]:
        """Events of all items, with the tokens that each stands for."""
        for index, item in enumerate(self._items):
            yield from self._of_message(item, index) if item["type"] == "message" else self._of_call(item, index)

    def _of_message(self, item: dict[str, Any], index: int) -> Iterator[tuple[Event, int]]:
        part = item["content"][0]
        key = "text" if part["type"] == "output_text" else "refusal"
        name = "response.output_text" if key == "text" else "response.refusal"
        at = {"item_id": item["id"], "output_index": index, "content_index": 0}
        more: dict[str, Any] = {"logprobs": []} if key == "text" else {}
        yield {"type": "response.output_item.added", "output_index": index, "item": item | {"status": "in_progress", "content": []}}, 0
        yield {"type": "response.content_part.added", "part": part | {key: ""}, **at}, 0
        for piece in pieces(part[key]):
            yield {"type": f"{name}.delta", "delta": piece, **self._padding(), **at, **more}, tokens_of(piece)
        yield {"type": f"{name}.done", key: part[key], **at, **more}, 0
        yield {"type": "response.content_part.done", "part": part, **at}, 0
        yield {"type": "response.output_item.done", "output_index": index, "item": item}, 0

    def _of_call(self, item: dict[str, Any], index: int) -> Iterator[tuple[Event, int]]:
        at = {"item_id": item["id"], "output_index": index}
        name = "response.function_call_arguments"
        yield {"type": "response.output_item.added", "output_index": index, "item": item | {"status": "in_progress", "arguments": ""}}, 0
        for start in range(0, len(item["arguments"]), FRAGMENT):
            fragment = item["arguments"][start : start + FRAGMENT]
            yield {"type": f"{name}.delta", "delta": fragment, **self._padding(), **at}, tokens_of(fragment)
        yield {"type": f"{name}.done", "name": item["name"], "arguments": item["arguments"], **at}, 0
        yield {"type": "response.output_item.done", "output_index": index, "item": item}, 0

    def _padding(self) -> dict[str, str]:
        return {"obfuscation": obfuscation()} if self._obfuscated else {}

    def end(self) -> Event:
        """The last event."""
        return {"type": f"response.{self._status}", "response": self.response(ended=True)}


class _EventStream(PacedStream):
    """Sends one answer as this API's events."""

    def __init__(self, request: web.Request, pace: Pace, failure: Event) -> None:
        super().__init__(request, pace, failure)
        self._numbers = count()

    async def send(self, writing: _Writing, headers: dict[str, str], fault: Fault | None) -> web.StreamResponse:
        """All of it; a reader who leaves ends it."""
        self._response.headers.update(headers)
        await self._response.prepare(self._request)
        begun = writing.response(ended=False)
        head = [{"type": "response.created", "response": begun}, {"type": "response.in_progress", "response": begun}]
        end = [] if fault is not None and fault.mode == "no_done" else [writing.end()]
        with contextlib.suppress(ConnectionResetError):
            if await self.play(head, list(writing.written()), end, fault):
                await self._response.write_eof()
        return self._response

    async def _event(self, data: Event) -> None:
        await super()._event(data | {"sequence_number": next(self._numbers)})

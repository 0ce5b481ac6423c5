"""OpenAI's chat completions, streamed: the first token after a fixed time, then tokens at a fixed rate, one word each."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

from aiohttp import web

from bench.standins.lateness import Lateness

#: Two sentences each; the first one ends with the fourth to sixth word. Nothing in them that a careful agent would not say: no numbers, no names.
REPLIES = (
    "Sure, I can do that. I will make a note of it right away and pass it on this afternoon.",
    "Of course, let me check that. They come over in the morning as soon as the road is free again.",
    "No problem at all for us. The new place is noted and the driver has been told about it already.",
    "Thank you for telling me. I will let them know about the garden door and the boxes at once.",
)


#: More than a row of a benchmark asks.
MOST_THOUGHTS = 20_000


@dataclass(frozen=True, slots=True)
class ThinkingTimes:
    """When tokens come."""

    first_token_s: float = 0.35
    tokens_per_s: float = 60.0


@dataclass(slots=True)
class Thought:
    """One answer: for whom (`prompt_cache_key`), when it was asked for, and when each word was written (monotonic seconds); the last is its end."""

    key: str
    asked: float
    written: list[float] = field(default_factory=list)


class Thinking:
    """POST /v1/chat/completions and GET /v1/models; GET /thoughts tells what was answered since the last time."""

    def __init__(self, times: ThinkingTimes, lateness: Lateness) -> None:
        self._times, self._lateness = times, lateness
        self._thoughts: deque[Thought] = deque(maxlen=MOST_THOUGHTS)

    def routes(self) -> list[web.RouteDef]:
        """To be added to an application."""
        return [web.post("/v1/chat/completions", self._complete), web.get("/v1/models", self._models), web.get("/thoughts", self._told)]

    async def _told(self, _: web.Request) -> web.Response:
        told = [asdict(thought) for thought in self._thoughts]
        self._thoughts.clear()
        return web.json_response(told)

    async def _models(self, _: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": []})

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        began = time.monotonic()
        body = await request.json()
        asked = sum(message.get("role") == "user" for message in body.get("messages", ()))
        words = REPLIES[asked % len(REPLIES)].split(" ")
        if not body.get("stream"):
            return web.json_response({"error": {"message": "only streams here", "type": "invalid_request_error", "code": None}}, status=400)
        thought = Thought(str(body.get("prompt_cache_key")), began)
        self._thoughts.append(thought)
        reply = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"})
        await reply.prepare(request)
        identity = {
            "id": f"chatcmpl-{int(began * 1e6)}",
            "object": "chat.completion.chunk",
            "created": int(time.time()),
            "model": str(body.get("model")),
        }
        try:
            for number, word in enumerate(words):
                due = began + self._times.first_token_s + number / self._times.tokens_per_s
                await self._lateness.until(due, "" if number else "first token")
                delta = {"content": f" {word}"} if number else {"role": "assistant", "content": word}
                thought.written.append(time.monotonic())
                await reply.write(_event(identity, [{"index": 0, "delta": delta, "finish_reason": None}]))
            thought.written.append(time.monotonic())
            await reply.write(_event(identity, [{"index": 0, "delta": {}, "finish_reason": "stop"}]))
            if (body.get("stream_options") or {}).get("include_usage"):
                usage = {"prompt_tokens": 1000, "completion_tokens": len(words), "total_tokens": 1000 + len(words)}
                await reply.write(_event(identity, [], usage))
            await reply.write(b"data: [DONE]\n\n")
            await reply.write_eof()
        except (ConnectionError, asyncio.CancelledError):
            pass  # whoever asked was interrupted
        return reply


def _event(identity: dict[str, Any], choices: list[dict[str, Any]], usage: dict[str, int] | None = None) -> bytes:
    return b"data: " + json.dumps({**identity, "choices": choices, "usage": usage}).encode() + b"\n\n"

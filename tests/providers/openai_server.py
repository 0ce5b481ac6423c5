"""A scripted stand-in for OpenAI, at its wire."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


def delta(choice: dict[str, Any] | None = None, *, finish: str | None = None, usage: dict[str, Any] | None = None) -> bytes:
    """One event of a streamed completion."""
    choices = [] if choice is None and finish is None else [{"index": 0, "delta": choice or {}, "finish_reason": finish}]
    body = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices, "usage": usage}
    return b"data: " + json.dumps(body).encode() + b"\n\n"


USAGE = {"prompt_tokens": 2006, "completion_tokens": 30, "total_tokens": 2036, "prompt_tokens_details": {"cached_tokens": 1920}}
DONE = b"data: [DONE]\n\n"


def refusal(status: int, code: str, kind: str = "invalid_request_error") -> web.Response:
    return web.json_response({"error": {"message": "secret words of the prompt", "type": kind, "param": None, "code": code}}, status=status)


@dataclass
class OpenAIServer:
    """Each service is a function of the request's body that the test gives."""

    chat: Callable[[dict[str, Any]], list[bytes] | web.Response] | None = None
    responses: Callable[[dict[str, Any]], list[bytes] | web.Response] | None = None
    speech: Callable[[dict[str, Any]], list[bytes] | web.Response] | None = None
    realtime: Callable[[web.WebSocketResponse], Awaitable[None]] | None = None
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    cut: bool = False
    stall_s: float = 0.0
    base_url: str = ""

    async def _answer(self, request: web.Request, script: Any) -> web.StreamResponse:
        body = await request.json()
        self.bodies.append(body)
        self.headers.append(dict(request.headers))
        await asyncio.sleep(self.stall_s)
        answer = script(body)
        if isinstance(answer, web.Response):
            return answer
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for chunk in answer:
            await response.write(chunk)
        if self.cut:
            assert request.transport is not None
            request.transport.abort()
        return response

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, self.chat)

    async def _responses(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, self.responses)

    async def _speech(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, self.speech)

    async def _models(self, _: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": []})

    async def _realtime(self, request: web.Request) -> web.WebSocketResponse:
        self.headers.append(dict(request.headers))
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        assert self.realtime is not None
        await self.realtime(socket)
        return socket

    async def start(self) -> web.AppRunner:
        app = web.Application()
        app.add_routes(
            [
                web.post("/v1/chat/completions", self._chat),
                web.post("/v1/responses", self._responses),
                web.post("/v1/audio/speech", self._speech),
                web.get("/v1/models", self._models),
                web.get("/v1/realtime", self._realtime),
            ]
        )
        runner = web.AppRunner(app, shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
        return runner

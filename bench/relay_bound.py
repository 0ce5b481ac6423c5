"""The least that a ConversationRelay server can do: a prompt goes to the model, each token goes out as it comes, an interrupt ends it.

No checks, no rows, no transcript, no tools: a lower bound for what a relay line costs in this language, not a peer. Run as a program.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from contextlib import suppress
from typing import Any

import aiohttp
from aiohttp import web


class Bound:
    """Serves `/relay`.

    Args:
        model: base address of an OpenAI-compatible API.
    """

    def __init__(self, model: str) -> None:
        self._model = model
        self._session: aiohttp.ClientSession | None = None

    async def open(self, _: web.Application) -> None:
        """One client for all calls."""
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def close(self, _: web.Application) -> None:
        """Closes it."""
        if self._session is not None:
            await self._session.close()

    async def relay(self, request: web.Request) -> web.WebSocketResponse:
        """One call."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        call = ""
        history: list[dict[str, str]] = [{"role": "system", "content": "You answer the phone."}]
        reply: asyncio.Task[None] | None = None
        async for message in socket:
            data = json.loads(message.data)
            if data["type"] == "setup":
                call = data["callSid"]
            if data["type"] in ("prompt", "interrupt") and reply is not None:
                reply.cancel()
                with suppress(asyncio.CancelledError):
                    await reply
                reply = None
            if data["type"] == "prompt" and data["last"]:
                history.append({"role": "user", "content": data["voicePrompt"]})
                reply = asyncio.create_task(self._reply(socket, history, call))
        if reply is not None:
            reply.cancel()
        return socket

    async def _reply(self, socket: web.WebSocketResponse, history: list[dict[str, str]], call: str) -> None:
        assert self._session is not None
        body: dict[str, Any] = {"model": "bound", "stream": True, "messages": history, "prompt_cache_key": call}
        said = ""
        async with self._session.post(f"{self._model}/chat/completions", json=body) as answer:
            async for line in answer.content:
                if not line.startswith(b"data: {"):
                    continue
                for choice in json.loads(line[6:])["choices"]:
                    if token := choice["delta"].get("content"):
                        said += token
                        await socket.send_str(json.dumps({"type": "text", "token": token, "last": False}))
        await socket.send_str(json.dumps({"type": "text", "token": "", "last": True}))
        history.append({"role": "assistant", "content": said})


def main() -> None:
    """Serves until a signal."""
    parser = argparse.ArgumentParser(prog="python -m bench.relay_bound", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--model", required=True, help="base address of the model's API")
    options = parser.parse_args()
    bound, application = Bound(options.model), web.Application()
    application.on_startup.append(bound.open)
    application.on_cleanup.append(bound.close)
    application.add_routes([web.get("/relay", bound.relay)])
    with suppress(ImportError):
        import uvloop

        uvloop.install()
    web.run_app(application, host="127.0.0.1", port=options.port, print=None, access_log=None)


if __name__ == "__main__":
    main()

"""A human on a vendor's phone with ears and a mouth: what is played goes to the browser, the microphone goes into the call.

Binary messages both ways: μ-law at 8 kHz to the browser, 16-bit little-endian samples at 8 kHz from it.
"""

from __future__ import annotations

import asyncio
import contextlib
from urllib.parse import urlsplit

import numpy as np
from aiohttp import WSMsgType, web

from sandbox.twilio.errors import not_found
from sandbox.twilio.phones import Phones
from sandbox.voice import mulaw_encode

LONGEST_MESSAGE = 64 * 1024


def microphone_routes(phones: Phones) -> list[web.RouteDef]:
    """The socket of each phone, under `/control`."""

    async def audio(request: web.Request) -> web.WebSocketResponse:
        origin = urlsplit(request.headers.get("Origin", "")).netloc
        if origin and origin != request.host:
            raise web.HTTPForbidden(text="Only the sandbox's own pages may use the phone.")
        phone = phones.find(request.match_info["number"])
        if phone is None or phone.callee is None:
            raise not_found(request.path)
        socket = web.WebSocketResponse(max_msg_size=LONGEST_MESSAGE)
        await socket.prepare(request)
        callee = phone.callee
        heard: asyncio.Queue[bytes] = asyncio.Queue(maxsize=100)
        callee.listeners.add(heard)
        playing = asyncio.create_task(_play(socket, heard), name="phone audio")
        try:
            async for message in socket:
                if message.type is WSMsgType.BINARY and len(message.data) % 2 == 0:
                    callee.speech.live(mulaw_encode(np.frombuffer(message.data, "<i2").astype(np.int16)))
        finally:
            callee.listeners.discard(heard)
            playing.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await playing
        return socket

    return [web.get("/people/{number}/audio", audio)]


async def _play(socket: web.WebSocketResponse, heard: asyncio.Queue[bytes]) -> None:
    while True:
        await socket.send_bytes(await heard.get())

"""Bodies that are too large for the API are refused before anything is stored of them: Django would first write them to disk."""

from __future__ import annotations

import json
from collections.abc import MutableMapping
from typing import Any

from api import problems
from context.imports import found
from floyd_site.lifespan import Message, Receive, Send

PREFIX = "/api/"
MOST_BYTES = 64 * 1024
#: Where files are sent.
ROOMIER = {"/api/v1/imports": found.MOST_BYTES}


class BodyLimit:
    """ASGI application that answers 413 to API requests with more than `MOST_BYTES` (or what `ROOMIER` says), and passes everything else on."""

    def __init__(self, application: Any) -> None:
        self._application = application

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """One connection."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._application(scope, receive, send)
            return
        most = ROOMIER.get(scope["path"], MOST_BYTES)
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if not length.isdigit() or int(length) > most:
            await _refuse(send, most)
            return
        await self._count(scope, receive, send, most)

    async def _count(self, scope: MutableMapping[str, Any], receive: Receive, send: Send, most: int) -> None:
        """A body of unknown length is counted as it comes; past the limit, the application is told that the client left."""
        seen, too_large = 0, False

        async def counted() -> Message:
            nonlocal seen, too_large
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                too_large = True
                return {"type": "http.disconnect"}
            return message

        await self._application(scope, counted, send)
        if too_large:
            await _refuse(send, most)


async def _refuse(send: Send, most: int) -> None:
    body = json.dumps(problems.body(413, problems.TOO_LARGE.format(most=most // 1024))).encode()
    headers = [(b"content-type", problems.MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})

"""Sockets that carry a session may only be opened by our own pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

#: In a socket's scope: the way out past what stands between. A session looks at each message, though none can carry a cookie any more.
STRAIGHT = "floyd.send"


class SameOrigin:
    """ASGI wrapper that refuses (403) a WebSocket whose Origin is not this site.

    Stricter than the list of allowed hosts: another port of localhost is another site here.
    """

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """One socket."""
        headers = dict(scope["headers"])
        origin = urlsplit(headers.get(b"origin", b"").decode("latin-1"))
        own = {headers.get(b"host", b"").decode("latin-1").lower(), urlsplit(settings.SITE_URL).netloc.lower()}
        if origin.scheme in ("http", "https") and origin.netloc.lower() in own:
            await self.application({**scope, STRAIGHT: send}, receive, send)
            return
        # Closing before accepting answers the handshake with 403.
        await send({"type": "websocket.close", "code": 4403})

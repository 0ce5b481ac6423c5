"""Which WebSocket goes where. Sockets of pages carry a session and must come from our own pages; the carrier's bring
no Origin and prove themselves by the call's token, as those of who listens in to a call do."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter

from live.origin import SameOrigin

#: Modules with `websocket_urlpatterns`.
CARRIER = ("calls.lines.routing",)
PAGES = ("live.routing", "requests_app.routing")


def _patterns(modules: tuple[str, ...]) -> list[Any]:
    found: list[Any] = []
    for module in modules:
        found += import_module(module).websocket_urlpatterns
    return found


async def _refuse(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """No such socket: closing before accepting answers the handshake with 403."""
    await receive()
    await send({"type": "websocket.close", "code": 4404})


class Sockets:
    """ASGI application for WebSockets: the carrier's paths first, all others are pages'.

    Args:
        pages: False in the media process, which then need not load what pages are made of.
    """

    def __init__(self, *, pages: bool) -> None:
        carrier = _patterns(CARRIER)
        self._carrier = URLRouter(carrier)
        self._carrier_paths = tuple(str(entry.pattern) for entry in carrier)
        # Only paths that exist reach the session: anything else costs no query.
        known = _patterns(PAGES) if pages else []
        self._page_paths = tuple(str(entry.pattern) for entry in known)
        self._pages = SameOrigin(AuthMiddlewareStack(URLRouter(known)))

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """One socket."""
        path = scope["path"].removeprefix("/")
        if path in self._carrier_paths:
            await self._carrier(scope, receive, send)
        elif path in self._page_paths:
            await self._pages(scope, receive, send)
        else:
            await _refuse(scope, receive, send)


def make_router(pages: Any, *, process: str) -> Any:
    """Everything that is served: `pages` for HTTP, and the sockets of this process."""
    return ProtocolTypeRouter({"http": pages, "websocket": Sockets(pages=process != "media")})

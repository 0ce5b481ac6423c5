"""What a server process opens when it starts and closes when it stops.

Parts register a row in HOOKS: a dotted path of a callable that returns an async context manager, entered before
the first request and left after the last one.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

log = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]
Hook = Callable[[], AbstractAsyncContextManager[object]]

#: role → dotted paths, entered in this order.
HOOKS: dict[str, tuple[str, ...]] = {
    "web": ("live.listen.listening",),
    "media": ("calls.lines.warm.warmed", "calls.lines.ringing.listening", "calls.lines.presence.announced"),
}


def roles(process: str, *, public_url: str, media_node: str) -> list[str]:
    """What a process does: `web` also carries calls when the carrier reaches both at one address (a single tunnel)."""
    if process not in HOOKS:
        return []
    one_address = process == "web" and urlsplit(public_url).netloc == urlsplit(media_node).netloc
    return ["web", "media"] if one_address else [process]


def hooks_of(wanted: Collection[str]) -> list[Hook]:
    """The hooks of these roles, imported."""
    found: list[Hook] = []
    for role in wanted:
        for path in HOOKS[role]:
            module, name = path.rsplit(".", 1)
            found.append(getattr(import_module(module), name))
    return found


class Lifespan:
    """ASGI application that answers the server's lifespan messages and passes everything else on.

    Args:
        application: what serves requests.
        hooks: gives the hooks; called at start, so that importing them is part of starting.
    """

    def __init__(self, application: Application, hooks: Callable[[], list[Hook]]) -> None:
        self._application = application
        self._hooks = hooks

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """One connection, or the life of the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await self._application(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        stack = AsyncExitStack()
        try:
            for hook in self._hooks():
                await stack.enter_async_context(hook())
        except Exception as error:
            log.exception("start failed")
            await stack.aclose()
            await send({"type": "lifespan.startup.failed", "message": f"{type(error).__name__}: {error}"})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        try:
            await stack.aclose()
        except Exception:
            log.exception("stop failed")
            await send({"type": "lifespan.shutdown.failed", "message": "see the log"})
            return
        await send({"type": "lifespan.shutdown.complete"})

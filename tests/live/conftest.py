"""Pages that watch topics, over the real channel layer and the real database."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections

from context.models import User
from live import fragments, hub, routing
from live.origin import SameOrigin
from requests_app import routing as requests_routing

ORIGIN = "http://localhost:8000"
SOCKETS = SameOrigin(AuthMiddlewareStack(URLRouter([*routing.websocket_urlpatterns, *requests_routing.websocket_urlpatterns])))


def session_of(user: User) -> str:
    """The key of a session in which `user` is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    assert session.session_key
    return session.session_key


class Page(WebsocketCommunicator):  # type: ignore[misc]
    """A page's socket, opened with a session."""

    def __init__(self, path: str, session_key: str | None = None, origin: str | None = ORIGIN) -> None:
        headers = [(b"host", b"localhost:8000")]
        if origin:
            headers.append((b"origin", origin.encode()))
        if session_key:
            headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={session_key}".encode()))
        super().__init__(SOCKETS, path, headers=headers)

    async def watch(self, **positions: int) -> dict[str, Any]:
        """Says what it shows (`request__x=3` for topic `request.x`); gives the first answer."""
        topics = {name.replace("__", "."): seq for name, seq in positions.items()}
        await self.send_json_to({"watch": topics})
        return await self.changes()

    async def message(self, timeout: float = 3) -> dict[str, Any]:
        """The next message."""
        return dict(json.loads(await self.receive_from(timeout=timeout)))

    async def changes(self) -> dict[str, Any]:
        """Messages up to the next one with sequence numbers, as one."""
        content = ""
        while True:
            message = await self.message()
            if "reload" in message:
                return message
            content += message.get("content", "")
            if "heads" in message:
                return {"heads": message["heads"], "content": content}

    async def close_code(self, timeout: float = 3) -> int:
        """How the server closed it; messages before that are skipped."""
        while True:
            output = await self.receive_output(timeout=timeout)
            if output["type"] == "websocket.close":
                return int(output["code"])


@pytest.fixture(autouse=True)
async def no_connection_left() -> AsyncIterator[None]:
    """The thread in which Django's synchronous parts run keeps its connection, which would hold the test database."""
    yield
    await sync_to_async(connections.close_all)()


@pytest.fixture
async def open_page() -> AsyncIterator[Callable[..., Any]]:
    """Opens page sockets and closes them (and the hub) afterwards."""
    pages: list[Page] = []

    async def open_one(user: User | None, path: str = "/live/") -> Page:
        page = Page(path, await sync_to_async(session_of)(user) if user else None)
        assert (await page.connect())[0]
        pages.append(page)
        return page

    yield open_one
    for page in pages:
        with contextlib.suppress(Exception):
            await page.disconnect()
    await hub.stop()


@pytest.fixture
def drawn(monkeypatch) -> list[str]:
    """Draws every kind as its ref; remembers what was drawn."""
    done: list[str] = []

    def renderer(ref: str) -> str:
        done.append(ref)
        return f"<i>{ref}</i>"

    monkeypatch.setattr(fragments, "_renderers", {"thing": renderer})
    return done

"""A request's database connection ends with the request.

Django runs each request of an ASGI server in a thread of its own, which ends with it. A connection is its thread's, so the one that is kept for the
next request (`CONN_MAX_AGE`, for threads that last: the hub's, Celery's) has none to come, and would be thrown away open.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.db import connections

from floyd_site.lifespan import Receive, Send


class RequestConnections:
    """ASGI application that closes the connections of a request's thread behind it, however it ended; passes everything else on."""

    def __init__(self, application: Any) -> None:
        self._application = application

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """One connection. Django joins the context that is there already: the thread is the same."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        async with ThreadSensitiveContext():
            try:
                await self._application(scope, receive, send)
            finally:
                await sync_to_async(connections.close_all)()

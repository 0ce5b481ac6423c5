"""Is this process fit for work? Answered before Django, so that it is quick and says so from the first moment."""

from __future__ import annotations

import json
import sys
from collections.abc import MutableMapping
from typing import Any

from floyd_site.lifespan import Application, Receive, Send

PATH = "/healthz"
NAME = "floyd"
#: Counts this process's calls; only there when the process loaded the lines.
LINES = "calls.lines.drain"


def _calls() -> dict[str, object]:
    module = sys.modules.get(LINES)
    return dict(module.report()) if module else {}


class Readiness:
    """Whether new work may come. A draining process finishes what it has and takes nothing new."""

    def __init__(self) -> None:
        self.draining = False


#: Of this process.
readiness = Readiness()


class Health:
    """ASGI application that answers GET /healthz and passes everything else on.

    200 while new work may come, 503 while draining; the body names the process and, where it carries calls, says how many, and whether it is full.
    """

    def __init__(self, application: Application, *, process: str) -> None:
        self._application = application
        self._process = process

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """One connection."""
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._application(scope, receive, send)
            return
        status = 503 if readiness.draining else 200
        calls = _calls()
        word = "draining" if readiness.draining else "full" if calls.get("full") else "ok"
        body = json.dumps({"service": NAME, "process": self._process, "status": word, **calls}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body if scope["method"] != "HEAD" else b""})

"""Nobody fills the disk through the API."""

from __future__ import annotations

import json
from typing import Any

import pytest

from floyd_site.body_limit import MOST_BYTES, BodyLimit


class Application:
    """Reads the body whole, as Django does; answers only if it got it."""

    def __init__(self) -> None:
        self.read = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            self.read += len(message["body"])
            if not message["more_body"]:
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})


async def send_body(pieces: list[bytes], *, path: str = "/api/v1/requests", length: str | None = None) -> tuple[Application, list[dict[str, Any]]]:
    application, sent = Application(), []
    messages = [{"type": "http.request", "body": piece, "more_body": at < len(pieces)} for at, piece in enumerate(pieces, start=1)]
    headers = [] if length is None else [(b"content-length", length.encode())]

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await BodyLimit(application)({"type": "http", "path": path, "headers": headers}, receive, send)
    return application, sent


@pytest.mark.parametrize("length", [str(MOST_BYTES + 1), "-1", "many", "1" * 40])
async def test_a_body_that_says_it_is_too_large_is_not_read(length):
    application, sent = await send_body([b"x"], length=length)
    assert application.read == 0 and sent[0]["status"] == 413
    assert "64 KiB" in json.loads(sent[1]["body"])["detail"]


async def test_a_body_that_does_not_say_is_counted():
    application, sent = await send_body([b"x" * MOST_BYTES, b"x", b"x"])
    assert application.read == MOST_BYTES and [message.get("status") for message in sent] == [413, None]


@pytest.mark.parametrize(("pieces", "path"), [([b"x" * MOST_BYTES], "/api/v1/requests"), ([b"x" * MOST_BYTES, b"x"], "/requests/")])
async def test_all_else_passes(pieces, path):
    _, sent = await send_body(pieces, path=path)
    assert [message["status"] for message in sent] == [200]

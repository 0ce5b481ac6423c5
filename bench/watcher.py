"""A page's socket, as a browser opens it, for hundreds in one process: what comes is stamped at once and read when there is time."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any
from urllib.parse import urlsplit

from websockets.client import ClientProtocol
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri


class Watcher(asyncio.Protocol):
    """Opens `/live/` with a session, compressed as browsers have it.

    Args:
        site: address of the web process.
        cookie: the session's, `name=value`.
    """

    def __init__(self, site: str, cookie: str) -> None:
        self._wire = ClientProtocol(parse_uri(f"ws://{urlsplit(site).netloc}/live/"), extensions=[ClientPerMessageDeflateFactory()])
        self._headers = {"Cookie": cookie, "Origin": site}
        self._came: list[tuple[float, bytes]] = []
        self._transport: asyncio.Transport | None = None
        self.gone = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Shakes hands."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        request = self._wire.connect()
        request.headers.update(self._headers)
        self._wire.send_request(request)
        self._flush()

    def data_received(self, data: bytes) -> None:
        """Stamps it, no more: reading it here would keep the others waiting, and be measured."""
        self._came.append((time.monotonic(), data))

    def connection_lost(self, exc: Exception | None) -> None:
        """Notes it."""
        self.gone = True

    @property
    def open(self) -> bool:
        """Whether hands were shaken, as far as was read."""
        return self._wire.state is State.OPEN

    def watch(self, topics: dict[str, int]) -> None:
        """Says what the page shows."""
        self._wire.send_text(json.dumps({"watch": topics}).encode())
        self._flush()

    def read(self) -> list[tuple[float, dict[str, Any]]]:
        """The messages since the last time, each with the moment of its arrival; answers pings."""
        came, self._came = self._came, []
        messages = []
        for at, data in came:
            self._wire.receive_data(data)
            messages += [
                (at, json.loads(bytes(event.data)))
                for event in self._wire.events_received()
                if isinstance(event, Frame) and event.opcode is Opcode.TEXT
            ]
        self._flush()
        return messages

    def close(self) -> None:
        """Goes away."""
        if self._transport is not None:
            self._transport.close()

    def _flush(self) -> None:
        if self._transport is not None and (sent := b"".join(self._wire.data_to_send())):
            self._transport.write(sent)

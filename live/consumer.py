"""The page socket: one per open page. It checks access, asks the hub to watch, and sends what the hub hands it.

The page opens it and says which topics it shows and how far it has seen them::

    {"watch": {"request.0199…": 41, "user.7": 12}}

and gets, whenever something changed, and at least every ten seconds::

    {"content": "<section id=… hx-swap-oob=…>", "heads": {"request.0199…": 42}}

(`heads` are those that moved) or `{"reload": true}` when it has been away for too long. Close codes 4401 (signed out), 4403 (not yours), 4400 (not
understood) and 4429 (too many pages) mean: do not come back; 1012 and 1013: come back.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from live import hub
from live.admission import Ticket
from live.fragments import RELOAD, Fragment
from live.signed_in_socket import NOT_UNDERSTOOD, SignedInSocket

TRY_AGAIN = 1013
HELLO_TIMEOUT_S = 5.0
SEND_TIMEOUT_S = 5.0
#: A page hears something at least so often, else it takes its line for dead.
BEAT_S = 10.0
MOST_TOPICS = 8
MOST_BYTES_RECEIVED = 4096
#: Fragments that may wait for a slow page; one with more to catch up on is better off replaying.
MOST_WAITING = 500
START_ANEW = json.dumps({"reload": True})


class PageSocket(SignedInSocket):
    """See the module. The hub hears broadcasts for all sockets of the process."""

    most_per_user = 30

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._ticket: Ticket | None = None
        self._heads: dict[str, int] = {}
        self._moved: dict[str, int] = {}
        self._waiting: dict[Fragment, str] = {}
        self._reload = False
        self._refused = 0
        self._wake = asyncio.Event()

    async def disconnect(self, code: int) -> None:
        """Leaves the hub."""
        await super().disconnect(code)
        if self._ticket is not None:
            await hub.current().admission.dismiss(self, self._ticket)
            await hub.current().leave(self)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Takes the one message a page sends."""
        positions = _read(text_data)
        if positions is None or self._ticket is not None:
            await self.close(NOT_UNDERSTOOD)
            return
        running, ticket = hub.current(), (self.scope["session"].session_key, frozenset(positions))
        if code := await running.admission.admit(self, ticket):
            await self.close(code)
            return
        self._ticket = ticket
        if not await running.join(self, positions):
            self._reload = True
        self._heads |= running.heads(list(positions))
        self._moved = dict(self._heads)
        self._wake.set()

    def deliver(self, heads: Mapping[str, int], drawn: Mapping[Fragment, str]) -> None:
        """Called by the hub. A fragment that is still waiting is replaced: only its newest drawing counts."""
        for topic, seq in heads.items():
            self._moved[topic] = self._heads[topic] = max(seq, self._heads.get(topic, 0))
        self._waiting.update(drawn)
        self._reload = self._reload or RELOAD in drawn
        self._wake.set()

    def refuse(self, code: int) -> None:
        """Called when it may not watch any more."""
        self._refused = code
        self._wake.set()

    async def serve(self) -> None:
        """Waits for the page to say what it shows, and sends, one message at a time, until the socket ends."""
        try:
            async with asyncio.timeout(HELLO_TIMEOUT_S):
                await self._wake.wait()
            while await self._send_waiting():
                beat = asyncio.get_running_loop().call_later(BEAT_S, self._wake.set)
                await self._wake.wait()
                beat.cancel()
        except TimeoutError:
            await self._give_up()

    async def _send_waiting(self) -> bool:
        """Sends what waits. False when that was the end: the page has to start anew, or may not watch any more."""
        self._wake.clear()
        if self._refused:
            await self.close(self._refused)
            return False
        if len(self._waiting) > MOST_WAITING:
            raise TimeoutError
        waiting, self._waiting = self._waiting, {}
        moved, self._moved = self._moved or self._heads, {}
        messages = (START_ANEW,) if self._reload else _messages(tuple(waiting.values()), tuple(moved.items()))
        async with asyncio.timeout(SEND_TIMEOUT_S):
            for message in messages:
                await self.send(text_data=message)
        return not self._reload

    async def _give_up(self) -> None:
        """Closes a socket that does not read (or never said what it shows); a live page comes back and catches up."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                await self.close(TRY_AGAIN)


def _read(text: str | None) -> dict[str, int] | None:
    """Topics and positions from the page's message; None when it is not one."""
    if text is None or len(text) > MOST_BYTES_RECEIVED:
        return None
    try:
        watch = json.loads(text)["watch"]
        positions = {str(topic): int(seq) for topic, seq in watch.items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    if not 0 < len(positions) <= MOST_TOPICS or not all(0 <= seq < 2**63 for seq in positions.values()):
        return None
    return positions


@lru_cache(maxsize=32)
def _messages(fragments: tuple[str, ...], heads: tuple[tuple[str, int], ...]) -> tuple[str, ...]:
    """Fragments and the numbers reached with them as messages, made once for all pages that get the same."""
    # One message each: a fragment may belong into another that comes just before it. The numbers come with the last,
    # so that a page that is cut off in between asks for all of them again.
    messages: list[dict[str, Any]] = [{"content": html} for html in fragments if html] or [{}]
    messages[-1]["heads"] = dict(heads)
    return tuple(json.dumps(message) for message in messages)

"""The page socket: one per open page. It checks access, asks the hub to watch, and sends what the hub hands it.

The page opens it and says which topics it shows and how far it has seen them::

    {"watch": {"request.0199…": 41, "user.7": 12}}

and gets, whenever something changed, and at least every ten seconds::

    {"content": "<section id=… hx-swap-oob=…>", "heads": {"request.0199…": 42}}

or `{"reload": true}` when it has been away for too long. Close codes 4401 (signed out), 4403 (not yours), 4400 (not
understood) and 4429 (too many pages) mean: do not come back; 1012 and 1013: come back.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Mapping
from typing import Any

from live import access, hub
from live.fragments import Fragment
from live.signed_in_socket import NOT_UNDERSTOOD, REFUSED, SIGNED_OUT, SignedInSocket

TRY_AGAIN = 1013
HELLO_TIMEOUT_S = 5.0
SEND_TIMEOUT_S = 5.0
BEAT_S = 10.0
MOST_TOPICS = 8
MOST_BYTES_RECEIVED = 4096
#: Fragments that may wait for a slow page; one with more to catch up on is better off replaying.
MOST_WAITING = 500


class PageSocket(SignedInSocket):
    """See the module. The hub hears broadcasts for all sockets of the process."""

    most_per_user = 30

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._topics: list[str] = []
        self._heads: dict[str, int] = {}
        self._waiting: dict[Fragment, str] = {}
        self._reload = False
        self._wake = asyncio.Event()

    async def disconnect(self, code: int) -> None:
        """Leaves the hub."""
        await super().disconnect(code)
        if self._topics:
            await hub.current().leave(self)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Takes the one message a page sends."""
        positions = _read(text_data)
        if positions is None or self._topics:
            await self.close(NOT_UNDERSTOOD)
            return
        if not await self._may_watch(list(positions)):
            return
        self._topics = list(positions)
        self._reload = not await hub.current().join(self, positions)
        self._heads |= hub.current().heads(self._topics)
        self._wake.set()

    def deliver(self, heads: Mapping[str, int], drawn: Mapping[Fragment, str]) -> None:
        """Called by the hub. A fragment that is still waiting is replaced: only its newest drawing counts."""
        for topic, seq in heads.items():
            self._heads[topic] = max(seq, self._heads.get(topic, 0))
        self._waiting.update(drawn)
        self._wake.set()

    async def _may_watch(self, topics: list[str]) -> bool:
        """Checks the session and every topic anew; closes and returns False when one is refused."""
        key = self.scope["session"].session_key
        code = await hub.current().in_thread(_refusal, key, topics)
        if code:
            await self.close(code)
        return not code

    async def serve(self) -> None:
        """Waits for the page to say what it shows, and sends, one message at a time, until the socket ends."""
        try:
            async with asyncio.timeout(HELLO_TIMEOUT_S):
                await self._wake.wait()
            beat_at = asyncio.get_running_loop().time() + BEAT_S
            while await self._send_waiting():
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout_at(beat_at):
                        await self._wake.wait()
                if asyncio.get_running_loop().time() >= beat_at:
                    beat_at += BEAT_S
                    if not await self._may_watch(self._topics):
                        return
        except TimeoutError:
            await self._give_up()

    async def _send_waiting(self) -> bool:
        """Sends what waits. False when the page has to start anew."""
        self._wake.clear()
        if len(self._waiting) > MOST_WAITING:
            raise TimeoutError
        waiting, self._waiting = self._waiting, {}
        # One message each: a fragment may belong into another that comes just before it. The numbers come with the last,
        # so that a page that is cut off in between asks for all of them again.
        messages: list[dict[str, Any]] = [{"content": html} for html in waiting.values() if html] or [{}]
        messages[-1]["heads"] = dict(self._heads)
        for message in [{"reload": True}] if self._reload else messages:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await self.send(text_data=json.dumps(message))
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


def _refusal(session_key: str | None, topics: list[str]) -> int:
    """The close code that says no, or 0."""
    user = access.user_of_session(session_key)
    if not user.is_authenticated:
        return SIGNED_OUT
    return 0 if all(access.may_watch(user, topic) for topic in topics) else REFUSED

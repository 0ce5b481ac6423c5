"""A WebSocket of a page for somebody who is signed in: counted per user, refused with a close code, and ended with its work.

Close codes 4401 (signed out), 4403 (not yours), 4400 (not understood) and 4429 (too many sockets) mean: do not come back.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections import Counter
from typing import Any, ClassVar

from channels.generic.websocket import AsyncWebsocketConsumer

from live.origin import STRAIGHT

SIGNED_OUT, REFUSED, NOT_UNDERSTOOD, TOO_MANY = 4401, 4403, 4400, 4429


class SignedInSocket(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Base of such sockets: `serve` runs from the moment somebody signed in has connected until the socket ends.

    Attributes:
        most_per_user: sockets of this class that one user may have open in this process.
    """

    # Its process passes on what concerns it; a socket needs no channel of its own.
    channel_layer_alias = "none"
    most_per_user: ClassVar[int]
    _open: ClassVar[Counter[int]]

    def __init_subclass__(cls, **options: Any) -> None:
        """Each class of sockets is counted by itself."""
        super().__init_subclass__(**options)
        cls._open = Counter()

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._serving: asyncio.Task[None] | None = None
        self._counted_for: int | None = None

    @abstractmethod
    async def serve(self) -> None:
        """The socket's work; cancelled when the socket ends."""

    async def connect(self) -> None:
        """Accepts first, so that a refusal reaches the page as a close code."""
        await self.accept()
        if STRAIGHT in self.scope:
            self.base_send = self.scope[STRAIGHT]
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.close(SIGNED_OUT)
        elif self._open[user.pk] >= self.most_per_user:
            await self.close(TOO_MANY)
        else:
            self._counted_for = user.pk
            self._open[user.pk] += 1
            self._serving = asyncio.create_task(self.serve(), name=type(self).__name__)

    async def disconnect(self, code: int) -> None:
        """Ends the work and frees the user's place."""
        if self._serving is not None:
            self._serving.cancel()
            await asyncio.gather(self._serving, return_exceptions=True)
        if self._counted_for is not None:
            self._open[self._counted_for] -= 1
            if not self._open[self._counted_for]:
                del self._open[self._counted_for]
            self._counted_for = None

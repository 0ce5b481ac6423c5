"""Who listens to a call's sound in this process. A listener who is slow loses sound, and costs the call nothing."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from calls.speech.both_sides import BothSides

#: Sound goes out in pieces of this many frames: 40 ms.
FRAMES_TOGETHER = 2
#: A second of sound. What waits for longer is of no use to somebody who listens live: the oldest goes.
MOST_WAITING = 25
MOST_LISTENERS = 10
POSITION_BYTES = 4


class Seat:
    """One listener's place: sound that waits to be sent, and now and then a word to the page.

    Args:
        microphone: by which the listener may be let speak; empty for who only listens.
    """

    def __init__(self, microphone: str = "") -> None:
        self.microphone = microphone
        self.lost = 0
        self._waiting: deque[bytes | str] = deque()
        self._changed = asyncio.Event()
        self._over = False

    def put(self, piece: bytes | str) -> None:
        """A piece of sound, or a word, at once."""
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.popleft()
            self.lost += 1
        self._waiting.append(piece)
        self._changed.set()

    def end(self) -> None:
        """No more comes."""
        self._over = True
        self._changed.set()

    async def next(self) -> bytes | str | None:
        """The next piece; None when the call is over."""
        while not self._waiting:
            if self._over:
                return None
            self._changed.clear()
            await self._changed.wait()
        return self._waiting.popleft()


class Audience:
    """Hands both sides of a call to everybody who listens.

    A piece is four bytes (big endian: how many samples came before it in this call), then theirs, then ours, equally long, in μ-law at 8 kHz.
    """

    def __init__(self) -> None:
        self.sides = BothSides()
        self.spoke: Callable[[str, bytes], None] = lambda microphone, audio: None  # μ-law of somebody's microphone came
        self.left: Callable[[str], None] = lambda microphone: None  # who had a microphone is gone
        self._seats: set[Seat] = set()
        self._position = 0
        self._theirs = bytearray()
        self._ours = bytearray()
        self._frames = 0

    def frame(self, theirs: bytes) -> bytes:
        """A frame of the other side. Returns what is heard of us meanwhile, as long."""
        ours = self.sides.beside(theirs)
        if not self._seats:
            self._position += len(theirs)
            return ours
        self._theirs += theirs
        self._ours += ours
        self._frames += 1
        if self._frames >= FRAMES_TOGETHER:
            self._hand_out()
        return ours

    def _hand_out(self) -> None:
        piece = (self._position & 0xFFFFFFFF).to_bytes(POSITION_BYTES, "big") + self._theirs + self._ours
        self._position += len(self._theirs)
        self._theirs.clear()
        self._ours.clear()
        self._frames = 0
        for seat in self._seats:
            seat.put(piece)

    def tell(self, microphone: str, word: dict[str, str]) -> bool:
        """Says a word to the page with this microphone. False when it is not here."""
        seat = next((seat for seat in self._seats if seat.microphone == microphone), None)
        if seat is None:
            return False
        seat.put(json.dumps(word))
        return True

    def join(self, microphone: str = "") -> Seat | None:
        """A place to listen from; None when all are taken."""
        if len(self._seats) >= MOST_LISTENERS:
            return None
        seat = Seat(microphone)
        self._seats.add(seat)
        return seat

    def leave(self, seat: Seat) -> None:
        """Somebody stopped listening."""
        self._seats.discard(seat)
        if not self._seats:
            self._position += len(self._theirs)
            self._theirs.clear()
            self._ours.clear()
            self._frames = 0
        if seat.microphone:
            self.left(seat.microphone)

    def end(self) -> None:
        """The call is over."""
        for seat in self._seats:
            seat.end()


_on_air: dict[UUID, Audience] = {}


@contextmanager
def on_air(call_id: UUID, audience: Audience) -> Iterator[None]:
    """While a call goes on in this process it can be listened to."""
    _on_air[call_id] = audience
    try:
        yield
    finally:
        del _on_air[call_id]
        audience.end()


def audience_of(call_id: UUID) -> Audience | None:
    """Of a call that is on in this process."""
    return _on_air.get(call_id)

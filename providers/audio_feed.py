"""Audio on its way to a recogniser: taken at once, cut into pieces, bounded."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from providers.types import Encoding

BYTES_PER_MS = {Encoding.MULAW_8K: 8, Encoding.LINEAR16_16K: 32}
#: A recogniser costs per message. Words are wanted soon (Floyd answers and falls silent by them), so speech goes in small pieces, what follows it in
#: smaller ones until it is clear that it is over, and a voice that begins or falls silent goes at once. Nothing depends on silence: large pieces.
PIECE_IN_SPEECH_MS = 60
PIECE_AFTER_SPEECH_MS = 40
PIECE_IN_SILENCE_MS = 200
#: So long after a voice it may be over, or go on.
AFTER_SPEECH_MS = 400
#: What may wait for a provider that is stuck; beyond it the oldest goes.
MOST_WAITING_MS = 10_000
#: μ-law codes of samples louder than about -38 dBFS (the code is inverted: its low seven bits grow with the level). A tenth of a voice's are.
_LOUD = bytes(1 if (~code & 0x7F) >= 0x20 else 0 for code in range(256))


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of audio; `start_ms` counts from the first audio fed."""

    start_ms: int
    audio: bytes


class AudioFeed:
    """A queue of pieces with one reader. `put` never blocks; `dropped_ms` says what a stuck reader cost."""

    def __init__(self, encoding: Encoding) -> None:
        self.dropped_ms = 0
        self.quiet_ms = 0
        self._bytes_per_ms = BYTES_PER_MS[encoding]
        self._measures_level = encoding is Encoding.MULAW_8K
        self._pending = bytearray()
        self._pieces: deque[Piece] = deque()
        self._cut_ms = 0
        self._ended = False
        self._changed = asyncio.Event()

    def put(self, audio: bytes) -> None:
        """Takes audio of any length."""
        if self._ended:
            return
        self._pending += audio
        if len(self._pending) >= self._piece_ms(audio) * self._bytes_per_ms:
            self._cut()

    def _piece_ms(self, newest: bytes) -> int:
        """How long the piece that ends with `newest` has to be to go."""
        if not self._measures_level:
            return PIECE_AFTER_SPEECH_MS
        before_ms = self.quiet_ms
        if newest.translate(_LOUD).count(1) * 10 >= len(newest):
            self.quiet_ms = 0
            return 0 if before_ms > AFTER_SPEECH_MS else PIECE_IN_SPEECH_MS
        self.quiet_ms += len(newest) // self._bytes_per_ms
        if not before_ms:
            return 0
        return PIECE_AFTER_SPEECH_MS if self.quiet_ms <= AFTER_SPEECH_MS else PIECE_IN_SILENCE_MS

    def _cut(self) -> None:
        piece = Piece(self._cut_ms, bytes(self._pending))
        self._pending.clear()
        self._cut_ms += len(piece.audio) // self._bytes_per_ms
        self._pieces.append(piece)
        while self._cut_ms - self._pieces[0].start_ms > MOST_WAITING_MS:
            self.dropped_ms += len(self._pieces.popleft().audio) // self._bytes_per_ms
        self._changed.set()

    def end(self) -> None:
        """No more will be put; what waits can still be taken."""
        if self._pending:
            self._cut()
        self._ended = True
        self._changed.set()

    @property
    def exhausted(self) -> bool:
        """Whether it has ended and everything was taken."""
        return self._ended and not self._pieces

    async def wait(self) -> bool:
        """Until there is a piece (True) or there will be none any more (False)."""
        while not self._pieces:
            if self._ended:
                return False
            self._changed.clear()
            await self._changed.wait()
        return True

    async def take(self) -> Piece | None:
        """The next piece; None at the end."""
        return self._pieces.popleft() if await self.wait() else None

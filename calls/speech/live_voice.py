"""A live microphone's sound on its way to the carrier: whole despite an uneven network, and never far behind. Pure.

The carrier plays what it gets, one piece behind the other, so every stall of the network that is followed by a burst would put the voice further
behind for the rest of the call. Here so much is sent ahead as bridges small stalls, and what would add up is left out.
"""

from __future__ import annotations

from calls.speech.mulaw import BYTES_PER_MS

#: Collected before the first piece, and again whenever the carrier ran dry; and the most that it may have to play.
START_MS, MOST_AHEAD_MS = 60, 300


class LiveVoice:
    """Says of each piece what is sent of it."""

    def __init__(self) -> None:
        self.left_out_ms = 0
        self._held = bytearray()
        self._plays_until_ms = 0

    def take(self, audio: bytes, now_ms: int) -> bytes:
        """What goes to the carrier now: nothing while some is collected, or when it has enough."""
        ahead_ms = self._plays_until_ms - now_ms
        if ahead_ms > MOST_AHEAD_MS:
            self.left_out_ms += len(audio) // BYTES_PER_MS
            return b""
        if ahead_ms <= 0:
            self._held += audio
            if len(self._held) < START_MS * BYTES_PER_MS:
                return b""
            audio = bytes(self._held)
            self._held.clear()
            self._plays_until_ms = now_ms
        self._plays_until_ms += len(audio) // BYTES_PER_MS
        return audio

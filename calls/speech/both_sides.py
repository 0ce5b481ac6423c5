"""The two sides of a call as they are heard at the same time: theirs comes in step with the clock, ours is sent ahead and kept until its time. Pure.

https://www.twilio.com/docs/voice/media-streams: a frame of theirs comes every 20 ms, also in silence, so it is the beat for ours.
"""

from __future__ import annotations

#: μ-law of nothing.
SILENCE = b"\xff"


class BothSides:
    """Cuts what we sent into the pieces that play while a piece of theirs is heard."""

    def __init__(self) -> None:
        self._ours = bytearray()

    def sent(self, audio: bytes) -> None:
        """Our audio went to the carrier, which plays it behind what it has."""
        self._ours += audio

    def cleared(self) -> None:
        """The carrier dropped what it had not played."""
        self._ours.clear()

    def beside(self, theirs: bytes) -> bytes:
        """What is heard of us while `theirs` is heard of them: as long, with silence where we say nothing."""
        ours = bytes(self._ours[: len(theirs)])
        del self._ours[: len(theirs)]
        return ours.ljust(len(theirs), SILENCE)

"""The audio of one answered call: every 20 ms the far end hears what the carrier has played, and is heard.

The line outlives streams: a person goes on listening and talking while documents change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sandbox.clock import Clock
from sandbox.twilio.frames import FRAME_BYTES, FRAME_MS
from sandbox.twilio.playout import Playout


@dataclass(frozen=True, slots=True)
class Uplink:
    """What the far end did in one frame: 160 bytes of μ-law (None is silence), and keys pressed."""

    audio: bytes | None = None
    keys: str = ""


class FarEnd(Protocol):
    """Whoever answered the call."""

    @property
    def hung_up(self) -> bool:
        """Whether they have put the phone down."""

    def frame(self, heard: bytes | None, now_ms: int) -> Uplink:
        """20 ms pass: they hear `heard` (None is silence) and do something. Must not block."""


class StreamEnd(Protocol):
    """A media stream that is attached to the line."""

    def frame(self, uplink: Uplink) -> None:
        """Takes what the far end did in one frame."""

    def played(self, marks: list[str]) -> None:
        """Takes the names of marks that are due."""


class Line:
    """Clock of one call's audio.

    Args:
        clock: paces the frames.
        far_end: the person.
    """

    def __init__(self, clock: Clock, far_end: FarEnd) -> None:
        self._clock = clock
        self._far_end = far_end
        self._began = clock.now()
        self.playout = Playout(self._began)
        self.stream: StreamEnd | None = None

    def now(self) -> float:
        """Seconds on the playout's clock."""
        return self._clock.now()

    def end_of_stream(self) -> None:
        """The stream is gone, and with it what it had queued."""
        self.stream = None
        self.playout.clear(self.now())
        self.playout.due(self.now())

    async def play(self, audio: bytes) -> None:
        """Plays audio of a verb and waits until it was heard."""
        self.playout.media(audio, self.now())
        await self._clock.sleep_until(self.playout.end)

    async def run(self) -> None:
        """Frames in real time, until the far end hangs up. After a hold-up the missed frames follow at once."""
        count = 0
        while not self._far_end.hung_up:
            count += 1
            await self._clock.sleep_until(self._began + count * FRAME_MS / 1000)
            self.hand_on(self._far_end.frame(self.playout.heard(FRAME_BYTES), count * FRAME_MS))

    def hand_on(self, uplink: Uplink) -> None:
        """What the far end did in one frame goes to the stream, with the marks that are due."""
        if self.stream is not None:
            self.stream.frame(uplink)
            if self.playout.pending and (marks := self.playout.due(self.now())):
                self.stream.played(marks)

"""What carries a call's words both ways: sound on a media stream, text where the carrier itself hears and speaks.

All lines share the conversation, its rows, its timers and the life of a session (`conversing`, `session`). A line adds a medium, the messages of its
socket, and how one begins.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol

from calls.conversation.effects import PressKeys, Say, Situation
from calls.conversation.events import Event
from calls.lines.meter import Meter
from calls.lines.provider_notes import ProviderNotes
from calls.lines.recorder import Recorder
from calls.lines.store import Claimed
from calls.lines.timers import CallClock
from calls.lines.turn_times import TurnClock
from calls.lines.warm import Kit


@dataclass(frozen=True, slots=True)
class Means:
    """What a medium works with.

    Attributes:
        kit: providers of the process.
        call: whose words it carries.
        clock: the call's.
        turns: is told the moments that a turn's times are made of.
        meter: counts what is paid for.
        happened: gets the events, in order.
        recorder: is given both sides of the sound, and keeps them while it is to.
        notes: keeps what services report.
    """

    kit: Kit
    call: Claimed
    clock: CallClock
    turns: TurnClock
    meter: Meter
    happened: Callable[[Event], None]
    recorder: Recorder
    notes: ProviderNotes = field(default_factory=ProviderNotes)


class Medium(Protocol):
    """How one conversation hears and is heard. It never waits; what takes time is among its tasks."""

    def tasks(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """What runs as long as the call."""

    def say(self, say: Say) -> None:
        """Says a clause after those already queued, and reports what was heard of it."""

    def press(self, press: PressKeys) -> None:
        """Presses keys after the clauses already queued; they are not cut."""

    def stop(self) -> None:
        """Drops what is queued or being heard and may be interrupted."""

    def let_user_speak(self, microphone: str) -> None:
        """From here on this microphone of the user's is heard on the line; empty: none is. A line without sound of its own says MicrophoneLost."""

    def switch(self, language: str) -> None:
        """Hears and speaks another language from here on."""

    def expect(self, situation: Situation) -> None:
        """Who has the line since now."""

    def count(self) -> None:
        """Tells the meter what was used that it does not see by itself."""


class LineSocket(Protocol):
    """The way to the carrier."""

    async def run(self) -> None:
        """Sends until cancelled. Raises LineStuckError or ConnectionError when nothing can be sent any more."""

    async def close(self, hand_off: str = "") -> None:
        """Ends the line. Safe when it is gone. `hand_off`: why a person takes over, for a carrier that passes it on."""

"""One call in a conference: what its caller says is mixed for the others, and what it hears while it waits.

https://www.twilio.com/docs/voice/api/conference-participant-resource
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sandbox.twilio import tones, wire
from sandbox.twilio.calls import Call
from sandbox.twilio.conference_verb import Conference
from sandbox.twilio.frames import FRAME_BYTES
from sandbox.twilio.line import Line, Uplink
from sandbox.twilio.playout import BYTES_PER_SECOND, SILENCE

#: Frames of somebody's that wait to be mixed after a hold-up. Silent ones are left out of more than a few, so that nobody is heard late for good.
MOST_WAITING, FEW = 50, 3
#: What is heard begins so much later that frames which come unevenly join without a gap.
LEAD_S = 0.1
BEEP_MS = 200

#: Plays what somebody hears who waits; ends only where it cannot.
Waiting = Callable[[], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Change:
    """How somebody is to be there from now on; None leaves it as it is. `coach`: empty, and all hear them again."""

    muted: bool | None = None
    hold: bool | None = None
    ends: bool | None = None
    coach: str | None = None
    beep: str | None = None


class Left(StrEnum):
    """Why somebody left."""

    HUNG_UP = "participant_hung_up"
    BY_API = "participant_updated_via_api"


class Participant:
    """One call in a room. It is the stream of its call's line: what its caller says comes here.

    Args:
        call, line, verb: the call, its audio, and how it came in.
        at: when.
    """

    def __init__(self, call: Call, line: Line, verb: Conference, at: datetime) -> None:
        self.call, self.line, self.verb = call, line, verb
        self.muted, self.hold, self.coach, self.ends, self.beep = verb.muted, False, verb.coach, verb.ends, verb.beep
        self.created_at = self.updated_at = at
        self.over = asyncio.Event()
        self.left = Left.HUNG_UP
        self._said: deque[bytes | None] = deque(maxlen=MOST_WAITING)
        self._beside: deque[bytes] = deque()
        self._waiting: asyncio.Task[None] | None = None

    def frame(self, uplink: Uplink) -> None:
        """What their caller did in one frame."""
        self._said.append(uplink.audio)

    def played(self, marks: list[str]) -> None:
        """Nothing: nobody asks what was heard."""

    def said(self) -> bytes | None:
        """The next 20 ms of theirs; None: silence."""
        while len(self._said) > FEW and self._said[0] is None:
            self._said.popleft()
        return self._said.popleft() if self._said else None

    def hears(self, audio: bytes, now: float) -> None:
        """20 ms of the room."""
        if not self.line.playout.playing(now):
            self.line.playout.media(SILENCE * round(LEAD_S * BYTES_PER_SECOND), now)
        self.line.playout.media(audio, now)

    def hears_beep(self) -> None:
        """A beep is mixed into what they hear."""
        sound = tones.beep(BEEP_MS)
        self._beside.extend(sound[at : at + FRAME_BYTES] for at in range(0, len(sound), FRAME_BYTES))

    def beside(self) -> bytes | None:
        """The next 20 ms of what is mixed in for them alone."""
        return self._beside.popleft() if self._beside else None

    def wait(self, waiting: Waiting) -> None:
        """They hear what they wait with."""
        if self._waiting is None:
            self._waiting = asyncio.create_task(waiting(), name="waiting in a conference")

    async def wait_no_longer(self) -> None:
        """They hear the room."""
        task, self._waiting = self._waiting, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            self.line.playout.clear(self.line.now())
        self._said.clear()

    async def music(self) -> None:
        """The carrier's own, again and again."""
        while True:
            await self.line.play(tones.hold_music())

    def resource(self, conference_sid: str, path: str) -> dict[str, Any]:
        """As the REST interface shows it; `path`: of the conference, without an ending."""
        return {
            "account_sid": self.call.account_sid,
            "call_sid": self.call.sid,
            "label": self.verb.label or None,
            "call_sid_to_coach": self.coach or None,
            "coaching": bool(self.coach),
            "conference_sid": conference_sid,
            "date_created": wire.rfc2822(self.created_at),
            "date_updated": wire.rfc2822(self.updated_at),
            "end_conference_on_exit": self.ends,
            "muted": self.muted,
            "hold": self.hold,
            "start_conference_on_enter": self.verb.starts,
            "status": "connected",
            "queue_time": None,
            "uri": f"{path}/Participants/{self.call.sid}.json",
        }

    def fields(self) -> dict[str, str]:
        """As callbacks tell of it."""
        told = {
            "CallSid": self.call.sid,
            "Muted": _yes_no(self.muted),
            "Hold": _yes_no(self.hold),
            "Coaching": _yes_no(bool(self.coach)),
            "EndConferenceOnExit": _yes_no(self.ends),
            "StartConferenceOnEnter": _yes_no(self.verb.starts),
        }
        return told | ({"ParticipantLabel": self.verb.label} if self.verb.label else {}) | ({"CallSidToCoach": self.coach} if self.coach else {})


def _yes_no(value: bool) -> str:
    return "true" if value else "false"

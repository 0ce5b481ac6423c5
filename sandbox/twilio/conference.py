"""Conferences: rooms in which calls hear each other, mixed frame by frame.

A conference begins when two are there and one of them starts it; until then each hears what it waits with. It ends when somebody leaves who
ends it, with the last one, or by the REST interface. Where several documents say who is to be told, the first one counts.

https://www.twilio.com/docs/voice/api/conference-resource
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import numpy as np

from sandbox.twilio import wire
from sandbox.twilio.calls import Call
from sandbox.twilio.carrier import Carrier
from sandbox.twilio.conference_verb import NOT_CARRIED_OUT, Conference, ConferenceError
from sandbox.twilio.frames import FRAME_BYTES, FRAME_MS
from sandbox.twilio.line import Line
from sandbox.twilio.participant import Change, Left, Participant, Waiting
from sandbox.voice import mulaw_decode, mulaw_encode

#: Conferences that are over and can still be asked about.
MOST_KEPT = 200


class Status(StrEnum):
    """Of a conference."""

    INIT = "init"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"


class Room:
    """One conference.

    Args:
        carrier: its means.
        name: as the documents call it.
    """

    def __init__(self, carrier: Carrier, name: str) -> None:
        self._carrier = carrier
        self.sid, self.name, self.account_sid = wire.sid("CF"), name, carrier.settings.account_sid
        self.status, self.reason, self.ended_by = Status.INIT, "", ""
        self.created_at = self.updated_at = carrier.clock.today()
        self.participants: dict[str, Participant] = {}
        self._told_by: Conference | None = None
        self._sent = 0

    @property
    def uri(self) -> str:
        """Its path, without an ending."""
        return f"/{wire.API_VERSION}/Accounts/{self.account_sid}/Conferences/{self.sid}"

    def find(self, name: str) -> Participant | None:
        """Who is there by this sid or label."""
        return self.participants.get(name) or next((one for one in self.participants.values() if one.verb.label == name), None)

    async def stay(self, call: Call, line: Line, verb: Conference, waiting: Waiting | None) -> None:
        """A call comes in and stays until it is over for it. Cancel it when its caller hangs up.

        Args:
            waiting: plays the document that it waits with; None: the carrier's music, or nothing, as the verb says.

        Raises:
            ConferenceError: somebody there has its label already, or whom it coaches is not there.
        """
        if verb.label and self.find(verb.label) is not None:
            raise ConferenceError(NOT_CARRIED_OUT, f"{verb.label} is in the conference already")
        if verb.coach and verb.coach not in self.participants:
            raise ConferenceError(NOT_CARRIED_OUT, f"{verb.coach}, who is to be coached, is not in the conference")
        one = Participant(call, line, verb, self._carrier.clock.today())
        self._told_by = self._told_by or (verb if verb.status_callback else None)
        self.participants[call.sid], line.stream = one, one
        self._tell("join", "participant-join", one.fields())
        try:
            await self._come_in(one, waiting)
            await one.over.wait()
        finally:
            await one.wait_no_longer()
            line.end_of_stream()
            self._leave(one)

    async def _come_in(self, one: Participant, waiting: Waiting | None) -> None:
        if self.status is Status.IN_PROGRESS:
            self._beep(one, "onEnter")
        elif len(self.participants) > 1 and any(other.verb.starts for other in self.participants.values()):
            await self._start()
        elif waiting is not None:
            one.wait(waiting)
        elif one.verb.wait_url is None:
            one.wait(one.music)

    async def _start(self) -> None:
        self.status, self.updated_at = Status.IN_PROGRESS, self._carrier.clock.today()
        self._tell("start", "conference-start", {})
        for one in list(self.participants.values()):
            await one.wait_no_longer()
        self._carrier.tasks.start(self._mix(), f"conference {self.sid}")

    def _leave(self, one: Participant) -> None:
        del self.participants[one.call.sid]
        self._tell("leave", "participant-leave", one.fields() | {"ReasonParticipantLeft": one.left})
        kicked = "kicked" if one.left is Left.BY_API else "left"
        if one.ends:
            self.end(f"participant-with-end-conference-on-exit-{kicked}", one.call.sid)
        elif not self.participants:
            self.end(f"last-participant-{kicked}", one.call.sid)
        else:
            self._beep(one, "onExit")

    def end(self, reason: str, by: str = "") -> None:
        """It is over for all. `by`: sid of the call with which it ended."""
        if self.status is Status.COMPLETED:
            return
        self.status, self.reason, self.ended_by = Status.COMPLETED, reason, by
        self.updated_at = self._carrier.clock.today()
        self._tell("end", "conference-end", {"ReasonConferenceEnded": reason} | ({"CallSidEndingConference": by} if by else {}))
        for one in self.participants.values():
            one.left = Left.BY_API if reason == "conference-ended-via-api" else one.left
            one.over.set()

    def _beep(self, of: Participant, when: str) -> None:
        if self.status is Status.IN_PROGRESS and of.beep in ("true", when):
            for other in self.participants.values():
                if other is not of and not other.hold:
                    other.hears_beep()

    # --- sound ---

    async def _mix(self) -> None:
        clock, count = self._carrier.clock, 0
        began = clock.now()
        while self.status is Status.IN_PROGRESS:
            count += 1
            await clock.sleep_until(began + count * FRAME_MS / 1000)
            said = {one.call.sid: one.said() for one in self.participants.values()}
            for one in self.participants.values():
                if not one.hold and (audio := mixed([one.beside(), *self._heard_by(one, said)])) is not None:
                    one.hears(audio, clock.now())

    def _heard_by(self, one: Participant, said: dict[str, bytes | None]) -> list[bytes | None]:
        """What the others say that this one may hear."""
        others = [other for other in self.participants.values() if other is not one and not other.muted and not other.hold]
        return [said[other.call.sid] for other in others if not other.coach or other.coach == one.call.sid]

    # --- the application's wishes ---

    async def change(self, one: Participant, change: Change) -> None:
        """Changes how somebody is there."""
        one.updated_at = self._carrier.clock.today()
        if change.muted not in (None, one.muted):
            one.muted = bool(change.muted)
            self._tell("mute", f"participant-{'' if one.muted else 'un'}mute", one.fields())
        if change.hold not in (None, one.hold):
            one.hold = bool(change.hold)
            await self._hold(one)
            self._tell("hold", f"participant-{'' if one.hold else 'un'}hold", one.fields())
        if (change.ends, change.coach, change.beep) != (None, None, None):
            one.ends = one.ends if change.ends is None else change.ends
            one.coach = one.coach if change.coach is None else change.coach
            one.beep = one.beep if change.beep is None else change.beep
            self._tell("modify", "participant-modify", one.fields())

    async def _hold(self, one: Participant) -> None:
        if one.hold:
            one.wait(one.music)
        elif self.status is Status.IN_PROGRESS:
            await one.wait_no_longer()

    def kick(self, one: Participant) -> None:
        """Has somebody leave; their document goes on."""
        one.left = Left.BY_API
        one.over.set()

    def _tell(self, event: str, name: str, fields: dict[str, str]) -> None:
        verb = self._told_by
        if verb is None or event not in verb.events:
            return
        self._sent += 1
        params = {
            "AccountSid": self.account_sid,
            "ConferenceSid": self.sid,
            "FriendlyName": self.name,
            "StatusCallbackEvent": name,
            "SequenceNumber": str(self._sent),
            "Timestamp": wire.rfc2822(self._carrier.clock.today()) or "",
            **fields,
        }
        occasion = ("conference", self.name, self._sent)
        self._carrier.call_back(verb.status_callback, params, method=verb.status_method, queue=self.sid, occasion=occasion)

    def resource(self) -> dict[str, Any]:
        """As the REST interface shows it."""
        return {
            "account_sid": self.account_sid,
            "api_version": wire.API_VERSION,
            "call_sid_ending_conference": self.ended_by or None,
            "date_created": wire.rfc2822(self.created_at),
            "date_updated": wire.rfc2822(self.updated_at),
            "friendly_name": self.name,
            "reason_conference_ended": self.reason or None,
            "region": "us1",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"participants": f"{self.uri}/Participants.json", "recordings": f"{self.uri}/Recordings.json"},
            "uri": f"{self.uri}.json",
        }


class Rooms:
    """All conferences of the account."""

    def __init__(self) -> None:
        self._rooms: dict[str, Room] = {}

    def named(self, carrier: Carrier, name: str) -> Room:
        """The room of this name; a new one where none is open."""
        room = next((room for room in self._rooms.values() if room.name == name and room.status is not Status.COMPLETED), None)
        if room is None:
            room = Room(carrier, name)
            self._rooms[room.sid] = room
            for sid in [sid for sid, kept in self._rooms.items() if kept.status is Status.COMPLETED][:-MOST_KEPT]:
                del self._rooms[sid]
        return room

    def get(self, sid: str) -> Room | None:
        """The room with this sid."""
        return self._rooms.get(sid)

    def newest_first(self) -> list[Room]:
        """All of them, the latest first."""
        return list(reversed(self._rooms.values()))


def mixed(sounds: list[bytes | None]) -> bytes | None:
    """The sum of 20 ms each, as loud as the line can carry it; None: all are silent."""
    heard = [sound for sound in sounds if sound]
    if len(heard) < 2:
        return heard[0] if heard else None
    total = sum(mulaw_decode(sound.ljust(FRAME_BYTES, b"\xff")).astype(np.int32) for sound in heard)
    return mulaw_encode(np.clip(total, -32_768, 32_767).astype(np.int16))

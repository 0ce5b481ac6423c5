"""The second leg of a call: somebody's phone rings, they hear what was written for them, and then the two talk.

https://www.twilio.com/docs/voice/twiml/dial#dialcallstatus
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from sandbox.twilio import wire
from sandbox.twilio.calls import Call, CallOptions
from sandbox.twilio.carrier import Carrier
from sandbox.twilio.dial_verb import BAD_CALLER_ID, Dial, DialError
from sandbox.twilio.line import Line, Uplink
from sandbox.twilio.phones import Behaviour, Phone
from sandbox.twilio.switchboard import Switchboard
from sandbox.twilio.webhooks import Params

SETUP_S = 0.2

#: Carries out what the dialled person hears first, on their own leg and line; whether the two are connected then.
Whisper = Callable[[Call, Line], Coroutine[Any, Any, bool]]


class Wire:
    """What one side says is heard on the other side's line."""

    def __init__(self, carrier: Carrier, to: Line) -> None:
        self._carrier = carrier
        self._to = to

    def frame(self, uplink: Uplink) -> None:
        """20 ms of it."""
        if uplink.audio:
            self._to.playout.media(uplink.audio, self._carrier.clock.now())

    def played(self, marks: list[str]) -> None:
        """Nothing: nobody asks what was heard."""


class SecondLeg:
    """One <Dial>.

    Args:
        carrier: its means.
        call: the call whose document says so.
        line: its audio.
        switchboard: who can be called.
    """

    def __init__(self, carrier: Carrier, call: Call, line: Line, switchboard: Switchboard) -> None:
        self._carrier = carrier
        self._call = call
        self._line = line
        self._switchboard = switchboard

    async def run(self, verb: Dial, whisper: Whisper) -> Params:
        """Until one of the two hangs up; returns what the action is told. Raises DialError. Cancel it when the call ends."""
        leg = self._leg(verb)
        phone = self._switchboard.phones.find(verb.number)
        status, bridged = await self._ring(leg, phone, verb.timeout_s), False
        if phone is not None and not status:
            bridged = await self._talk(leg, phone, whisper)
            status = "completed"
        leg.status, leg.ended_at = status, self._carrier.clock.today()
        told = {"DialCallStatus": status, "DialCallSid": leg.sid, "DialBridged": "true" if bridged else "false"}
        return told | ({"DialCallDuration": str(leg.seconds)} if leg.answered_at else {})

    def _leg(self, verb: Dial) -> Call:
        caller_id = verb.caller_id or self._call.from_
        if caller_id not in (*self._carrier.settings.numbers, self._call.from_):
            raise DialError(BAD_CALLER_ID, f"Dial: Invalid callerId {caller_id}")
        ordinal = self._call.ordinal * 1000 + len(self._call.legs) + 1
        leg = Call(wire.sid("CA"), self._call.account_sid, verb.number, caller_id, CallOptions(), ordinal, self._carrier.clock.today())
        leg.direction, leg.parent_sid = "outbound-dial", self._call.sid
        self._call.legs.append(leg)
        return leg

    async def _ring(self, leg: Call, phone: Phone | None, timeout_s: int) -> str:
        """Rings; empty when they picked up, else the status with which it failed."""
        clock = self._carrier.clock
        await clock.sleep(SETUP_S)
        if phone is None:
            return "failed"
        if phone.behaviour is Behaviour.BUSY or phone.state != "idle":
            return "busy"
        leg.status, phone.ringing = "ringing", leg.sid
        try:
            if phone.behaviour is not Behaviour.HUMAN:
                patience = phone.answers_after_s
                await clock.sleep(timeout_s if patience is None else min(patience, timeout_s))
                return "no-answer" if patience is None or patience > timeout_s else ""
            phone.pick_up = asyncio.get_running_loop().create_future()
            done, _ = await asyncio.wait({phone.pick_up}, timeout=timeout_s / clock.speed)
            return "no-answer" if not done else "" if phone.pick_up.result() else "busy"
        finally:
            phone.ringing, phone.pick_up = "", None

    async def _talk(self, leg: Call, phone: Phone, whisper: Whisper) -> bool:
        """They hear their document; then, unless one of them hung up, the caller and they hear each other. Whether they did."""
        callee = phone.callee = self._switchboard.answer(phone, leg)
        line = Line(self._carrier.clock, callee)
        leg.status, leg.answered_at = "in-progress", self._carrier.clock.today()
        listening = asyncio.create_task(line.run(), name="second leg")
        hearing = asyncio.create_task(whisper(leg, line), name="whisper")
        try:
            await asyncio.wait({listening, hearing}, return_when=asyncio.FIRST_COMPLETED)
            bridged = not listening.done() and hearing.result()
            if bridged:
                line.stream, self._line.stream = Wire(self._carrier, self._line), Wire(self._carrier, line)
                await asyncio.wait({listening})
            return bridged
        finally:
            self._line.end_of_stream()
            phone.callee = None
            for task in (hearing, listening):
                task.cancel()
            await asyncio.gather(hearing, listening, return_exceptions=True)
            await callee.close()

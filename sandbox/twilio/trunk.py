"""A call from one number of the account to another: two calls of the application, whose sound is each other's far end.

As at the carrier, the two are calls of their own, each with its sid, its documents and its callbacks; none is the other's parent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from sandbox.clock import Clock
from sandbox.twilio.callee import Greeting
from sandbox.twilio.calls import Call
from sandbox.twilio.carrier import Carrier
from sandbox.twilio.frames import FRAME_BYTES, FRAME_MS
from sandbox.twilio.life import CallLife, CallOverError, Party
from sandbox.twilio.line import Line, Uplink
from sandbox.twilio.phones import Phone
from sandbox.twilio.ringing_in import IncomingLife
from sandbox.twilio.switchboard import Switchboard


def _nothing() -> None:
    """Nothing is to be done."""


class TrunkEnd:
    """One end of the line between the two: what is said there is the other call's application.

    Attributes:
        other: the other end.
        line: the way to it, once this call was answered.
        at_the_end: what is to be done when this call is over.
    """

    def __init__(self, other: TrunkEnd | None = None) -> None:
        self.other = TrunkEnd(self) if other is None else other
        self.line: TrunkLine | None = None
        self.at_the_end: Callable[[], None] = _nothing
        self.greeting = Greeting()
        self.greeting.over.set()  # nobody here is told from a machine by how they greet
        self.put_down = asyncio.Event()

    @property
    def hung_up(self) -> bool:
        """Whether the other call is over."""
        return self.put_down.is_set()

    def frame(self, heard: bytes | None, now_ms: int) -> Uplink:
        """Silence: nobody speaks at this end but the other line."""
        return Uplink()

    async def close(self) -> None:
        """This call is over: the other end hears that the phone was put down."""
        self.other.put_down.set()
        self.at_the_end()


class TrunkLine(Line):
    """The line of one of the two calls. The one that comes up second carries the sound of both, frame by frame, so that neither runs ahead.

    Args:
        clock: paces the frames.
        end: its far end.
    """

    def __init__(self, clock: Clock, end: TrunkEnd) -> None:
        super().__init__(clock, end)
        self._pace, self._end = clock, end
        end.line = self

    async def run(self) -> None:
        """Until the other call is over."""
        other = self._end.other.line
        if other is None:
            await self._end.put_down.wait()
            return
        began, count = self._pace.now(), 0
        while not self._end.hung_up:
            count += 1
            await self._pace.sleep_until(began + count * FRAME_MS / 1000)
            here, there = self.playout.heard(FRAME_BYTES), other.playout.heard(FRAME_BYTES)
            self.hand_on(Uplink(there))
            other.hand_on(Uplink(here))


class _RungLife(IncomingLife):
    """The call that came in at the other number.

    Args:
        carrier, call, switchboard: as of any life.
        end: the far end of its line.
        answered: told whether the application has picked up.
    """

    def __init__(self, carrier: Carrier, call: Call, switchboard: Switchboard, end: TrunkEnd, answered: asyncio.Future[bool]) -> None:
        super().__init__(carrier, call, switchboard, Phone(call.from_, call.from_))
        self._end = end
        self._answered = answered

    async def run(self) -> None:
        """From its ringing to its end; who rang is told if nobody picks up."""
        try:
            await super().run()
        finally:
            self._say(picked_up=False)

    def _pick_up(self, phone: Phone) -> Party:
        self._say(picked_up=True)
        return self._end

    def _line(self, party: Party) -> Line:
        return TrunkLine(self._carrier.clock, self._end)

    def _say(self, *, picked_up: bool) -> None:
        if not self._answered.done():
            self._answered.set_result(picked_up)


class TrunkLife(CallLife):
    """A call to another number of the account.

    Args:
        carrier, call, switchboard: as of any life.
        ring: has the other number ring; returns the call that comes in there, and its life.
    """

    def __init__(
        self,
        carrier: Carrier,
        call: Call,
        switchboard: Switchboard,
        ring: Callable[[Callable[[Call], CallLife]], Call],
    ) -> None:
        super().__init__(carrier, call, switchboard)
        self._ring_other = ring
        self._end = TrunkEnd()

    async def _reach(self) -> Phone:
        """Rings at the application."""
        answered: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        there = self._end.other
        self._progress("ringing")
        self._end.at_the_end = self._switchboard.expect_floyd()
        rung = self._ring_other(lambda call: _RungLife(self._carrier, call, self._switchboard, there, answered))
        picked_up = False
        try:
            if not await self._wait(self._call.options.timeout_s, answered):
                raise CallOverError("no-answer", 487)
            picked_up = answered.result()
            if not picked_up:
                raise CallOverError(*_END_OF.get(rung.status, ("no-answer", 480)))
        finally:
            if not picked_up:
                await self._end.close()
        return Phone(self._call.to, self._call.to)

    def _pick_up(self, phone: Phone) -> Party:
        return self._end

    def _line(self, party: Party) -> Line:
        return TrunkLine(self._carrier.clock, self._end)


#: What who rings is told of how the call at the other number ended before it was answered.
_END_OF = {"busy": ("busy", 486), "failed": ("failed", 603)}

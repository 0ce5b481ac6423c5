"""The life of one call, from queued to its end, with the callbacks that tell of it.

https://www.twilio.com/docs/voice/api/call-resource#statuscallback
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Protocol

from sandbox.people import AnsweredBy
from sandbox.twilio import wire
from sandbox.twilio.callee import Greeting
from sandbox.twilio.calls import Call
from sandbox.twilio.carrier import Carrier
from sandbox.twilio.document import DocumentRunner, Source
from sandbox.twilio.line import FarEnd, Line
from sandbox.twilio.machine_detection import NO_CALLBACK, UNKNOWN, Verdict, detect
from sandbox.twilio.phones import Behaviour, Phone
from sandbox.twilio.switchboard import Switchboard

QUEUE_S = 0.05
SETUP_S = 0.2
EVENTS = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}


@dataclass(frozen=True, slots=True)
class EndCall:
    """The application wants the call to end."""

    status: str


@dataclass(frozen=True, slots=True)
class GoOn:
    """The application wants the call to go on with another document."""

    source: Source


Command = EndCall | GoOn


class CallOverError(Exception):
    """The call has reached an end before anybody answered."""

    def __init__(self, status: str, sip_code: int) -> None:
        super().__init__(status)
        self.status = status
        self.sip_code = sip_code


class Party(FarEnd, Protocol):
    """Whoever has answered, from then to the end."""

    greeting: Greeting

    async def close(self) -> None:
        """The call is over."""


class CallLife:
    """Carries one call.

    Args:
        carrier: its means.
        call: the resource, kept up to date.
        switchboard: who can be called.
    """

    def __init__(self, carrier: Carrier, call: Call, switchboard: Switchboard) -> None:
        self._carrier = carrier
        self._call = call
        self._switchboard = switchboard
        self._commands: asyncio.Queue[Command] = asyncio.Queue()
        self._party: Party | None = None
        self.ended = asyncio.Event()

    def command(self, command: Command) -> None:
        """Asks for an end or another document; carried out at once."""
        self._commands.put_nowait(command)

    async def run(self) -> None:
        """From queued to the end."""
        try:
            phone = await self._dial()
            await self._talk(phone)
            self._finish("completed", 200)
        except CallOverError as over:
            self._finish(over.status, over.sip_code)
        finally:
            if not self._call.over:
                self._finish("failed", 500)
            self.ended.set()
            if self._party is not None:
                await self._party.close()
            self._call.settled = True

    # Until somebody answers

    async def _dial(self) -> Phone:
        await self._wait(QUEUE_S)
        self._call.queue_ms = int(QUEUE_S * 1000)
        self._call.started_at = self._carrier.clock.today()
        self._progress("initiated")
        await self._wait(SETUP_S)
        return await self._reach()

    async def _reach(self) -> Phone:
        """Rings at whoever has the number, until they pick up."""
        phone = self._switchboard.phones.find(self._call.to)
        if phone is None:
            raise CallOverError("failed", 404)
        if phone.behaviour is Behaviour.BUSY or phone.state != "idle":
            raise CallOverError("busy", 486)
        self._progress("ringing")
        phone.ringing = self._call.sid
        try:
            await self._ring(phone)
        finally:
            phone.ringing, phone.pick_up = "", None
        return phone

    async def _ring(self, phone: Phone) -> None:
        limit = self._call.options.timeout_s
        if phone.behaviour is Behaviour.HUMAN:
            phone.pick_up = asyncio.get_running_loop().create_future()
            if not await self._wait(limit, phone.pick_up):
                raise CallOverError("no-answer", 487)
            if not phone.pick_up.result():
                raise CallOverError("busy", 486)
            return
        patience = phone.answers_after_s
        if patience is None or patience > limit:
            await self._wait(limit)
            raise CallOverError("no-answer", 487)
        await self._wait(patience)

    async def _wait(self, seconds: float, other: asyncio.Future[bool] | None = None) -> bool:
        """Lets time pass until `other` is done (True) or the time is over (False); raises CallOverError when the application cancels."""
        command = asyncio.ensure_future(self._commands.get())
        waits: set[asyncio.Future[object]] = {command} if other is None else {command, other}  # type: ignore[arg-type]
        try:
            done, _ = await asyncio.wait(waits, timeout=seconds / self._carrier.clock.speed, return_when=asyncio.FIRST_COMPLETED)
        finally:
            command.cancel()
        if command in done:
            # A call that nobody knows of yet is cancelled without a word.
            raise CallOverError("canceled", 487)
        return other is not None and other in done

    # From answer to end

    async def _talk(self, phone: Phone) -> None:
        party = self._party = self._pick_up(phone)
        line = self._line(party)
        self._call.answered_at = self._carrier.clock.today()
        self._progress("in-progress")
        try:
            async with asyncio.timeout(self._call.options.time_limit_s / self._carrier.clock.speed):
                await self._converse(phone, party, line)
        except TimeoutError:
            self._call.alerts.append((0, "the call reached its TimeLimit"))
        finally:
            phone.callee = None

    def _pick_up(self, phone: Phone) -> Party:
        """Who is at the far end from here on."""
        callee = phone.callee = self._switchboard.answer(phone, self._call)
        return callee

    def _line(self, party: Party) -> Line:
        """The way to them."""
        return Line(self._carrier.clock, party)

    async def _converse(self, phone: Phone, party: Party, line: Line) -> None:
        ticking = asyncio.create_task(line.run(), name="line")
        options = self._call.options
        detection = self._detection(phone, party)
        beside = asyncio.create_task(self._tell_of_machine(detection), name="machine detection") if detection and options.async_amd else None
        before = None if beside else detection
        try:
            source: Source | None = Source(options.url, options.method, options.twiml)
            runner = DocumentRunner(self._carrier, self._call, line, self._switchboard)
            while source is not None:
                source = await self._until_something_else(self._run(runner, source, before), ticking)
                before = None
                line.end_of_stream()
        finally:
            await _cancelled(ticking)
            if beside is not None:
                await _cancelled(beside)

    async def _run(self, runner: DocumentRunner, source: Source, before: Coroutine[None, None, Verdict] | None) -> None:
        """Runs documents; the first is fetched with the verdict when the application waits for that."""
        if before is not None:
            self._call.answered_by = (await before).answered_by
        await runner.run(source)

    async def _until_something_else(self, running: Coroutine[None, None, None], ticking: asyncio.Task[None]) -> Source | None:
        """Runs documents until they end, the far end hangs up, or the application says otherwise."""
        documents = asyncio.create_task(running, name="documents")
        command = asyncio.create_task(self._commands.get(), name="commands")
        try:
            await asyncio.wait({documents, command, ticking}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _cancelled(documents)
            command.cancel()
        if command.done() and not command.cancelled():
            asked = command.result()
            return asked.source if isinstance(asked, GoOn) else None
        return None

    def _detection(self, phone: Phone, party: Party) -> Coroutine[None, None, Verdict] | None:
        options, person = self._call.options, phone.person
        if not options.machine_detection:
            return None
        if options.async_amd and not options.amd_callback:
            self._call.alerts.append(NO_CALLBACK)
        who = AnsweredBy.HUMAN if person is None or phone.behaviour is Behaviour.HUMAN else person.answered_by
        return detect(options, who, party.greeting, self._carrier.clock)

    async def _tell_of_machine(self, detection: Coroutine[None, None, Verdict]) -> None:
        try:
            verdict = await detection
        except asyncio.CancelledError:
            self._tell_verdict(Verdict(UNKNOWN, 0))  # the call was over first
            raise
        self._tell_verdict(verdict)

    def _tell_verdict(self, verdict: Verdict) -> None:
        self._call.answered_by = verdict.answered_by
        params = {
            "CallSid": self._call.sid,
            "AccountSid": self._call.account_sid,
            "AnsweredBy": verdict.answered_by,
            "MachineDetectionDuration": str(verdict.ms),
        }
        options, occasion = self._call.options, ("amd", self._call.ordinal)
        self._carrier.call_back(options.amd_callback, params, method=options.amd_method, queue=f"{self._call.sid} amd", occasion=occasion)

    # What the application is told

    def _progress(self, status: str) -> None:
        self._call.status = status
        self._call.updated_at = self._carrier.clock.today()
        self._tell(EVENTS[status], {})

    def _finish(self, status: str, sip_code: int) -> None:
        known = self._call.status != "queued"
        now = self._carrier.clock.today()
        self._call.ended_at = self._call.updated_at = now
        self._call.sip_code, self._call.status = sip_code, status
        if not known:
            return
        fields = {"CallDuration": str(self._call.seconds), "SipResponseCode": str(sip_code)}
        if status == "completed":
            fields["Duration"] = str(math.ceil(self._call.seconds / 60))
        self._tell("completed", fields)

    def _tell(self, event: str, fields: dict[str, str]) -> None:
        number = self._call.callbacks_sent
        self._call.callbacks_sent += 1
        options = self._call.options
        if event not in options.status_events:
            return
        params = self._call.parameters(self._call.status) | fields
        params |= {
            "Timestamp": wire.rfc2822(self._carrier.clock.today()) or "",
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(number),
        }
        if self._call.answered_by:
            params["AnsweredBy"] = self._call.answered_by
        occasion = ("call", self._call.ordinal, event)
        self._carrier.call_back(options.status_callback, params, method=options.status_method, queue=self._call.sid, occasion=occasion)


async def _cancelled(task: asyncio.Task[None]) -> None:
    """Cancels a task and waits until it has cleaned up; its error, if any, is raised."""
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task

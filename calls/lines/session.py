"""One call on whatever line, from the moment it is claimed until the line is closed and its end is stored."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Generic, TypeVar

import psycopg
from django.conf import settings
from django.utils import timezone

from calls.conversation.effects import EndReason
from calls.conversation.events import CostReached, LineDropped, LineOpened, StopAsked
from calls.lines import pokes
from calls.lines.carrier_socket import LineStuckError
from calls.lines.conversing import Conversing
from calls.lines.defects import described
from calls.lines.medium import LineSocket, Means, Medium
from calls.lines.running_cost import RunningCost
from calls.lines.store import CallStore, Claimed
from calls.lines.warm import Kit
from calls.lines.writer import Writer

log = logging.getLogger(__name__)

HEARTBEAT_S = 5.0
MOST_MALFORMED = 10
#: How long a hand-off may take to be written down before the line lets go without.
NOTED_WITHIN_S = 3.0
#: How long the last rows may take.
LAST_ROWS_S = 15.0

M = TypeVar("M", bound=Medium)


class CallSession(Generic[M]):
    """Holds one call. Each line has its own kind of it, which takes the carrier's messages and passes them on to its medium.

    Args:
        kit: providers and database of the process.
        call: the call that was claimed.
        socket: the way to the carrier.
        layer: the channel layer.
        make_medium: makes what carries its words.

    Raises:
        NotDisclosedError: the call's introduction does not say that an AI calls, and for whom.
    """

    def __init__(self, kit: Kit, call: Claimed, socket: LineSocket, layer: Any, make_medium: Callable[[Means], M]) -> None:
        self._call = call
        self._socket = socket
        self._layer = layer
        self._writer = Writer()
        self._store = CallStore(kit.connections, layer, call)
        self._conversing = Conversing(kit, call, self._store, self._writer, make_medium)
        self._medium = self._conversing.medium
        self._clock = self._conversing.clock
        self._happened = self._conversing.happened
        self._cost = RunningCost(number=call.number, line=call.line, limit_micros=call.brief.max_cost_micros, table=settings.PRICES)
        self._malformed = 0
        self.resumed = False  # another socket has taken the place of the one it began on
        self.over = asyncio.Event()

    # --- what comes in ---

    def malformed(self, what: str) -> None:
        """A message that is not of the protocol. A few are let pass; a stream of them is no line."""
        self._malformed += 1
        log.warning("call %s: message %d not understood: %s", self._call.call_id, self._malformed, what)
        if self._malformed > MOST_MALFORMED:
            self.line_lost(f"messages not understood: {what}")

    def line_lost(self, why: str) -> None:
        """The line is gone, or of no use any more."""
        end = self._conversing.end
        if not end.over.is_set():  # after the end, losing the line is how it should be
            end.error = f"stream: {why}"
        self._happened(LineDropped(hung_up=False))

    def dead(self) -> str:
        """Why the line is of no use any more, whatever its socket says; empty while it may be. Asked now and then."""
        return ""

    # --- its life ---

    async def run(self) -> None:
        """The whole call. Returns when the line is closed and the rows are written."""
        writing = asyncio.gather(self._writer.run(), self._conversing.recorder.run())
        try:
            await self._talk()
        except* Exception as errors:  # noqa: BLE001  a defect in one call ends that call, not the process
            for error in errors.exceptions:
                log.error("call %s: a part failed: %s", self._call.call_id, described(error))
            self._conversing.end.by_defect(errors.exceptions[0])
        finally:
            self._conversing.stop()
            await self._socket.close(await self._handed_off())
            self._conversing.flush()
            self._writer.put(self._store_end)
            self._writer.finish()
            self._conversing.recorder.finish()
            # A process that is stopped meanwhile still writes them.
            try:
                await asyncio.shield(self._last_rows(writing))
            finally:
                self.over.set()

    async def _handed_off(self) -> str:
        """Why a person takes over, once that is written down: the carrier asks what comes as soon as the line lets go. Empty: nobody does."""
        end = self._conversing.end
        if end.reason is not EndReason.HANDED_OFF or end.hand_off is None:
            return ""
        with suppress(TimeoutError):
            async with asyncio.timeout(NOTED_WITHIN_S):
                await end.noted.wait()
        return end.hand_off.code

    async def _talk(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            parts = self._conversing.begin(tasks)
            hints = pokes.listen(self._layer, f"call.{self._call.call_id}", self._poked)
            running = [tasks.create_task(part) for part in (*parts, self._send(), self._beat(), hints)]
            self._happened(LineOpened())
            if not self._call.wanted:
                self._happened(StopAsked())
            await self._conversing.end.over.wait()
            self._conversing.stop()
            for task in running:
                task.cancel()

    async def _send(self) -> None:
        try:
            await self._socket.run()
        except (LineStuckError, ConnectionError, RuntimeError) as error:
            self.line_lost(str(error) if isinstance(error, LineStuckError) else type(error).__name__)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            if why := self.dead():
                self.line_lost(why)
            self._conversing.instructions.look()
            self._conversing.flush()
            try:
                used, is_news = self._spent()
                if not await self._store.heartbeat(used, show=is_news):
                    self._happened(StopAsked())
            except psycopg.Error as error:
                log.warning("call %s: no heartbeat: %s", self._call.call_id, type(error).__name__)

    def _spent(self) -> tuple[list[dict[str, Any]], bool]:
        """What was used so far, and whether pages are to show what it costs; a call that has come to its limit is told so."""
        used, seconds = self._conversing.used(), self._clock.now_ms() // 1000
        self._cost.take(used, seconds=seconds, on=timezone.now().date())
        if self._cost.at_limit:
            self._happened(CostReached())
        return used, self._call.request_id is not None and self._cost.is_news(seconds)

    def _poked(self, message: dict[str, Any]) -> None:
        match message.get("what"):
            case "answered":
                self._conversing.answers.look()
            case "told":
                self._conversing.instructions.look()
            case "stop":
                self._happened(StopAsked())

    async def _store_end(self) -> None:
        end, seconds = self._conversing.end, self._clock.now_ms() // 1000
        use_case = self._call.brief.use_case
        goes_on = end.reason is EndReason.HANDED_OFF and use_case is not None and bool(use_case.live_agent)
        slots, used = self._conversing.records.slots, self._conversing.used()
        await self._store.end(reason=end.reason, seconds=seconds, error=end.error, slots=slots, usage=used, goes_on=goes_on)

    async def _last_rows(self, writing: asyncio.Future[Any]) -> None:
        try:
            async with asyncio.timeout(LAST_ROWS_S):
                await writing
        except TimeoutError:
            log.error("call %s: its last rows were not written", self._call.call_id)
        if self._writer.lost:
            log.error("call %s: %d rows were lost", self._call.call_id, self._writer.lost)

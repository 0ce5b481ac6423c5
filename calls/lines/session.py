"""One call on a media stream: events in, one at a time, through the conversation; its effects carried out.

Nothing in here decides what is said or when. Everything runs on the event loop: handling an event never waits, what takes time is a task
of the call's own group.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine
from typing import Any

import psycopg

from calls.conversation.conversation import Conversation
from calls.conversation.effects import (
    AskModel,
    AskUser,
    CancelTimer,
    Effect,
    EndReason,
    HangUp,
    NoteDisclosure,
    SaveGrant,
    SaveLine,
    SaveSlots,
    Say,
    StartTimer,
    StopModel,
    StopSpeaking,
)
from calls.conversation.events import (
    CalleeSaid,
    Event,
    HeardUpTo,
    KeyPressed,
    LineDropped,
    LineOpened,
    ReplyPieceArrived,
    SpeechStarted,
    StopAsked,
    TimerFired,
)
from calls.lines import pokes
from calls.lines.answers import Answers
from calls.lines.carrier_socket import CarrierSocket, LineStuckError
from calls.lines.records import Records
from calls.lines.sound import Sound
from calls.lines.store import CallStore, Claimed
from calls.lines.thinking import Thinking
from calls.lines.timers import CallClock, Timers
from calls.lines.turn_times import TurnClock
from calls.lines.warm import Kit
from calls.lines.writer import Writer
from calls.telephony.media_messages import KeyPress, MarkReached, Media, MediaMessage, Stopped

log = logging.getLogger(__name__)

HEARTBEAT_S = 5.0
#: Silence comes as frames too: none at all for this long means that the stream is dead, whatever its socket says.
NO_FRAMES_S = 10.0
MOST_MALFORMED = 10
#: How long the last rows may take.
LAST_ROWS_S = 15.0


class CallSession:
    """Holds one call, from `run` until the line is closed and its end is stored.

    Args:
        kit: providers and database of the process.
        call: whose stream it is.
        socket: the way to the carrier.
        layer: the channel layer.
    """

    def __init__(self, kit: Kit, call: Claimed, socket: CarrierSocket, layer: Any) -> None:
        self._call = call
        self._socket = socket
        self._layer = layer
        self._clock = CallClock()
        self._turns = TurnClock()
        self._writer = Writer()
        self._store = CallStore(kit.connections, layer, call)
        self._conversation = Conversation(call.brief, call_id=str(call.call_id))
        self._records = Records(self._store, self._writer, self._turns, self._conversation.line_of)
        self._answers = Answers(self._store, self.happened)
        self._thinking = Thinking(kit.thinker, f"call-{call.call_id}", self.happened, self._turns.done)
        self._sound = Sound(kit, call.brief, socket, self._clock, self._turns, self.happened)
        self._timers = Timers(self._clock, lambda name: self.happened(TimerFired(name)))
        self._tasks: asyncio.TaskGroup | None = None
        self._pending: deque[Event] = deque()
        self._handling = False
        self._over = asyncio.Event()
        self._reason = EndReason.LINE_LOST
        self._error = ""
        self._malformed = 0
        self._last_frame_ms = 0

    # --- what comes in ---

    def take(self, message: MediaMessage) -> None:
        """One message of the carrier."""
        match message:
            case Media():
                self._last_frame_ms = self._clock.now_ms()
                self._sound.take_audio(message.payload)
            case MarkReached():
                self._sound.take_mark(message.name)
            case KeyPress():
                self.happened(KeyPressed(message.digit))
            case Stopped():
                self.happened(LineDropped(hung_up=True))

    def malformed(self, what: str) -> None:
        """A message that is not of the protocol. One or two are let pass; a stream of them is no line."""
        self._malformed += 1
        log.warning("call %s: message %d not understood: %s", self._call.call_id, self._malformed, what)
        if self._malformed > MOST_MALFORMED:
            self.line_lost(f"messages not understood: {what}")

    def line_lost(self, why: str) -> None:
        """The stream is gone, or of no use any more."""
        if not self._over.is_set():  # after the end, losing the line is how it should be
            self._error = f"stream: {why}"
        self.happened(LineDropped(hung_up=False))

    def happened(self, event: Event) -> None:
        """Handles an event and what it sets off, before the next one."""
        self._pending.append(event)
        if self._handling:
            return
        self._handling = True
        try:
            while self._pending:
                self._handle(self._pending.popleft())
        except Exception as error:  # a defect in one call ends that call, not the process
            log.exception("call %s: handling failed", self._call.call_id)
            self._pending.clear()
            self._give_up(error)
        finally:
            self._handling = False

    def _handle(self, event: Event) -> None:
        now_ms = self._clock.now_ms()
        match event:
            case CalleeSaid():
                self._turns.turn_ended(speech_end_ms=event.end_ms, now_ms=now_ms)
            case ReplyPieceArrived():
                self._turns.token(event.ask_id, now_ms)
            case SpeechStarted():
                self._turns.heard(event.speech_id, now_ms)
            case HeardUpTo(finished=False):
                self._turns.interrupted()
        for effect in self._conversation.handle(event, now_ms):
            self._carry_out(effect, now_ms)

    # --- what goes out ---

    def _carry_out(self, effect: Effect, now_ms: int) -> None:
        match effect:
            case AskModel():
                self._turns.asked(effect.ask_id, now_ms)
                if self._tasks is not None:
                    self._thinking.ask(effect, self._tasks)
            case StopModel():
                self._turns.gave_up(effect.ask_id)
                self._thinking.stop(effect.ask_id)
            case Say():
                self._turns.clause(effect.speech_id, now_ms)
                self._sound.say(effect)
            case StopSpeaking():
                self._sound.stop()
            case StartTimer():
                self._timers.start(effect.name, effect.at_ms)
            case CancelTimer():
                self._timers.cancel(effect.name)
            case HangUp():
                self._reason = effect.reason
                self._over.set()
            case SaveLine() | SaveSlots() | SaveGrant() | NoteDisclosure() | AskUser():
                self._records.take(effect)
                if isinstance(effect, AskUser):
                    self._answers.expect(effect.question_id)

    def _give_up(self, error: BaseException) -> None:
        self._reason, self._error = EndReason.PROVIDER_FAILED, f"defect: {type(error).__name__}"
        self._over.set()

    # --- its life ---

    async def run(self) -> None:
        """The whole call. Returns when the line is closed and the rows are written."""
        writing = asyncio.create_task(self._writer.run())
        try:
            await self._talk()
        except* Exception as errors:
            log.exception("call %s: a part failed", self._call.call_id)
            self._give_up(errors.exceptions[0])
        finally:
            self._timers.cancel_all()
            await self._socket.close()
            self._writer.put(self._store_end)
            self._writer.finish()
            await asyncio.shield(self._last_rows(writing))

    async def _last_rows(self, writing: asyncio.Task[None]) -> None:
        try:
            async with asyncio.timeout(LAST_ROWS_S):
                await writing
        except TimeoutError:
            log.error("call %s: its last rows were not written", self._call.call_id)

    async def _store_end(self) -> None:
        seconds = self._clock.now_ms() // 1000
        await self._store.end(reason=self._reason, seconds=seconds, error=self._error, slots=self._records.slots)

    async def _talk(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            parts: tuple[Coroutine[Any, Any, None], ...] = (
                self._send(),
                self._sound.hear(),
                self._sound.speak(),
                self._answers.run(),
                self._beat(),
                pokes.listen(self._layer, self._call.call_id, self._poked),
            )
            running = [tasks.create_task(part) for part in parts]
            running.append(tasks.create_task(self._sound.prepare()))
            self.happened(LineOpened())
            if not self._call.wanted:
                self.happened(StopAsked())
            await self._over.wait()
            self._tasks = None
            self._thinking.stop_all()
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
            if self._clock.now_ms() - self._last_frame_ms > NO_FRAMES_S * 1000:
                self.line_lost("no audio from the carrier")
            try:
                if not await self._store.heartbeat():
                    self.happened(StopAsked())
            except psycopg.Error as error:
                log.warning("call %s: no heartbeat: %s", self._call.call_id, type(error).__name__)

    def _poked(self, message: dict[str, Any]) -> None:
        match message.get("what"):
            case "answered":
                self._answers.look()
            case "stop":
                self.happened(StopAsked())

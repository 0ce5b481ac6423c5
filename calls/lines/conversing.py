"""One call's conversation at work on whatever line: events in, one at a time, and its effects carried out.

Nothing in here decides what is said or when. Handling an event never waits: what takes time is a task of the call's own group.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from calls.conversation.conversation import Conversation
from calls.conversation.effects import (
    AskModel,
    AskUser,
    CancelTimer,
    DropRecording,
    DropTool,
    Effect,
    EndReason,
    HandOff,
    HangUp,
    LetUserSpeak,
    NoteDisclosure,
    NoteRefusedTool,
    PressKeys,
    Record,
    RunTool,
    SaveGrant,
    SaveLine,
    SaveSituation,
    SaveSlots,
    Say,
    Situation,
    StartTimer,
    StopModel,
    StopSpeaking,
    Summarise,
    SwitchLanguage,
)
from calls.conversation.events import (
    CalleeSaid,
    Event,
    HeardUpTo,
    LineDropped,
    ReplyEnded,
    ReplyPieceArrived,
    SpeechFailed,
    SpeechStarted,
    ThinkingFailed,
    TimerFired,
    ToolAsked,
)
from calls.conversation.reception.reception import Reception
from calls.lines.answers import Answers
from calls.lines.defects import described
from calls.lines.instructions import Instructions
from calls.lines.medium import Means, Medium
from calls.lines.meter import Meter, MeteredReplier
from calls.lines.own_work import OwnWork
from calls.lines.prompts import AskedPrompt, RecordedReplier
from calls.lines.provider_notes import ProviderNotes
from calls.lines.recorder import Recorder
from calls.lines.records import Records
from calls.lines.store import CallStore, Claimed
from calls.lines.thinking import Thinking
from calls.lines.timers import CallClock, Timers
from calls.lines.tool_runs import ToolRuns
from calls.lines.turn_times import TurnClock
from calls.lines.warm import Kit
from calls.lines.writer import Writer

log = logging.getLogger(__name__)
M = TypeVar("M", bound=Medium)


@dataclass(slots=True)
class End:
    """How the call ended; `over` is set when it did."""

    over: asyncio.Event = field(default_factory=asyncio.Event)
    reason: EndReason = EndReason.LINE_LOST
    error: str = ""
    hand_off: HandOff | None = None
    noted: asyncio.Event = field(default_factory=asyncio.Event)  # the hand-off is written down

    def by_defect(self, error: BaseException) -> None:
        """A defect of ours ended it."""
        self.reason, self.error = EndReason.PROVIDER_FAILED, f"defect: {type(error).__name__}"
        self.over.set()


class Conversing(Generic[M]):
    """Handles the events of one call.

    Args:
        kit: providers of the process.
        call: what it is about.
        store: its rows.
        writer: orders their writing.
        make_medium: makes what carries its words.
    """

    def __init__(self, kit: Kit, call: Claimed, store: CallStore, writer: Writer, make_medium: Callable[[Means], M]) -> None:
        self.end = End()
        self.clock = CallClock()
        self.answers = Answers(store, self.happened)
        self.instructions = Instructions(store, self.happened)
        self._call_id = call.call_id
        self._store = store
        self._turns = TurnClock()
        kind = Conversation if call.brief.use_case is None else Reception
        self._conversation = kind(call.brief, call_id=str(call.call_id))
        self._tools = ToolRuns(call.call_id, self.happened)
        self._meter = Meter(kit.billed)
        self._prompts: list[AskedPrompt] = []
        thinker, self.notes = kit.thinker, ProviderNotes()
        if kit.keeps_prompts:
            self.notes = ProviderNotes(self.clock.now_ms, writer.put, store.provider_notes, keeps_words=call.brief.use_case is None)
            thinker = RecordedReplier(thinker, kit.billed.model, self.clock.now_ms, self._prompts.append, before=call.brief.prompts_before)
        self._own_work = OwnWork(self.notes)
        kit = replace(kit, thinker=MeteredReplier(thinker, self._meter))
        self.recorder = Recorder(store, after_line=call.brief.lines_before)
        self.records = Records(store, writer, self._turns, self._conversation.line_of, self.recorder)
        self.medium = make_medium(Means(kit, call, self.clock, self._turns, self._meter, self.happened, self.recorder, self.notes))
        self._thinking = Thinking(kit.thinker, f"call-{call.call_id}", self.happened, self._turns.done)
        self._timers = Timers(self.clock, lambda name: self.happened(TimerFired(name)))
        self._tasks: asyncio.TaskGroup | None = None
        self._pending: deque[Event] = deque()
        self._handling = False

    def begin(self, tasks: asyncio.TaskGroup) -> tuple[Coroutine[Any, Any, None], ...]:
        """The parts that run as long as the call, to be made tasks of its group; questions to the model join that group."""
        self._tasks = tasks
        return (*self.medium.tasks(), self.answers.run(), self.instructions.run())

    def used(self) -> list[dict[str, Any]]:
        """What the call has used of paid services so far (`calls.models.Call.usage`)."""
        self.medium.count()
        return self._meter.used()

    def flush(self) -> None:
        """Has what is kept for reviewers written. Nobody waits for it, so it is done now and then, and at the end."""
        self.notes.flush()
        if self._prompts:
            batch = self._prompts.copy()
            self._prompts.clear()
            self.records.put(lambda: self._store.prompts(batch))

    def stop(self) -> None:
        """Nothing more is set off."""
        self._tasks = None
        self._thinking.stop_all()
        self._timers.cancel_all()

    def happened(self, event: Event) -> None:
        """Handles an event and what it sets off, before the next one."""
        self._pending.append(event)
        if self._handling:
            return
        self._handling = True
        try:
            while self._pending:
                self._handle(self._pending.popleft())
        except Exception as error:  # noqa: BLE001  a defect in one call ends that call, not the process
            log.error("call %s: handling failed: %s", self._call_id, described(error))
            self._pending.clear()
            self.end.by_defect(error)
        finally:
            self._handling = False

    def _handle(self, event: Event) -> None:
        now_ms = self.clock.now_ms()
        match event:
            case CalleeSaid():
                self._turns.turn_ended(speech_end_ms=event.end_ms, now_ms=now_ms)
            case ReplyPieceArrived() | ToolAsked():
                self._turns.token(event.ask_id, now_ms)
            case ThinkingFailed():
                self._turns.failed(event.ask_id)
            case SpeechStarted():
                self._turns.played(event.speech_id, now_ms)
            case HeardUpTo():
                self._turns.silent(event.end_ms, now_ms)
                if not event.finished:
                    self._turns.cut()
                    if not event.heard:
                        self._turns.dropped()
            case SpeechFailed():
                self._turns.unvoiced(event.speech_id)
            case LineDropped():
                self._turns.line_dropped()
        self._own_work.happened(event, now_ms)
        answer = event.ask_id if isinstance(event, ReplyPieceArrived | ReplyEnded) else ""
        for effect in self._conversation.handle(event, now_ms):
            self._own_work.does(effect, now_ms)
            self._carry_out(effect, now_ms, answer)

    def _carry_out(self, effect: Effect, now_ms: int, answer: str) -> None:  # noqa: PLR0912 - one branch per effect
        """`answer`: the question to the model whose answer brought the effect; "" for none."""
        match effect:
            case AskModel():
                self._turns.asked(effect.ask_id, now_ms, ahead=effect.ahead)
                if self._tasks is not None:
                    self._thinking.ask(effect, self._tasks)
            case Summarise():
                if self._tasks is not None:
                    self._thinking.sum_up(effect, self._tasks)
            case StopModel():
                self._turns.gave_up(effect.ask_id, now_ms)
                self._thinking.stop(effect.ask_id)
            case Say():
                self._turns.clause(effect.speech_id, now_ms, ask_id=answer, fixed=effect.cached)
                self.medium.say(effect)
            case SaveSituation():
                self.records.take(effect)
                self.medium.expect(effect.situation)
            case PressKeys():
                self.medium.press(effect)
            case StopSpeaking():
                self._turns.dropped()
                self.medium.stop()
            case StartTimer():
                self._timers.start(effect.name, effect.at_ms)
            case CancelTimer():
                self._timers.cancel(effect.name)
            case SwitchLanguage():
                self.medium.switch(effect.language)
                self.records.take(effect)
            case LetUserSpeak():
                self.medium.let_user_speak(effect.microphone)
            case RunTool() | NoteRefusedTool() | DropTool():
                self._take_tool(effect)
            case HandOff():
                self.end.hand_off = effect
                self.records.put(lambda: self._hand_off(effect))
            case HangUp():
                self.end.reason = effect.reason
                self.end.over.set()
            case SaveLine() | SaveSlots() | SaveGrant() | NoteDisclosure() | Record() | DropRecording() | AskUser():
                self.records.take(effect)
                if isinstance(effect, NoteDisclosure):
                    self.medium.expect(Situation.TALKING)
                if isinstance(effect, AskUser):
                    self.answers.expect(effect.question_id)

    def _take_tool(self, effect: RunTool | NoteRefusedTool | DropTool) -> None:
        match effect:
            case DropTool():
                self._tools.drop(effect.run_id)
            case RunTool() if self._tasks is not None:
                self._tools.start(effect, self._tasks)
            case NoteRefusedTool() if self._tasks is not None:
                self._tools.note(effect, self._tasks)

    async def _hand_off(self, effect: HandOff) -> None:
        await self._tools.hand_off(effect)
        self.end.noted.set()

"""What happens to a conversation. Frozen facts in the past tense; times are ms on the call's monotonic clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from calls.conversation.effects import AskUser
from calls.conversation.reception.use_case import AnsweringUseCase, Changes


@dataclass(frozen=True, slots=True)
class LineOpened:
    """The line is up: we hear and can be heard."""


@dataclass(frozen=True, slots=True)
class CalleeStarted:
    """The callee's voice was noticed; no words yet, and perhaps none will come."""


@dataclass(frozen=True, slots=True)
class CalleeSaying:
    """Words of an utterance that still goes on; may change."""

    text: str
    start_ms: int


@dataclass(frozen=True, slots=True)
class CalleeSaid:
    """The callee finished an utterance (the turn taker decided). Empty text: there was a voice, but no words were made out."""

    text: str
    start_ms: int
    end_ms: int
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class CalleePaused:
    """A pause that may be the end of an utterance; nothing is decided. `text` is what was recognised so far: time to think of an answer ahead."""

    text: str
    start_ms: int


@dataclass(frozen=True, slots=True)
class BeepHeard:
    """A single steady tone ended, as an answering machine's."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class MusicHeard:
    """Music began (`on`) or fell silent: who hears it is on hold."""

    on: bool
    at_ms: int


@dataclass(frozen=True, slots=True)
class CalleeInterrupted:
    """The callee spoke over Floyd; playback was cleared. HeardUpTo events for what was cut come before this one."""


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """The first audio of a clause is being heard."""

    speech_id: str


@dataclass(frozen=True, slots=True)
class HeardUpTo:
    """How much of a clause the callee heard: all of it (`finished`), or the first `heard` characters before a cut."""

    speech_id: str
    heard: int
    finished: bool
    end_ms: int


@dataclass(frozen=True, slots=True)
class SpeechFailed:
    """A clause could not be voiced, or only its first `heard` characters."""

    speech_id: str
    permanent: bool = False
    heard: int = 0


@dataclass(frozen=True, slots=True)
class ReplyPieceArrived:
    """The model wrote some more of its reply."""

    ask_id: str
    text: str


@dataclass(frozen=True, slots=True)
class ToolAsked:
    """The model wants a tool. Name and arguments are its own words, unchecked."""

    ask_id: str
    tool_id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ReplyEnded:
    """The model finished a reply."""

    ask_id: str
    finish_reason: str


@dataclass(frozen=True, slots=True)
class ThinkingFailed:
    """The model failed."""

    ask_id: str
    permanent: bool = False


@dataclass(frozen=True, slots=True)
class SummaryArrived:
    """The model summed up what was said earlier. Empty text: it failed."""

    summary_id: str
    text: str


@dataclass(frozen=True, slots=True)
class HearingFailed:
    """Recognition failed and could not be reopened."""

    permanent: bool = False


@dataclass(frozen=True, slots=True)
class UserAnswered:
    """The user answered a question asked during the call. `answer` is typed: {amount_minor, currency}, {yes}, {text}."""

    question_id: str
    answer: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Whispered:
    """The signed-in user said something to Floyd during the call, unasked. An instruction; it allows nothing that was not allowed before."""

    text: str


@dataclass(frozen=True, slots=True)
class KeysAsked:
    """The signed-in user has keys pressed on the line: 0-9, * and #."""

    keys: str


@dataclass(frozen=True, slots=True)
class HangUpAsked:
    """The signed-in user ends the call. Unlike StopAsked it takes nothing back: what was said counts."""


@dataclass(frozen=True, slots=True)
class TakenOver:
    """The signed-in user wants to speak for themselves, through a microphone that is ready. `microphone` tells theirs from any other."""

    microphone: str


@dataclass(frozen=True, slots=True)
class GivenBack:
    """The user gives the call back to Floyd."""


@dataclass(frozen=True, slots=True)
class MicrophoneLost:
    """The user's microphone is gone; it may come back as another one (TakenOver)."""

    microphone: str


@dataclass(frozen=True, slots=True)
class UserSaying:
    """Words of the user's, said into the line, that may still change."""

    text: str
    start_ms: int


@dataclass(frozen=True, slots=True)
class UserSaid:
    """The user said something into the line."""

    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """The other side pressed a key."""

    digit: str


@dataclass(frozen=True, slots=True)
class ToolFinished:
    """A tool that RunTool asked for is done, well or not.

    Attributes:
        data: told to the model.
        say: said to the caller at once.
        end: the call is to end then.
        hand_off: code and summary; a person is to take over then.
        start: the use case to go on with.
        changes: what it made of the use case that has the call.
        asked: a question that was put to the user whose number it is; UserAnswered tells the answer, if one comes in time.
    """

    run_id: str
    data: dict[str, Any]
    ok: bool = True
    say: str = ""
    end: bool = False
    hand_off: tuple[str, str] | None = None
    start: AnsweringUseCase | None = None
    asked: AskUser | None = None
    changes: Changes | None = None


@dataclass(frozen=True, slots=True)
class TimerFired:
    """A timer that StartTimer asked for is due."""

    name: str


@dataclass(frozen=True, slots=True)
class StopAsked:
    """The user wants the call to end."""


@dataclass(frozen=True, slots=True)
class CostReached:
    """The call has cost as much as it may."""


@dataclass(frozen=True, slots=True)
class LineDropped:
    """The line is gone: the callee hung up, or the carrier's stream ended."""

    hung_up: bool = True


Event = (
    LineOpened
    | CalleeStarted
    | CalleeSaying
    | CalleeSaid
    | CalleePaused
    | BeepHeard
    | MusicHeard
    | CalleeInterrupted
    | SpeechStarted
    | HeardUpTo
    | SpeechFailed
    | ReplyPieceArrived
    | ToolAsked
    | ReplyEnded
    | ThinkingFailed
    | SummaryArrived
    | HearingFailed
    | UserAnswered
    | Whispered
    | KeysAsked
    | HangUpAsked
    | TakenOver
    | GivenBack
    | MicrophoneLost
    | UserSaying
    | UserSaid
    | KeyPressed
    | ToolFinished
    | TimerFired
    | StopAsked
    | CostReached
    | LineDropped
)

"""What a conversation wants done. Imperatives that a line carries out in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from calls.conversation.brief import Slot


class EndReason(StrEnum):
    """Why a call ended. Each is a named outcome with a policy."""

    GOAL_REACHED = "goal_reached"
    GOAL_NOT_REACHED = "goal_not_reached"
    CALL_BACK_LATER = "call_back_later"  # something only the user knows is missing
    CALLEE_HUNG_UP = "callee_hung_up"
    STOPPED_BY_USER = "stopped_by_user"
    HUNG_UP_BY_USER = "hung_up_by_user"  # what was said counts
    NO_RESPONSE = "no_response"  # silence
    TOO_LONG = "too_long"
    TOO_DEAR = "too_dear"  # the call itself has cost as much as it may
    NOT_UNDERSTOOD = "not_understood"
    WRONG_NUMBER = "wrong_number"
    REFUSED_MACHINE = "refused_machine"
    VOICEMAIL = "voicemail"  # an answering machine; the plan leaves no message
    VOICEMAIL_LEFT = "voicemail_left"  # the message was left behind the beep
    HOLD_TOO_LONG = "hold_too_long"
    MENU_DEAD_END = "menu_dead_end"  # a phone menu without a way to a person
    OTHER_LANGUAGE = "other_language"  # the callee speaks none that we do
    PARTED = "parted"  # two machines have said goodbye
    WENT_ROUND = "went_round"  # the same was said over and over, or two machines came to no end
    FINISHED = "finished"  # a caller has what they wanted
    HANDED_OFF = "handed_off"  # a person took the call over
    PROVIDER_FAILED = "provider_failed"
    LINE_LOST = "line_lost"


@dataclass(frozen=True, slots=True)
class AskModel:
    """Ask the in-call model for its next turn; answer with ReplyPieceArrived, ToolAsked, ReplyEnded or ThinkingFailed.

    `ahead`: the callee may not be done; the answer is kept back until they are, or thrown away.
    """

    ask_id: str
    messages: tuple[dict[str, Any], ...]
    tools: tuple[dict[str, Any], ...]
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class StopModel:
    """Abort an answer; nothing more may arrive for it."""

    ask_id: str


@dataclass(frozen=True, slots=True)
class Summarise:
    """Have the model sum up older talk, without tools and without haste; answer with SummaryArrived. StopModel aborts it too."""

    summary_id: str
    messages: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Say:
    """Voice a clause after those already queued. `cached` marks a phrase rendered ahead (the introduction)."""

    speech_id: str
    text: str
    interruptible: bool = True
    cached: bool = False


@dataclass(frozen=True, slots=True)
class PressKeys:
    """Play key tones in the audio, after the clauses already queued. Reported on like a `Say` whose text is `keys`. Not interruptible."""

    speech_id: str
    keys: str  # 0-9 * # and w for half a second's pause


class Situation(StrEnum):
    """Who or what is at the other end."""

    TALKING = "talking"  # a person, as far as we know
    MENU = "menu"
    HOLD = "hold"
    VOICEMAIL = "voicemail"
    SCREENING = "screening"
    TAKEN_OVER = "taken_over"  # the user speaks for themselves


@dataclass(frozen=True, slots=True)
class SaveSituation:
    """Store and show what is at the other end since now."""

    situation: Situation


@dataclass(frozen=True, slots=True)
class StopSpeaking:
    """Drop what is queued or playing and may be interrupted."""


@dataclass(frozen=True, slots=True)
class AskUser:
    """Put a question to the user, by page and text message. Answer with UserAnswered carrying the same id."""

    question_id: str
    kind: str  # money, yes_no or text
    text: str
    slots: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SaveLine:
    """Store a transcript line (insert or update by `seq`).

    `intended`: what our side said, or meant to say, into the line; empty for what the user told Floyd alone.
    """

    seq: int
    speaker: str  # callee, floyd, user or system
    text: str
    start_ms: int
    end_ms: int
    intended: str = ""
    final: bool = True


@dataclass(frozen=True, slots=True)
class SaveSlots:
    """Store the typed values heard so far."""

    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class SaveGrant:
    """Store what the user allowed."""

    question_id: str
    kind: str
    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class NoteDisclosure:
    """The introduction with the AI disclosure was heard to its end."""


@dataclass(frozen=True, slots=True)
class Record:
    """From here on keep the sound of both sides, or (not `on`) keep none, until the next Record. Nothing was kept before the first one."""

    on: bool


@dataclass(frozen=True, slots=True)
class DropRecording:
    """The other side does not want to be recorded: throw away what was kept, and keep nothing more."""


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Fire TimerFired(name) at `at_ms`; a timer of the same name is replaced."""

    name: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class CancelTimer:
    """Forget a timer."""

    name: str


@dataclass(frozen=True, slots=True)
class SwitchLanguage:
    """From here on the callee speaks, and hears, this language (a BCP 47 tag)."""

    language: str


@dataclass(frozen=True, slots=True)
class LetUserSpeak:
    """From here on what this microphone of the user's hears goes into the line, and is recognised (UserSaying, UserSaid). Empty: no one's does."""

    microphone: str


@dataclass(frozen=True, slots=True)
class RunTool:
    """Run a tool of the use case, never on the event loop; answer with ToolFinished, whatever happens.

    `arguments`: a JSON object, unchecked; `line`: the transcript line that it follows; `seconds`: that it may take.
    """

    run_id: str
    name: str
    arguments: str
    line: int = 0
    seconds: float = 5.0


@dataclass(frozen=True, slots=True)
class NoteRefusedTool:
    """The model asked for a tool that there is not, or with arguments that are none: nothing runs, but that it did is kept. As RunTool."""

    run_id: str
    name: str
    arguments: str
    line: int
    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NoteTool:
    """A tool of the conversation's own is done: kept for whoever reviews the call, nothing waits for it.

    `asked_ms`: when the model had asked for it; `result`: ok, what came of it, or why it was refused, in a word.
    """

    name: str
    asked_ms: int
    result: str


@dataclass(frozen=True, slots=True)
class DropTool:
    """A tool that only reads, and was asked for by RunTool, is not wanted any more. Nothing may come of it; if something does, it is ignored."""

    run_id: str


@dataclass(frozen=True, slots=True)
class HandOff:
    """A person takes the call over, as soon as it is hung up on our side. `code`: why, in a word; `summary`: what they are told first."""

    code: str
    summary: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call now. Said only after everything Floyd still had to say was heard (or the line is gone)."""

    reason: EndReason


Effect = (
    AskModel
    | StopModel
    | Summarise
    | Say
    | PressKeys
    | StopSpeaking
    | AskUser
    | SaveLine
    | SaveSlots
    | SaveGrant
    | SaveSituation
    | NoteDisclosure
    | Record
    | DropRecording
    | SwitchLanguage
    | StartTimer
    | CancelTimer
    | LetUserSpeak
    | RunTool
    | NoteRefusedTool
    | NoteTool
    | DropTool
    | HandOff
    | HangUp
)

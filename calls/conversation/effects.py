"""What a conversation wants done. Imperatives that a line carries out in order."""

from __future__ import annotations

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
    NO_RESPONSE = "no_response"  # silence
    TOO_LONG = "too_long"
    NOT_UNDERSTOOD = "not_understood"
    WRONG_NUMBER = "wrong_number"
    REFUSED_MACHINE = "refused_machine"
    PROVIDER_FAILED = "provider_failed"
    LINE_LOST = "line_lost"


@dataclass(frozen=True, slots=True)
class AskModel:
    """Ask the in-call model for its next turn; answer with ReplyPieceArrived, ToolAsked, ReplyEnded or ThinkingFailed."""

    ask_id: str
    messages: tuple[dict[str, Any], ...]
    tools: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class StopModel:
    """Abort an answer; nothing more may arrive for it."""

    ask_id: str


@dataclass(frozen=True, slots=True)
class Say:
    """Voice a clause after those already queued. `cached` marks a phrase rendered ahead (the introduction)."""

    speech_id: str
    text: str
    interruptible: bool = True
    cached: bool = False


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
    """Store a transcript line (insert or update by `seq`)."""

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
class StartTimer:
    """Fire TimerFired(name) at `at_ms`; a timer of the same name is replaced."""

    name: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class CancelTimer:
    """Forget a timer."""

    name: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call now. Said only after everything Floyd still had to say was heard (or the line is gone)."""

    reason: EndReason


Effect = AskModel | StopModel | Say | StopSpeaking | AskUser | SaveLine | SaveSlots | SaveGrant | NoteDisclosure | StartTimer | CancelTimer | HangUp

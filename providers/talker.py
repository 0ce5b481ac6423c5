"""A model that hears sound and answers with sound: one session takes the place of recogniser, thinker and speaker."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from providers.types import ToolCall, ToolSpec, Usage


@dataclass(frozen=True, slots=True)
class VoiceBegan:
    """Somebody speaks. `utterance` names it; `at_ms` counts from the first audio fed."""

    utterance: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class VoiceEnded:
    """The utterance is over, as the service detects it."""

    utterance: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class WordsHeard:
    """More words of an utterance."""

    utterance: str
    text: str


@dataclass(frozen=True, slots=True)
class Understood:
    """All words of an utterance; empty when none were made out."""

    utterance: str
    text: str


@dataclass(frozen=True, slots=True)
class ReplyWords:
    """More words of what the model says, often ahead of their sound. `item` names what they belong to in the session."""

    reply: str
    item: str
    text: str


@dataclass(frozen=True, slots=True)
class WordsWhole:
    """The item has no more words to come."""

    reply: str
    item: str


@dataclass(frozen=True, slots=True)
class ReplySound:
    """More μ-law of what the model says, faster than it is heard."""

    reply: str
    item: str
    audio: bytes


@dataclass(frozen=True, slots=True)
class ReplyTool:
    """The model wants a tool."""

    reply: str
    call: ToolCall


@dataclass(frozen=True, slots=True)
class ReplyOver:
    """Nothing more comes of a reply. `failed`: it could not be made."""

    reply: str
    finish_reason: str
    usage: Usage
    failed: bool = False


TalkEvent = VoiceBegan | VoiceEnded | WordsHeard | Understood | ReplyWords | WordsWhole | ReplySound | ReplyTool | ReplyOver


class TalkSession(Protocol):
    """One call's session. Iterate it for what happens; it raises ProviderError when it breaks. Commands are sent in order, and none of them waits."""

    def feed(self, audio: bytes) -> None:
        """μ-law of the other side."""

    def configure(self, *, instructions: str, tools: Sequence[ToolSpec]) -> None:
        """What the model is told and may use from here on."""

    def switch(self, language: str) -> None:
        """The other side speaks another language from here on: their words are written down in it."""

    def note(self, text: str) -> None:
        """Something code or the user tells the model; not heard on the line."""

    def was_heard(self, text: str) -> None:
        """What the other side said while somebody else listened, as the instructions say that it is written."""

    def was_said(self, text: str) -> None:
        """Words that another voice said for the model."""

    def result(self, tool_id: str, output: str) -> None:
        """What came of a tool."""

    def reply(self, name: str) -> None:
        """Have the model answer; what comes of it bears this name. One at a time: ask for the next when ReplyOver was told."""

    def cancel(self) -> None:
        """Break off the reply that is under way; ReplyOver comes all the same."""

    def truncate(self, item: str, heard_ms: int) -> None:
        """Only this much of what the model said was heard; the rest never was."""

    def __aiter__(self) -> AsyncIterator[TalkEvent]:
        """What happens, in order."""

    async def close(self) -> None:
        """Ends it. Safe to call twice."""


class Talker(Protocol):
    """Opens sessions."""

    @property
    def model(self) -> str:
        """Name of the model, as the price table has it."""

    @property
    def transcription(self) -> str:
        """Name of what writes down the other side's words, as the price table has it."""

    async def open(self, *, language: str, hints: Sequence[str] = (), voice: str = "") -> TalkSession:
        """A session for sound at 8 kHz μ-law. `hints` are words to expect, `voice` is one of `voices.VOICES` or empty. Raises ProviderError."""

    async def close(self) -> None:
        """Lets go of connections."""

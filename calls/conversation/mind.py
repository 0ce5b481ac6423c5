"""The reply that is being thought of: what was asked of the model, what came of it so far, and when to stop waiting for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from calls.conversation.effects import AskModel, StopModel
from calls.conversation.history import Reply
from calls.conversation.kept import MOST_TOOLS_IN_A_REPLY, Answer, Kept
from calls.conversation.outbox import Outbox
from calls.conversation.spoken import SpokenLine
from calls.speech.chunking import ClauseCutter

#: The model is given up on when nothing (more) comes for so long; the second time in a turn sooner.
PATIENCE_MS, PATIENCE_AGAIN_MS = 3_800, 3_000


@dataclass(frozen=True, slots=True)
class ToolRequest:
    """A tool as the model asked for it, unchecked."""

    tool_id: str
    name: str
    arguments: str
    asked_ms: int


@dataclass(slots=True)
class Draft:
    """A reply while it is written."""

    ask_id: str
    cutter: ClauseCutter = field(default_factory=ClauseCutter)
    line: SpokenLine | None = None
    reply: Reply | None = None
    held: list[str] = field(default_factory=list)  # clauses that agree to something, until agree_to has passed
    tools: list[ToolRequest] = field(default_factory=list)
    length: int = 0
    blocked: bool = False
    said: bool = False  # any of it was voiced
    kept: Kept | None = None  # what comes of it while Floyd has been interrupted


@dataclass(slots=True)
class Turn:
    """What happened since the callee (or the user) last said something that needs an answer."""

    rounds: int = 0
    failures: int = 0
    empty: int = 0
    bridges: int = 0  # lines that explained the wait
    after_answer: bool = False  # the user's, not the callee's words are answered
    said: bool = False


class Mind:
    """One question to the model at a time."""

    def __init__(self, outbox: Outbox, tools: tuple[dict[str, Any], ...]) -> None:
        self._outbox, self.tools = outbox, tools
        self._count = 0
        self._used_ids: set[str] = set()
        self.draft: Draft | None = None
        self.turn = Turn()

    @property
    def busy(self) -> bool:
        """Whether a reply is awaited or being written, or held back."""
        return self.draft is not None

    @property
    def thinking(self) -> bool:
        """Whether Floyd waits for what the model writes."""
        return self.draft is not None and self.draft.kept is None

    def next_id(self) -> str:
        """The id of the next question."""
        self._count += 1
        return f"a{self._count}"

    def ask(self, messages: tuple[dict[str, Any], ...], now_ms: int) -> None:
        """Asks the model."""
        ask_id = self.next_id()
        self._outbox.add(AskModel(ask_id, messages, self.tools))
        self.adopt(ask_id, now_ms)

    def adopt(self, ask_id: str, now_ms: int) -> None:
        """Waits for the answer to a question that is asked."""
        self.draft = Draft(ask_id)
        self._wait(now_ms)

    def current(self, ask_id: str) -> Draft | None:
        """The draft that an event is about; None for one that was given up."""
        return self.draft if self.draft is not None and self.draft.ask_id == ask_id else None

    def progressed(self, now_ms: int) -> None:
        """Something came: patience begins anew."""
        self._wait(now_ms)

    def request_tool(self, draft: Draft, tool_id: str, name: str, arguments: str, now_ms: int) -> None:
        """Notes a tool for the end of the reply; its id is made unique."""
        if len(draft.tools) < MOST_TOOLS_IN_A_REPLY:
            if not tool_id or tool_id in self._used_ids or len(tool_id) > 64:
                tool_id = f"call_{draft.ask_id}_{len(draft.tools)}"
            self._used_ids.add(tool_id)
            draft.tools.append(ToolRequest(tool_id, name[:100], arguments, now_ms))

    def hold(self) -> None:
        """What comes from now on is kept back: Floyd was interrupted, perhaps by nothing."""
        if self.draft is not None and self.draft.kept is None:
            self.draft.kept = Kept()
            self._stop_waiting()

    def release(self, now_ms: int) -> list[Answer]:
        """The interruption was nothing: what was kept back, to be taken in now."""
        if self.draft is None or self.draft.kept is None:
            return []
        kept, self.draft.kept = self.draft.kept, None
        self._wait(now_ms)
        return kept.take()

    def finish(self) -> None:
        """The reply is whole, or broke off."""
        self.draft = None
        self._stop_waiting()

    def stop(self) -> Draft | None:
        """Gives the running reply up; returns it."""
        draft = self.draft
        if draft is not None:
            self._outbox.add(StopModel(draft.ask_id))
            self.finish()
        return draft

    def _wait(self, now_ms: int) -> None:
        self._outbox.start_timer("thinking", now_ms + (PATIENCE_AGAIN_MS if self.turn.failures else PATIENCE_MS))

    def _stop_waiting(self) -> None:
        self._outbox.cancel_timer("thinking")

"""Tools that the model asked for: side by side where that is safe, an exclusive one alone; what came of them goes to the model together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from calls.conversation.effects import DropTool, NoteRefusedTool, RunTool
from calls.conversation.events import ToolFinished
from calls.conversation.outbox import Outbox
from calls.conversation.reception.use_case import OfferedTool
from calls.conversation.tools import LONGEST_ARGUMENTS

#: Longer than any tool may take; then whoever runs it is not believed in any more.
PATIENCE_MS = 30_000
_INTERRUPTED = {"reason": "interrupted", "do": "the caller went on: answer what they said; call it again only if it is still wanted"}


@dataclass(frozen=True, slots=True)
class Errand:
    """One wish: `tool_id` names it to the model, and is empty when a key or code asked."""

    tool_id: str
    name: str
    arguments: str
    keys: str = ""


class Errands:
    """One batch of tools at a time."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._count = 0
        self._batch: list[tuple[str, Errand]] = []
        self._waiting: list[tuple[str, Errand]] = []
        self._running: set[str] = set()
        self._tools: Mapping[str, OfferedTool] = {}
        self._done: dict[str, ToolFinished] = {}
        self._line = 0
        self._given_up: set[tuple[str, str]] = set()
        self.filler = ""

    @property
    def busy(self) -> bool:
        """Whether a result is still to come."""
        return bool(self._running or self._waiting)

    def begin(self, errands: list[Errand], tools: Mapping[str, OfferedTool], *, line: int, now_ms: int) -> None:
        """Sets a batch going. What names no tool, or comes with arguments that are no JSON object, has its result at once.

        Args:
            line: transcript line of the caller's that they follow from.
        """
        self._batch, self._done, self._line = [], {}, line
        for errand in errands:
            self._count += 1
            run_id = f"t{self._count}"
            self._batch.append((run_id, errand))
            wrong = _wrong(errand, tools)
            if wrong is None:
                self._waiting.append((run_id, errand))
            else:
                self._done[run_id] = ToolFinished(run_id, wrong, ok=False)
                self._outbox.add(NoteRefusedTool(run_id, errand.name, errand.arguments, line, wrong))
        self._tools = tools
        self.filler = next((tools[errand.name].filler for _, errand in self._waiting if tools[errand.name].filler), "")
        if self._waiting:
            self._outbox.start_timer("errands", now_ms + PATIENCE_MS)
        self._start()

    def _start(self) -> None:
        """Starts the next that may run together, in the order in which they were asked for."""
        while self._waiting and not self._running:
            together = [self._waiting.pop(0)]
            while self._waiting and not self._alone(together[0]) and not self._alone(self._waiting[0]):
                together.append(self._waiting.pop(0))
            for run_id, errand in together:
                self._running.add(run_id)
                self._outbox.add(RunTool(run_id, errand.name, errand.arguments or "{}", self._line, self._tools[errand.name].seconds))

    def _alone(self, waiting: tuple[str, Errand]) -> bool:
        return self._tools[waiting[1].name].exclusive

    def finished(self, event: ToolFinished) -> bool:
        """One is done; True when that was the last of its batch. One that nobody waits for is ignored."""
        if event.run_id not in self._running:
            return False
        self._running.discard(event.run_id)
        self._done[event.run_id] = event
        self._start()
        return not self.busy

    def drop(self) -> bool:
        """The caller wants something else now. What only reads is given up, and what has not begun is not begun; what acts is finished.

        A wish is given up once: who asks "are you there?" again and again gets an answer all the same. True when nothing is waited for any more.
        """
        errands = dict(self._batch)
        for run_id in [run_id for run_id, _ in self._waiting] + [run_id for run_id in self._running if self._tools[errands[run_id].name].reads]:
            errand = errands[run_id]
            wish = (errand.name, errand.arguments)
            if wish not in self._given_up:
                self._given_up.add(wish)
                self._done[run_id] = ToolFinished(run_id, dict(_INTERRUPTED), ok=False)
                if run_id in self._running:
                    self._running.discard(run_id)
                    self._outbox.add(DropTool(run_id))
        self._waiting = [(run_id, errand) for run_id, errand in self._waiting if run_id not in self._done]
        self._start()
        return not self.busy

    def give_up(self) -> None:
        """Whatever has no result yet failed."""
        for run_id in [*self._running, *(run_id for run_id, _ in self._waiting)]:
            self._done[run_id] = ToolFinished(run_id, {"reason": "timed_out", "do": "say that it does not work right now"}, ok=False)
        self._running.clear()
        self._waiting.clear()

    def take(self) -> list[tuple[Errand, ToolFinished]]:
        """The batch with its results, in the order in which it was asked for."""
        self._outbox.cancel_timer("errands")
        batch, self._batch, self.filler = self._batch, [], ""
        return [(errand, self._done[run_id]) for run_id, errand in batch]


def _wrong(errand: Errand, tools: Mapping[str, OfferedTool]) -> dict[str, Any] | None:
    """What is wrong with a wish at first sight. Tools with a secret are for code alone: a model that guesses one would use up the caller's tries."""
    if errand.name not in tools or (errand.tool_id and tools[errand.name].secret):
        return {"reason": "unknown_tool", "do": "use one of: " + ", ".join(sorted(name for name, tool in tools.items() if not tool.secret))}
    if len(errand.arguments) > LONGEST_ARGUMENTS:
        return {"reason": "arguments_too_long", "do": "call it again with short arguments"}
    try:
        is_object = isinstance(json.loads(errand.arguments or "{}"), dict)
    except (ValueError, RecursionError):
        is_object = False
    return None if is_object else {"reason": "bad_arguments", "wrong": ["json"], "do": "call it again with correct arguments"}

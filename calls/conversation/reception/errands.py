"""Tools that the model asked for: side by side where that is safe, an exclusive one alone; what came of them goes to the model together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from calls.conversation.effects import RunTool
from calls.conversation.events import ToolFinished
from calls.conversation.outbox import Outbox
from calls.conversation.reception.use_case import OfferedTool
from calls.conversation.tools import LONGEST_ARGUMENTS

#: Longer than any tool may take; then whoever runs it is not believed in any more.
PATIENCE_MS = 30_000


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
    """What is wrong with a wish at first sight."""
    if errand.name not in tools:
        return {"reason": "unknown_tool", "do": "use one of: " + ", ".join(sorted(tools))}
    if len(errand.arguments) > LONGEST_ARGUMENTS:
        return {"reason": "arguments_too_long", "do": "call it again with short arguments"}
    try:
        is_object = isinstance(json.loads(errand.arguments or "{}"), dict)
    except (ValueError, RecursionError):
        is_object = False
    return None if is_object else {"reason": "bad_arguments", "wrong": ["json"], "do": "call it again with correct arguments"}

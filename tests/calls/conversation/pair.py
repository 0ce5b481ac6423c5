"""Two conversations on one line, in virtual time: what the one says, the other hears. Their models are the test's."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from calls.conversation.effects import AskModel
from calls.conversation.events import CalleeSaid, LineDropped
from tests.calls.conversation.reception.greenhouse import Ringing, greenhouse
from tests.calls.conversation.virtual_line import VirtualLine, flowers

THINKS_MS, PAUSE_MS = 300, 500
#: Longer than any call that code ends.
LONGEST_MS = 20 * 60_000
GREETING = "Hello, this is Floyd, an AI assistant answering for Dana Whitfield, what can I do for you?"
#: What a model answers: its words, and its tools.
Reply = tuple[str, tuple[tuple[str, dict[str, Any]], ...]]
Model = Callable[[AskModel], Reply]


class _Side:
    """One of the two, and what its model has been asked and not answered."""

    def __init__(self, line: VirtualLine, model: Model) -> None:
        self.line, self.model = line, model
        self.answered = 0
        self.heard_up_to = 0  # clauses of ours that the other has heard
        self.due: list[tuple[int, Callable[[], Any]]] = []
        self.told = False


class Pair:
    """Tom's Floyd rings Dana's.

    Args:
        caller, answering: the models.
    """

    def __init__(self, caller: Model, answering: Model) -> None:
        ask = flowers(kind="enquire", opening_line="I would like to know whether dinner on Thursday at 7 p.m. works.", callee_name="Dana Whitfield")
        self.caller = VirtualLine(ask)
        self.answering = Ringing(greenhouse(greeting=GREETING))
        self._sides = (_Side(self.caller, caller), _Side(self.answering, answering))
        self.now = 0

    def talk(self) -> Pair:
        """From the answer to both ends, or until it is clear that there will be none."""
        for side in self._sides:
            self._listen(side)
            side.line.open()
        while any(side.line.ended is None for side in self._sides) and self.now < LONGEST_MS:
            self.now += 20
            for side in self._sides:
                self._advance(side)
        return self

    def _other(self, side: _Side) -> _Side:
        return self._sides[1 - self._sides.index(side)]

    def _listen(self, side: _Side) -> None:
        """Whatever is heard of one side to its end is said to the other."""
        finish = side.line._finish

        def heard(clause: list[Any]) -> None:
            finish(clause)
            other, text, at = self._other(side), clause[1], self.now
            other.due.append((at + PAUSE_MS, lambda: other.line.feed(CalleeSaid(text, max(0, at - 800), at, 0.9))))

        side.line._finish = heard  # type: ignore[method-assign]

    def _advance(self, side: _Side) -> None:
        line = side.line
        if line.ended is None:
            line.wait(max(0, self.now - line.now))
        for at, act in [one for one in side.due if one[0] <= self.now]:
            side.due.remove((at, act))
            if line.ended is None:
                act()
        while side.answered < len(line.asks) and line.ended is None:
            ask = line.asks[side.answered]
            side.answered += 1
            text, tools = side.model(ask)
            side.due.append((self.now + THINKS_MS, partial(line.model, text, *tools, ask=ask)))
        if line.ended is not None and not side.told:
            side.told = True
            other = self._other(side)
            if other.line.ended is None:
                other.line.now = max(other.line.now, self.now)
                other.line.feed(LineDropped())

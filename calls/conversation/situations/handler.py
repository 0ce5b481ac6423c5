"""What all situations have in common: one handler each, which takes what is heard and says where that leads."""

from __future__ import annotations

from typing import Protocol

from calls.conversation.effects import Situation
from calls.conversation.events import Event
from calls.conversation.situations.moves import Move
from calls.conversation.spoken import Clause
from calls.conversation.states import State

#: The one timer of whatever situation is on; `LIMIT` is how long it may last.
STEP, LIMIT = "situation", "situation_limit"


class Handler(Protocol):
    """Deals with the line while one situation lasts."""

    situation: Situation
    state: State

    def entered(self, *, another: bool) -> Move | None:
        """The situation begins. `another`: the next person may be somebody new."""

    def words(self, text: str, *, over: bool) -> Move | None:
        """What was recognised of an utterance, from its beginning; `over` once it ended."""

    def other(self, event: Event) -> Move | None:
        """Any other event that a situation may care for: voice (a `CalleeSaid` here is one without words), beep, music, the model's answers."""

    def heard(self, clause: Clause) -> Move | None:
        """What became of something that Floyd said or keyed: `clause.heard` characters reached the line, 0 when it failed."""

    def step(self) -> Move | None:
        """The timer `STEP` fired."""

    def limit(self) -> Move | None:
        """The timer `LIMIT` fired: it lasted too long."""

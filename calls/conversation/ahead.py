"""Asking ahead: the model thinks of an answer while it is not yet certain that the callee is done.

What it answers is kept back. It is used when the callee turns out to have said just that, and nothing else has happened since; else thrown away.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from calls.conversation.effects import AskModel, StopModel
from calls.conversation.events import ThinkingFailed
from calls.conversation.kept import Answer, Kept
from calls.conversation.mind import Mind
from calls.conversation.outbox import Outbox
from calls.conversation.prompt import callee_in
from calls.conversation.same_words import mean_the_same

#: How often the model is asked ahead while one utterance lasts: each try costs money, and a slow speaker pauses often.
MOST_TRIES = 3

Messages = tuple[dict[str, Any], ...]


@dataclass(slots=True)
class Guess:
    """A question asked ahead, and what came of it so far."""

    ask_id: str
    text: str
    messages: Messages
    kept: Kept = field(default_factory=Kept)

    def fits(self, messages: Messages) -> bool:
        """Whether `messages` ask the same: the same to the byte, and last the callee's words, which may be written differently."""
        said, meant = callee_in(messages[-1]), callee_in(self.messages[-1])
        return messages[:-1] == self.messages[:-1] and said is not None and meant is not None and mean_the_same(said, meant)


class Ahead:
    """At most one question asked ahead at a time."""

    def __init__(self, outbox: Outbox, mind: Mind) -> None:
        self._outbox, self._mind = outbox, mind
        self._guess: Guess | None = None
        self._tries = 0

    @property
    def open(self) -> bool:
        """Whether an answer is kept back, or awaited."""
        return self._guess is not None

    def new_utterance(self) -> None:
        """The callee begins to say something."""
        self._tries = 0

    def worth_asking(self, text: str) -> bool:
        """Whether there are tries left, and these words are not being asked about already."""
        return self._tries < MOST_TRIES and (self._guess is None or not mean_the_same(text, self._guess.text))

    def ask(self, text: str, messages: Messages) -> None:
        """Asks as if `text`, which ends `messages`, were all that the callee has to say."""
        self.drop()
        self._tries += 1
        self._guess = Guess(self._mind.next_id(), text, messages)
        self._outbox.add(AskModel(self._guess.ask_id, messages, self._mind.tools, ahead=True))

    def heard(self, text: str) -> None:
        """The callee's words so far: others than those that were asked about make the answer worthless."""
        if self._guess is not None and not mean_the_same(text, self._guess.text):
            self.drop()

    def keep(self, event: Answer) -> bool:
        """Keeps what the model answers; False when it answers another question. A failure costs nothing: it is asked again when it counts."""
        if self._guess is None or self._guess.ask_id != event.ask_id:
            return False
        if isinstance(event, ThinkingFailed):
            self._guess = None
        else:
            self._guess.kept.add(event)
        return True

    def take(self, messages: Messages) -> Guess | None:
        """The guess that answers `messages`, to be used now. One that does not is thrown away."""
        guess = self._guess
        if guess is not None and guess.fits(messages):
            self._guess = None
            return guess
        self.drop()
        return None

    def drop(self) -> None:
        """Throws the answer away."""
        if self._guess is not None:
            self._outbox.add(StopModel(self._guess.ask_id))
            self._guess = None

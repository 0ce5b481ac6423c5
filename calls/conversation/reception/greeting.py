"""The opening of a call that came in: who rings hears at once that an AI answers."""

from __future__ import annotations

from calls.conversation.introducing import Introduction
from calls.conversation.states import State


class Greeting(Introduction):
    """Says the greeting until it was heard to its end. It cannot be cut."""

    answers_hello = False  # who rings speaks second: what they say over it is what they want

    def line_opened(self) -> None:
        """Whoever is called speaks first."""
        session = self._session
        session.go(State.OPENING)
        session.outbox.start_timer("max_call", session.now_ms + session.brief.max_call_ms)
        self.begin()

    def tell_language(self) -> None:
        """Nothing: the prompt says it (`prompt.prefix_for`), and who rings says what it is about."""

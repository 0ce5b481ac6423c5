"""What the caller hears while tools run."""

from __future__ import annotations

from calls.conversation.company import Company
from calls.conversation.reception.errands import Errands
from calls.conversation.session import Session


class ReceptionCompany(Company):
    """Says the running tool's own words first."""

    def __init__(self, session: Session, errands: Errands) -> None:
        super().__init__(session)
        self._errands = errands

    def explain(self, *, failed: bool = False) -> str:
        """A line about the wait."""
        filler, self._errands.filler = self._errands.filler, ""
        if filler and not failed and self._session.in_language(filler) is not None:
            self._session.mind.turn.bridges += 1
            return filler
        return super().explain(failed=failed)

    def _time(self, name: str, at_ms: int | None) -> None:
        """Enough words are enough while a tool runs: it has a time limit of its own."""
        quiet = name == "bridge" and self._errands.busy and self.exhausted
        super()._time(name, None if quiet else at_ms)

"""People who are not to be talked with any longer: they refuse machines, somebody else has the number, or they speak a language that Floyd does not.

Whoever says so before they have heard who calls hears that first, and then that we are gone.
"""

from __future__ import annotations

from calls.conversation.closing import Closer
from calls.conversation.effects import EndReason
from calls.conversation.introducing import Introduction
from calls.conversation.session import Session
from calls.conversation.situations.announcements import Sort, other_language, sorts_of
from calls.conversation.states import State

#: More would be a game.
MOST_SWITCHES = 2
_REASONS = {Sort.REFUSAL: EndReason.REFUSED_MACHINE, Sort.WRONG_NUMBER: EndReason.WRONG_NUMBER}


def language_wanted(session: Session, text: str, switches: int) -> str | None:
    """The language that somebody wants instead, if the call may go on in it after so many switches."""
    code = other_language(text)
    if not code or code == session.wording.code or switches >= MOST_SWITCHES:
        return None
    return next((tag for tag in (session.brief.language, *session.brief.languages) if tag[:2].lower() == code), None)


class Parting:
    """Notices that it is time to go, and goes."""

    def __init__(self, session: Session, introduction: Introduction, closer: Closer) -> None:
        self._session, self._introduction, self._closer = session, introduction, closer
        self._reason: EndReason | None = None
        self.switches = 0

    def wanted(self, text: str) -> bool:
        """Whether an utterance says that Floyd should go."""
        sorts = sorts_of(text)
        reason = next((reason for sort, reason in _REASONS.items() if sort in sorts), None)
        if reason is None and self.language_wanted(text) is None and other_language(text) not in (None, self._session.wording.code):
            reason = EndReason.OTHER_LANGUAGE
        self._reason = self._reason or reason
        return reason is not None

    def language_wanted(self, text: str) -> str | None:
        """The language that somebody wants instead, if the call may go on in it."""
        return language_wanted(self._session, text, self.switches)

    def settle(self) -> None:
        """Goes, once the other side knows who was calling."""
        session = self._session
        if self._reason is None or not self._introduction.heard or session.state in (State.OPENING, State.CLOSING, State.ENDED):
            return
        self._closer.close(self._reason)

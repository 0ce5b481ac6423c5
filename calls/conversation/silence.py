"""The callee says nothing: how long that may last, and what Floyd says then."""

from __future__ import annotations

from calls.conversation import fixed_lines as lines
from calls.conversation.closing import Closer
from calls.conversation.company import STILL_WAITING
from calls.conversation.effects import EndReason
from calls.conversation.session import Session

#: The silence after which we ask whether someone is there, and how often.
SILENCE_MS, MOST_SILENCES = 8_000, 2
#: The silence while the user is asked, before the first word about it and before the later ones.
CHECKING_MS, LATER_CHECKING_MS = 10_000, 15_000


class Silence:
    """Times the callee's silence."""

    def __init__(self, session: Session, closer: Closer) -> None:
        self._session, self._closer = session, closer
        self._silences = self._checkings = 0

    def await_words(self) -> None:
        """Starts waiting for the callee's next words."""
        session = self._session
        if not session.questions.open:
            session.outbox.start_timer("silence", session.now_ms + SILENCE_MS)
        elif self._checkings < len(STILL_WAITING):
            session.outbox.start_timer("silence", session.now_ms + (LATER_CHECKING_MS if self._checkings else CHECKING_MS))

    def heard_words(self) -> None:
        """Somebody is there."""
        self._silences = 0

    def lasts(self) -> None:
        """It was too long: the callee hears that the user is still asked, or is asked whether they are there; in the end Floyd gives up."""
        session = self._session
        session.callee_speaking = False
        if session.news:
            return
        if session.questions.open:
            session.say_fixed(STILL_WAITING[min(self._checkings, len(STILL_WAITING) - 1)])
            self._checkings += 1
            return
        self._silences += 1
        if self._silences > MOST_SILENCES:
            self._closer.close(EndReason.NO_RESPONSE)
        else:
            session.say_fixed(lines.ARE_YOU_THERE)

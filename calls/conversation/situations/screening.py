"""A call screener ("state your name and why you're calling"): it gets just that, and then Floyd waits for the person behind it."""

from __future__ import annotations

from calls.conversation.effects import EndReason, Situation
from calls.conversation.events import BeepHeard, CalleeStarted, Event, MusicHeard
from calls.conversation.session import Session
from calls.conversation.situations.announcements import Sort, sorts_of, sounds_like_a_person, stays_on_hold
from calls.conversation.situations.handler import LIMIT, STEP
from calls.conversation.situations.moves import Move, ToEnd, ToPerson
from calls.conversation.spoken import Clause
from calls.conversation.states import State

#: The silence that ends the screener's question, how long the person may take to decide, and how often we answer.
PAUSE_MS, PATIENCE_MS, MOST_ANSWERS = 1_000, 60_000, 3


class Screening:
    """Says who calls and why, and waits."""

    situation, state = Situation.SCREENING, State.SCREENED

    def __init__(self, session: Session) -> None:
        self._session = session
        self._answers = 0
        self._asked = False

    def entered(self, *, another: bool) -> Move | None:
        """A screener speaks."""
        self._answers, self._asked = 0, True
        self._session.outbox.start_timer(LIMIT, self._session.now_ms + PATIENCE_MS)
        return None

    def words(self, text: str, *, over: bool) -> Move | None:
        """Its question is answered when it is over; "please stay on the line" is obeyed; other words are the person's."""
        sorts = sorts_of(text)
        if Sort.SCREENING in sorts:
            self._asked = True
        if self._asked:
            self._session.outbox.cancel_timer(STEP)
            if over:
                self._session.outbox.start_timer(STEP, self._session.now_ms + PAUSE_MS)
            return None
        if stays_on_hold(text) or sorts & {Sort.WAIT, Sort.PERHAPS_VOICEMAIL}:
            return None
        if not over and not sounds_like_a_person(text):
            return None  # it may be the screener again
        return ToPerson(another=True, said=text if over else "")

    def other(self, event: Event) -> Move | None:
        """A beep asks for the answer at once."""
        match event:
            case BeepHeard() if self._asked and not self._session.callee.open:
                self._session.outbox.cancel_timer(STEP)
                return self.step()
            case CalleeStarted() if self._asked:
                self._session.outbox.cancel_timer(STEP)
                self._session.outbox.start_timer(STEP, self._session.now_ms + 3 * PAUSE_MS)
            case MusicHeard():
                pass
        return None

    def heard(self, clause: Clause) -> Move | None:
        """Part of the answer was heard."""
        return None

    def step(self) -> Move | None:
        """Its question is over."""
        session = self._session
        if not self._asked:
            return None
        self._asked = False
        self._answers += 1
        if self._answers > MOST_ANSWERS:
            return ToEnd(EndReason.NO_RESPONSE)
        purpose = session.brief.opening_line.strip() or session.brief.goal
        for text in (session.plain_introduction, purpose):
            session.mouth.say_line(text, session.now_ms, interruptible=False)
        session.outbox.start_timer(LIMIT, session.now_ms + PATIENCE_MS)
        return None

    def limit(self) -> Move | None:
        """Nobody came."""
        return ToEnd(EndReason.NO_RESPONSE)

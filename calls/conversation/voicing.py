"""What the line reports about Floyd's voice: heard, cut or failed; and what to say again."""

from __future__ import annotations

from calls.conversation.closing import Closer
from calls.conversation.company import Company
from calls.conversation.effects import EndReason
from calls.conversation.events import HeardUpTo, SpeechFailed
from calls.conversation.introducing import Introduction
from calls.conversation.session import Session
from calls.conversation.states import State

MOST_FAILURES = 3


class Voice:
    """Follows what becomes of clauses."""

    def __init__(self, session: Session, introduction: Introduction, closer: Closer, company: Company) -> None:
        self._session, self._introduction, self._closer, self._company = session, introduction, closer, company
        self._failures = 0

    def heard(self, event: HeardUpTo) -> None:
        """A clause was heard to its end, or cut."""
        session = self._session
        was_stopped = session.mouth.was_stopped(event.speech_id)
        clause = session.mouth.heard(event.speech_id, event.heard, event.finished, event.end_ms, session.now_ms)
        if clause is None:
            return
        if self._introduction.is_it(event.speech_id):
            self._introduction.resolved(clause)
        elif event.finished:
            self._failures = self._failures if clause.cached else 0
        elif not was_stopped:
            session.callee_speaking = True  # a barge-in: CalleeInterrupted follows

    def failed(self, event: SpeechFailed) -> None:
        """A clause could not be voiced: it is said again with what follows it, or the call ends when the voice is gone."""
        session = self._session
        clause = session.mouth.fail(event.speech_id, session.now_ms, heard=event.heard)
        if clause is None:
            return
        if self._introduction.is_it(event.speech_id):
            self._introduction.failed(permanent=event.permanent)
            return
        self._failures += 1
        if session.state is State.CLOSING:
            return  # the farewell went unheard; nothing to wait for
        if event.permanent or self._failures >= MOST_FAILURES:
            self._closer.close(EndReason.PROVIDER_FAILED)
            return
        unexplained = not session.mouth.playing and not clause.cached and not session.mouth.is_keys(event.speech_id)
        session.mouth.say_again(session.now_ms, clause, first=session.line(self._company.explain(failed=True)) if unexplained else "")

    def slow(self) -> None:
        """The voice does not come: a line that needs none explains the silence, and then it is tried again."""
        session = self._session
        if session.state is not State.SPEAKING or not session.mouth.waits_for_voice:
            return
        self._failures += 1
        if self._failures >= MOST_FAILURES:
            self._closer.close(EndReason.PROVIDER_FAILED)
        else:
            session.mouth.say_again(session.now_ms, first=session.line(self._company.explain()))

    def patience_ended(self) -> None:
        """The line never told what became of the clauses it was given."""
        session = self._session
        lost = session.mouth.give_up(session.now_ms)
        self._failures += 1
        if any(self._introduction.is_it(clause.speech_id) for clause in lost):
            self._introduction.failed(permanent=False)
        elif self._failures >= MOST_FAILURES:
            self._closer.close(EndReason.PROVIDER_FAILED)

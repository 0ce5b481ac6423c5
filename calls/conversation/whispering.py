"""What the user tells Floyd during a call, without having been asked: an instruction, woven into what Floyd says next.

It waits until there is somebody to be spoken to. It allows nothing: no money, no fact that the brief lacks, no promise. What it holds may be
passed on, since the user has just said it; amounts stay behind the purse.
"""

from __future__ import annotations

from calls.conversation.closing import Closer
from calls.conversation.effects import SaveLine
from calls.conversation.events import Whispered
from calls.conversation.replying import Replier
from calls.conversation.session import Session
from calls.conversation.states import State
from calls.conversation.transcript import clean

LONGEST_WHISPER, MOST_WHISPERS = 400, 20
#: The callee has the floor; when they leave it free for so long, Floyd takes it for what the user said.
FLOOR_IS_FREE_MS = 2_500
_FREE = (State.LISTENING, State.WAITING_FOR_USER)


class Whispers:
    """Takes the user's words and sees to it that they get into a reply."""

    def __init__(self, session: Session, replier: Replier, closer: Closer) -> None:
        self._session, self._replier, self._closer = session, replier, closer
        self._count = 0

    def heard(self, event: Whispered) -> None:
        """Notes the user's words. A reply of which nothing was said yet is thought of anew; a farewell that may be taken back is."""
        session, text = self._session, clean(event.text)[:LONGEST_WHISPER]
        if not text or self._count >= MOST_WHISPERS:
            return
        self._count += 1
        session.outbox.add(SaveLine(session.numbers.next(), "user", text, session.now_ms, session.now_ms))
        session.egress.user_whispered(text)
        session.history.note({"user_says": text})
        session.whispered = True
        if session.state is State.CLOSING and self._closer.can_reopen:
            self._closer.reopen()
            session.speaks_up = True
        elif session.mind.draft is not None and session.state in (State.THINKING, State.SPEAKING) and not session.mind.turn.said:
            self._replier.abort()
            session.speaks_up = True

    def settle(self) -> None:
        """Times how long the floor is free; to be called after every event of the loop."""
        session = self._session
        asked_to_wait = session.now_ms < session.quiet_until_ms
        if session.whispered and session.state in _FREE and not session.callee_speaking and not session.callee.open and not asked_to_wait:
            if not session.outbox.is_running("whisper"):
                session.outbox.start_timer("whisper", session.now_ms + FLOOR_IS_FREE_MS)
        else:
            session.outbox.cancel_timer("whisper")

    def floor_is_free(self) -> None:
        """Nobody said anything since: Floyd does."""
        if self._session.state in _FREE:
            self._session.speaks_up = self._session.whispered

"""Floyd took its turn too early: the callee goes on just after they seemed to be done, and before they have heard a word of the answer."""

from __future__ import annotations

from calls.conversation.session import Session
from calls.conversation.states import State

#: Who goes on so soon after an utterance is still in the middle of it.
GOES_ON_MS = 700
#: After a voice alone, how long Floyd waits for words; and how many voices without words make us stop waiting for them in this call.
WAIT_FOR_WORDS_MS, MOST_FALSE_ALARMS = 600, 3


class CutIn:
    """Watches the first moments of an answer."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._answering_since_ms: int | None = None
        self._voice = False
        self._false_alarms = 0

    def answering(self) -> None:
        """Floyd answers the utterance that just ended."""
        self._answering_since_ms, self._voice = self._session.now_ms, False
        self._session.mouth.mark()

    def forget(self) -> None:
        """What the callee said is no utterance that could go on."""
        self._answering_since_ms, self._voice = None, False

    def voice(self) -> bool:
        """A voice; True when Floyd should wait with its answer until there are words, or none."""
        session = self._session
        if not self.goes_on(session.now_ms) or session.state is State.CLOSING or session.callee.open:
            return False
        self._voice = True
        if not (session.mouth.busy or session.mind.thinking) or self._false_alarms >= MOST_FALSE_ALARMS:
            return False
        session.outbox.start_timer("cut_in", session.now_ms + WAIT_FOR_WORDS_MS)
        return True

    def goes_on(self, start_ms: int) -> bool:
        """Whether words that began at `start_ms` belong to the utterance before them."""
        since_ms = self._answering_since_ms
        if since_ms is None or self._session.mouth.heard_since_mark:
            return False
        return self._voice or min(start_ms, self._session.now_ms) <= since_ms + GOES_ON_MS

    def words(self) -> None:
        """They did go on."""
        self._session.outbox.cancel_timer("cut_in")

    def false_alarm(self) -> None:
        """There were no words. On a noisy line that happens with every answer."""
        self._session.outbox.cancel_timer("cut_in")
        self._voice = False
        self._false_alarms += 1

"""What the signed-in user does with a call beside talking to Floyd: has keys pressed, hangs up."""

from __future__ import annotations

from calls.conversation.closing import Closer
from calls.conversation.effects import EndReason
from calls.conversation.events import HangUpAsked, KeysAsked
from calls.conversation.session import Session
from calls.conversation.states import State

KEYS = "0123456789*#"
#: A long account number, and how often keys may be pressed in one call.
MOST_KEYS, MOST_PRESSES = 32, 60


def clean_keys(text: str) -> str:
    """The keys in what was typed: spaces and dashes are for people."""
    return "".join(key for key in text if key in KEYS)[:MOST_KEYS]


class Controls:
    """Carries the user's hand on the call out."""

    def __init__(self, session: Session, closer: Closer) -> None:
        self._session, self._closer = session, closer
        self._presses = 0

    def take(self, event: KeysAsked | HangUpAsked) -> None:
        """One of the user's actions."""
        match event:
            case KeysAsked():
                self._press(clean_keys(event.keys))
            case HangUpAsked():
                self._hang_up()

    def _press(self, keys: str) -> None:
        """The keys go behind what is being said, and the model knows of them."""
        session = self._session
        if not keys or session.state in (State.NEW, State.CLOSING) or self._presses >= MOST_PRESSES:
            return
        self._presses += 1
        session.mouth.press(keys, session.now_ms)
        session.history.note({"user_pressed": keys})

    def _hang_up(self) -> None:
        """With a goodbye to whoever was spoken to; who hangs up during it does not want to wait for it."""
        if self._session.state is State.CLOSING:
            self._closer.end()
        else:
            self._closer.close(EndReason.HUNG_UP_BY_USER)

"""The end of a call that came in: a goodbye, or a person who takes over."""

from __future__ import annotations

from calls.conversation import fixed_lines as lines
from calls.conversation.closing import Closer, said_already
from calls.conversation.effects import EndReason, HandOff
from calls.conversation.states import State
from calls.conversation.toolbox import Ending


class ReceptionCloser(Closer):
    """Ends the conversation."""

    fixed = {
        **Closer.fixed,
        EndReason.NOT_UNDERSTOOD: lines.CANNOT_HEAR_YOU,
        EndReason.PROVIDER_FAILED: lines.TROUBLE_CALL_AGAIN,
        EndReason.OTHER_LANGUAGE: lines.ENGLISH_ONLY,
    }

    def finish(self, ending: Ending, said: str) -> None:
        """The call has come to its end. The farewell follows what was just `said`, unless that was the farewell already."""
        farewell = (ending.farewell or "").strip()
        if not farewell and not said:
            farewell = lines.GOODBYE
        elif said_already(farewell, said):
            farewell = ""
        self._can_reopen = True
        self._say_goodbye(ending.reason, farewell, interruptible=True)

    def hand_off(self, code: str, summary: str) -> None:
        """A person takes over as soon as what was said has been heard."""
        session = self._session
        if session.state in (State.CLOSING, State.ENDED):
            return
        session.outbox.add(HandOff(code, summary))
        self._say_goodbye(EndReason.HANDED_OFF, "" if session.mouth.busy else lines.PUTTING_THROUGH, interruptible=False)

"""The end of a call: the last words are said and heard, then Floyd hangs up. Once, with one reason, and nothing is left behind."""

from __future__ import annotations

from collections.abc import Mapping

from calls.conversation import fixed_lines as lines
from calls.conversation.effects import EndReason, HangUp, StopModel
from calls.conversation.egress import Verdict
from calls.conversation.other_machine import says_goodbye
from calls.conversation.session import Session
from calls.conversation.states import MACHINES, State
from calls.conversation.toolbox import Ending

#: How long the farewell may take to be heard, whatever happens to it.
SAFETY_MS, SAFETY_MS_PER_CHAR = 8_000, 90
#: How often a callee's last question brings a call back from its farewell.
MOST_REOPENINGS, MOST_REOPENINGS_BY_MACHINES = 2, 1

FIXED: dict[EndReason, str] = {
    EndReason.CALL_BACK_LATER: lines.CALL_BACK,
    EndReason.STOPPED_BY_USER: lines.STOPPED,
    EndReason.HUNG_UP_BY_USER: lines.GOODBYE,
    EndReason.NO_RESPONSE: lines.NO_RESPONSE,
    EndReason.TOO_LONG: lines.TOO_LONG,
    EndReason.TOO_DEAR: lines.TOO_LONG,
    EndReason.WENT_ROUND: lines.TOO_LONG,
    EndReason.NOT_UNDERSTOOD: lines.NOT_UNDERSTOOD,
    EndReason.PROVIDER_FAILED: lines.TROUBLE,
    EndReason.REFUSED_MACHINE: lines.REFUSED,
    EndReason.WRONG_NUMBER: lines.WRONG_NUMBER,
    EndReason.OTHER_LANGUAGE: lines.ENGLISH_ONLY,
    EndReason.HOLD_TOO_LONG: lines.HELD_TOO_LONG,
}


class Closer:
    """Ends the conversation. `fixed`: what is said at ends that the model does not word."""

    fixed: Mapping[EndReason, str] = FIXED

    def __init__(self, session: Session) -> None:
        self._session = session
        self._reason: EndReason | None = None
        self._can_reopen = False
        self._reopened = 0

    @property
    def can_reopen(self) -> bool:
        """Whether what the callee says to the farewell may bring the conversation back."""
        most = MOST_REOPENINGS_BY_MACHINES if self._session.other_machine.known else MOST_REOPENINGS
        return self._can_reopen and self._reopened < most

    def close(self, reason: EndReason) -> None:
        """Floyd has to go: whatever it was saying stops, and a fixed line says goodbye. Before the disclosure nothing may be said at all."""
        session = self._session
        if session.state in (State.CLOSING, State.ENDED):
            return
        session.mind.stop()
        session.ahead.drop()
        if session.state in (State.NEW, State.OPENING, *MACHINES):
            self.end(reason)
            return
        session.mouth.stop(session.now_ms)
        self._say_goodbye(reason, self.fixed[reason], interruptible=False)

    def finish(self, ending: Ending, said: str) -> None:
        """The model ends the call. Its farewell follows what it just `said`, unless that was a farewell already."""
        if ending.farewell is None:
            self._say_goodbye(ending.reason, self.fixed[ending.reason], interruptible=False)
            return
        farewell = ending.farewell.strip()
        if not farewell and said:
            farewell = ""
        elif not farewell or self._session.egress.judge(farewell) is not Verdict.SAY:
            farewell = lines.GOODBYE
        elif said_already(farewell, said):
            farewell = ""
        self._can_reopen = ending.reason in (EndReason.GOAL_REACHED, EndReason.GOAL_NOT_REACHED)
        self._say_goodbye(ending.reason, farewell, interruptible=True)

    def part(self) -> None:
        """Goodbye was said already; the line is let go of once it was heard."""
        self._say_goodbye(EndReason.PARTED, "", interruptible=True)

    def reopen(self) -> None:
        """The callee still has something to say."""
        self._reopened += 1
        self._reason = None
        self._session.outbox.cancel_timer("closing")
        self._session.mouth.stop(self._session.now_ms)
        self._session.go(State.LISTENING)

    def time_is_up(self) -> None:
        """The call's time ran out while the farewell was said: there is no way back any more."""
        self._can_reopen = False

    def end(self, reason: EndReason | None = None) -> None:
        """Hangs up now. While a farewell is said its own reason counts."""
        session = self._session
        if session.state is State.ENDED:
            return
        session.mind.stop()
        session.ahead.drop()
        if summary_id := session.history.summary.stop():
            session.outbox.add(StopModel(summary_id))
        session.callee.close(session.now_ms)
        session.user.close(session.now_ms)
        session.mouth.close(session.now_ms)
        session.outbox.cancel_all_timers()
        session.go(State.ENDED)
        session.outbox.add(HangUp(self._reason or reason or EndReason.LINE_LOST))

    def _say_goodbye(self, reason: EndReason, text: str, *, interruptible: bool) -> None:
        session = self._session
        self._reason = reason
        session.unanswered.clear()
        session.news = session.speaks_up = False
        for name in ("silence", "user_wait", "bridge", "voice", "thinking", "opening", "cut_in", "whisper", "keys", "errands"):
            session.outbox.cancel_timer(name)
        if text:
            session.say_fixed(text, interruptible=interruptible)
        session.outbox.start_timer("closing", session.now_ms + SAFETY_MS + SAFETY_MS_PER_CHAR * session.mouth.chars_left)
        session.go(State.CLOSING)


def said_already(farewell: str, said: str) -> bool:
    """Whether what was just said makes a farewell needless: it holds it, or is one."""
    return farewell.lower() in said.lower() or says_goodbye(said)

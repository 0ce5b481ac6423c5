"""Keeping the callee company: no wait of theirs stays unexplained.

While it is Floyd's turn, silence gets a short line after a second, once for each wait: the model is slow, a tool takes its time, the voice does
not come. The lines are rendered ahead, so that they come at once, and the same one never comes twice running.
"""

from __future__ import annotations

from calls.conversation import fixed_lines as lines
from calls.conversation.other_machine import FILLER_MS
from calls.conversation.session import Session
from calls.conversation.states import State

#: Silence after which the first line of a turn comes, and each later one; together with the voice's delay below three seconds.
FIRST_MS, NEXT_MS, LONGEST_MS = 1_000, 2_000, 2_900
#: How long a clause may wait for its voice; at least so long even when it was silent before.
VOICE_MS, LEAST_VOICE_MS = 1_500, 900
#: More than this in a turn would be a loop: then the call ends.
MOST_IN_A_TURN = 4

_SLOW = (lines.ONE_MOMENT, lines.JUST_A_SECOND, lines.ALMOST_THERE)
_FAILED = (lines.SORRY_ONE_MOMENT, lines.BEAR_WITH_ME)
_USER_ASKED = (lines.CHECK_FIRST, lines.JUST_A_SECOND, lines.STILL_CHECKING)
_USER_ANSWERED = (lines.THANKS_FOR_WAITING, lines.ALMOST_THERE, lines.ONE_MOMENT)
#: While the user is thinking.
STILL_WAITING = (lines.STILL_CHECKING, lines.STILL_NO_ANSWER)


class Company:
    """Knows how long it has been silent in Floyd's turn, and what to say about it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._silent_since_ms: int | None = None
        self._last = ""

    def settle(self) -> None:
        """Times the silence; to be called after every event."""
        session = self._session
        waits = session.state in (State.THINKING, State.SPEAKING) and not session.mouth.playing and not session.callee_speaking
        if not waits:
            self._silent_since_ms = None
        elif self._silent_since_ms is None:
            self._silent_since_ms = session.now_ms
        model = waits and session.state is State.THINKING
        voice = waits and session.state is State.SPEAKING and session.mouth.waits_for_voice
        self._time("bridge", self._bridge_at() if model else None)
        self._time("voice", self._voice_at() if voice else None)

    @property
    def exhausted(self) -> bool:
        """Whether enough was explained in this turn."""
        return self._session.mind.turn.bridges >= MOST_IN_A_TURN

    def explain(self, *, failed: bool = False) -> str:
        """A line about the wait."""
        turn = self._session.mind.turn
        turn.bridges += 1
        choice: tuple[str, ...]
        if failed:
            choice = _FAILED
        elif self._session.questions.open:
            choice = _USER_ASKED
        else:
            choice = _USER_ANSWERED if turn.after_answer else _SLOW
        at = (turn.bridges - 1) % len(choice)
        self._last = choice[at] if choice[at] != self._last else choice[(at + 1) % len(choice)]
        return self._last

    def _time(self, name: str, at_ms: int | None) -> None:
        outbox = self._session.outbox
        if at_ms is None:
            outbox.cancel_timer(name)
        elif not outbox.is_running(name):
            outbox.start_timer(name, max(at_ms, self._session.now_ms))

    def _bridge_at(self) -> int:
        if self._session.other_machine.known:
            return (self._silent_since_ms or 0) + FILLER_MS
        return (self._silent_since_ms or 0) + (NEXT_MS if self._session.mind.turn.bridges else FIRST_MS)

    def _voice_at(self) -> int:
        now_ms = self._session.now_ms
        return max(now_ms + LEAST_VOICE_MS, min(now_ms + VOICE_MS, (self._silent_since_ms or 0) + LONGEST_MS))

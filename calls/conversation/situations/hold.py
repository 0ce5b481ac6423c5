"""On hold: music, silence and "your call is important to us" are sat through without a word, until a person speaks or the limit is reached."""

from __future__ import annotations

from calls.conversation.effects import EndReason, Situation
from calls.conversation.events import BeepHeard, CalleeSaid, CalleeStarted, Event, MusicHeard
from calls.conversation.session import Session
from calls.conversation.situations.announcements import Sort, greets, may_become_an_announcement, sorts_of, sounds_like_a_person, stays_on_hold
from calls.conversation.situations.handler import LIMIT, STEP
from calls.conversation.situations.moves import Move, ToEnd, ToPerson
from calls.conversation.spoken import Clause
from calls.conversation.states import State

#: Words that may be the queue's or a person's: a person waits for an answer, a queue goes back to its music.
NO_MUSIC_AGAIN_MS = 1_200
#: A voice without words behind the music, which may have been the music's own end. Who came back and gets no answer hangs up before long.
NO_MUSIC_AFTER_VOICE_MS = 3_000


class Hold:
    """Waits. The time on hold counts together over the whole call."""

    situation, state = Situation.HOLD, State.ON_HOLD

    def __init__(self, session: Session) -> None:
        self._session = session
        self._another = False
        self._since_ms: int | None = None
        self._spent_ms = 0
        self._queue = False  # there was music or an announcement: not every word is a person's
        self._music: bool | None = None  # None: there was none yet
        self._doubtful: str | None = None  # what was said, perhaps by a person; empty: nobody knows what

    @property
    def spent_ms(self) -> int:
        """How long the call has been on hold so far."""
        return self._spent_ms + (self._session.now_ms - self._since_ms if self._since_ms is not None else 0)

    def entered(self, *, another: bool) -> Move | None:
        """Begins to wait."""
        session = self._session
        self._another, self._since_ms, self._queue, self._music, self._doubtful = another, session.now_ms, False, None, None
        left_ms = max(0, session.brief.hold_minutes * 60_000 - self._spent_ms)
        session.outbox.start_timer(LIMIT, session.now_ms + left_ms)
        return None

    def left(self) -> None:
        """The wait is over."""
        self._spent_ms, self._since_ms = self.spent_ms, None

    def words(self, text: str, *, over: bool) -> Move | None:
        """An announcement is let pass; a person is noticed at the first words that only a person says."""
        self._believed()
        if Sort.TRANSFER in sorts_of(text):
            self._another = True
        if stays_on_hold(text):
            self._queue = True
            return None
        if sounds_like_a_person(text) or (not self._queue and (over or not may_become_an_announcement(text))):
            return ToPerson(self._another or (over and greets(text)), text if over else "")
        if over:
            self._doubt(text, NO_MUSIC_AGAIN_MS)
        return None

    def other(self, event: Event) -> Move | None:
        """Music tells a queue from a person."""
        match event:
            case MusicHeard(on=True):
                self._queue = self._music = True
                self._believed()
            case MusicHeard():
                self._music = False
            case CalleeSaid() if self._music is False:  # where there was none, it may be a noise beside a phone that lies on a desk
                self._doubt("", NO_MUSIC_AFTER_VOICE_MS)
            case CalleeStarted() | BeepHeard():
                pass
        return None

    def _doubt(self, text: str, wait_ms: int) -> None:
        """That may have been a person: if the queue does not go on, it was."""
        self._doubtful = text
        self._session.outbox.start_timer(STEP, self._session.now_ms + wait_ms)

    def _believed(self) -> None:
        """The line speaks for itself again."""
        self._doubtful = None
        self._session.outbox.cancel_timer(STEP)

    def heard(self, clause: Clause) -> Move | None:
        """The "of course" before the wait."""
        return None

    def step(self) -> Move | None:
        """No music came back after words, or a voice: somebody waits for us."""
        if self._doubtful is None:
            return None
        return ToPerson(another=True, said=self._doubtful) if self._doubtful else ToPerson(self._another, unheard=True)

    def limit(self) -> Move | None:
        """As long as the plan allows."""
        return ToEnd(EndReason.HOLD_TOO_LONG)

"""Awkward things that people do: they put us on hold, transfer us, ask us to wait, send us away, or talk to somebody else."""

from __future__ import annotations

from calls.conversation import fixed_lines as lines
from calls.conversation.closing import Closer
from calls.conversation.effects import EndReason, Situation
from calls.conversation.events import (
    BeepHeard,
    CalleeInterrupted,
    CalleePaused,
    CalleeSaid,
    CalleeSaying,
    Event,
    HeardUpTo,
    MusicHeard,
    TimerFired,
)
from calls.conversation.hearing import LEAST_CONFIDENCE, Hearer
from calls.conversation.introducing import Introduction
from calls.conversation.replying import Replier
from calls.conversation.session import Session
from calls.conversation.situations.announcements import Sort, greets, may_be_recorded, plain, sorts_of
from calls.conversation.situations.moves import ToSituation
from calls.conversation.situations.murmur import Murmur
from calls.conversation.situations.parting import Parting
from calls.conversation.situations.signs import sign_of
from calls.conversation.states import State
from calls.conversation.transcript import clean

#: How long we stay quiet for somebody who asked us to wait.
WAITING_MS = 60_000
_OPENING = (State.OPENING, State.INTRODUCING)


class WithPerson:
    """Sees what the other side does while a person, as far as we know, has the line."""

    def __init__(self, session: Session, introduction: Introduction, replier: Replier, closer: Closer, hearer: Hearer) -> None:
        self._session, self._introduction, self._replier, self._closer, self._hearer = session, introduction, replier, closer, hearer
        self._parting = Parting(session, introduction, closer)
        self._murmur = Murmur()
        self._came_back = False
        self._recordings: set[str] = set()  # what sounded like a recording so far
        self.met = False  # somebody has heard who calls

    def came_back(self) -> None:
        """Somebody is back from hold; whether it is the same one shows when they have finished."""
        self._came_back = True

    def settle(self) -> None:
        """After every event."""
        self.met = self.met or self._introduction.heard
        self._parting.settle()

    def take(self, event: Event) -> ToSituation | bool:
        """True when the event is dealt with; a situation when it shows that a machine has the line."""
        session = self._session
        match event:
            case CalleeSaying() | CalleePaused():
                # Nobody talks into a recording, and it does not wait for us: in the opening its first words are enough.
                situation = sign_of(event.text, at_first=True) if session.state in _OPENING else None
                return ToSituation(situation) if situation is not None else False
            case CalleeSaid():
                return self._said(event, clean(event.text))
            case MusicHeard(on=True) if not session.callee_speaking and not session.callee.open:
                return ToSituation(Situation.HOLD, another=False)
            case BeepHeard() if session.state in _OPENING and self._hearer.spoken_to:
                return ToSituation(Situation.VOICEMAIL)
            case TimerFired(name="silence"):
                return self._waits_on()
            case CalleeInterrupted() if session.state not in _OPENING and self._murmur.over_floyd():
                return self._nobody_listens()
            case HeardUpTo(finished=True):
                self._murmur.listened()
        return False

    def _said(self, event: CalleeSaid, text: str) -> ToSituation | bool:
        session = self._session
        came_back, self._came_back = self._came_back, False
        at_first = session.state in _OPENING and not self.met
        sorts = sorts_of(text)
        if Sort.NOT_IN_SERVICE in sorts and session.state in _OPENING:
            self._hearer.noted(event)
            self._closer.end(EndReason.WRONG_NUMBER)
            return True
        if (situation := sign_of(text, at_first=at_first)) is not None:
            return self._to_situation(event, text, situation)
        if (language := self._parting.language_wanted(text)) is not None:
            return self._switch(event, text, language)
        if self._parting.wanted(text):
            return self._part(event, text)
        if self._repeats_itself(text):
            return ToSituation(Situation.MENU)  # of which we could not make out the options
        if session.state is State.OPENING and may_be_recorded(text):
            self._hearer.noted(event)
            session.history.callee_said(text)
            self._introduction.recording_suspected()
            return True
        if Sort.WAIT in sorts and session.state not in _OPENING:
            return self._wait(event, text)
        session.quiet_until_ms = 0
        if came_back and greets(text):
            self._fall_silent()
            self._introduction.anew()
        return self._unclear(event, text)

    def _repeats_itself(self, text: str) -> bool:
        """Whether a recording began anew, in the same words: no person answers the phone twice."""
        if not may_be_recorded(text):
            return False
        again = plain(text) in self._recordings
        self._recordings.add(plain(text))
        return again

    def _to_situation(self, event: CalleeSaid, text: str, situation: Situation) -> ToSituation:
        """A person who puts us on hold, or through to somebody, gets a polite word."""
        session = self._session
        transfer = Sort.TRANSFER in sorts_of(text)
        if situation is not Situation.HOLD or session.state in _OPENING:
            return ToSituation(situation, another=transfer or situation is not Situation.HOLD)
        self._hearer.noted(event)
        session.history.callee_said(text)
        return ToSituation(situation, another=transfer, polite=lines.THANK_YOU if transfer else lines.TAKE_YOUR_TIME)

    def _switch(self, event: CalleeSaid, text: str, language: str) -> bool:
        """They speak another language, and so does Floyd from here on: they hear anew who calls."""
        session = self._session
        self._parting.switches += 1
        self._hearer.noted(event)
        self._replier.abort()
        session.unanswered.clear()
        session.history.callee_said(text)
        session.switch(language)
        self._introduction.in_their_language()
        return True

    def _part(self, event: CalleeSaid, text: str) -> bool:
        session = self._session
        self._hearer.noted(event)
        session.history.callee_said(text)
        if session.state is State.OPENING:
            self._introduction.begin()
        return True

    def _wait(self, event: CalleeSaid, text: str) -> bool:
        """ "Hang on a second": answered once, then we are quiet."""
        session = self._session
        again = session.now_ms < session.quiet_until_ms
        self._hearer.noted(event)
        self._fall_silent()
        session.history.callee_said(text)
        if not again and not session.other_machine.known:
            session.say_fixed(lines.TAKE_YOUR_TIME)
        session.quiet_until_ms = session.now_ms + WAITING_MS
        return True

    def _waits_on(self) -> bool:
        """No "are you still there?" for who asked us to wait."""
        session = self._session
        waiting = session.now_ms < session.quiet_until_ms and not session.callee.open and not session.questions.open
        if not waiting or not session.outbox.timer_fired("silence"):
            return False
        session.outbox.start_timer("silence", session.quiet_until_ms)
        return True

    def _unclear(self, event: CalleeSaid, text: str) -> bool:
        unclear = not text or event.confidence < LEAST_CONFIDENCE
        if not unclear or self._session.state in _OPENING or not self._murmur.unclear(self._session.now_ms):
            return False
        self._hearer.noted(event)
        self._closer.close(EndReason.NOT_UNDERSTOOD)
        return True

    def _nobody_listens(self) -> bool:
        """They talk, and not with us."""
        session = self._session
        self._fall_silent()
        if self._murmur.ask():
            session.say_fixed(lines.SEVERAL_VOICES, interruptible=False)
        else:
            self._closer.close(EndReason.NOT_UNDERSTOOD)
        return False

    def _fall_silent(self) -> None:
        self._session.mouth.stop(self._session.now_ms)
        self._replier.abort()
        self._session.unanswered.clear()

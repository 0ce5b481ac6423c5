"""The user speaks for themselves, and gives the call back.

Nobody is let in unheard: first Floyd tells the person on the line who joins, and only when that was heard to its end the microphone is open. So
a take-over waits until there is somebody who knows who calls, and until they have finished their sentence. Floyd is quiet from then on, and what is
said stands in the transcript. When the call comes back, Floyd says first that it is the AI assistant again.
"""

from __future__ import annotations

from calls.conversation.closing import Closer
from calls.conversation.effects import EndReason, LetUserSpeak, SaveLine, SaveSituation, SaveSlots, Situation
from calls.conversation.events import (
    BeepHeard,
    CalleeInterrupted,
    CalleePaused,
    CalleeSaid,
    CalleeSaying,
    CalleeStarted,
    Event,
    GivenBack,
    HangUpAsked,
    HeardUpTo,
    HearingFailed,
    KeyPressed,
    MicrophoneLost,
    MusicHeard,
    ReplyEnded,
    ReplyPieceArrived,
    SpeechFailed,
    SpeechStarted,
    StopAsked,
    TakenOver,
    ThinkingFailed,
    TimerFired,
    ToolAsked,
    UserSaid,
    UserSaying,
)
from calls.conversation.hearing import Hearer
from calls.conversation.replying import Replier
from calls.conversation.session import Session
from calls.conversation.spoken import Clause, SpokenLine
from calls.conversation.states import State
from calls.conversation.transcript import clean
from context.marking import noop

#: How long the callee's sentence is waited for, and a microphone that was lost.
SENTENCE_MS, MICROPHONE_MS = 4_000, 6_000
MOST_TRIES = 2
MOST_TAKE_OVERS = 20
_LOOP = (State.LISTENING, State.THINKING, State.SPEAKING, State.WAITING_FOR_USER)
_TIMERS = ("silence", "user_wait", "bridge", "voice", "thinking", "cut_in", "whisper")
_BACK = {"user_spoke_themselves": True, "do": "go on from where they have come to; do not greet, and ask nothing that was settled"}
NOT_LET_IN = noop("The user was not let in: it could not be said who joins.")
#: What says nothing to a conversation in which Floyd is quiet.
_NOTHING = (CalleeStarted, CalleeInterrupted, BeepHeard, MusicHeard, KeyPressed, ReplyPieceArrived, ToolAsked, ReplyEnded, ThinkingFailed)


class TakeOver:
    """Deals with the line from the moment the user wants to speak until Floyd has it back."""

    def __init__(self, session: Session, replier: Replier, hearer: Hearer, closer: Closer) -> None:
        self._session, self._replier, self._hearer, self._closer = session, replier, hearer, closer
        self._microphone = ""  # that wants to be heard
        self._open = ""  # that is heard
        self._announcement: SpokenLine | None = None
        self._tries = self._count = 0
        self._deaf = False
        self._joined = False

    def take(self, event: Event) -> bool:
        """Sees an event first; True when it is dealt with."""
        match event:
            case TakenOver():
                self._wanted(event.microphone)
            case GivenBack():
                self._given_back()
            case MicrophoneLost():
                self._lost(event.microphone)
            case TimerFired(name="joining" | "microphone"):
                self._timer(event.name)
            case UserSaying() | UserSaid():
                self._user_speaks(event)
            case _ if self._session.state is State.TAKEN_OVER:
                return self._while_taken_over(event)
            case _:
                return False
        return True

    def settle(self) -> None:
        """After every event: begins when it may, and closes the microphone when the call goes on without the user."""
        session = self._session
        if session.state is State.ENDED:
            self._open = ""  # the line is closed
        elif session.state is not State.TAKEN_OVER and self._open:
            self._let_speak("")
        if session.state in (State.CLOSING, State.ENDED):
            self._microphone = ""
            session.outbox.cancel_timer("joining")
            session.outbox.cancel_timer("microphone")
        elif self._microphone and session.state in _LOOP:
            if not session.callee_speaking:
                self._begin()
            elif not session.outbox.is_running("joining"):
                session.outbox.start_timer("joining", session.now_ms + SENTENCE_MS)

    # --- joining ---

    def _wanted(self, microphone: str) -> None:
        if not microphone or self._count >= MOST_TAKE_OVERS:
            return
        self._count += 1
        self._microphone = microphone
        self._session.outbox.cancel_timer("microphone")
        if self._open:  # the same user, with another microphone: who is on the line knows
            self._let_speak(microphone)

    def _begin(self) -> None:
        """Floyd falls silent, and says who joins."""
        session = self._session
        session.outbox.cancel_timer("joining")
        self._replier.abort()
        session.ahead.drop()
        self._hearer.forget()
        session.mouth.stop(session.now_ms)
        for text in session.unanswered:
            session.history.callee_said(text)
        session.unanswered.clear()
        session.news = session.whispered = session.speaks_up = session.callee_speaking = False
        for name in _TIMERS:
            session.outbox.cancel_timer(name)
        session.go(State.TAKEN_OVER)
        self._tries, self._joined = 0, False
        self._announce()

    def _announce(self) -> None:
        session = self._session
        self._tries += 1
        text = session.wording.joining.format(user=session.brief.user_name)
        self._announcement = session.mouth.say_line(text, session.now_ms, interruptible=False, cached=False)
        session.history.floyd_says(self._announcement)

    def _resolved(self, clause: Clause) -> None:
        """What became of Floyd's words: the microphone opens behind the announcement, and behind nothing less."""
        line = self._announcement
        if line is None or clause not in line.clauses:
            return
        if clause.heard == len(clause.text):
            self._announcement, self._joined = None, True
            self._session.outbox.add(SaveSituation(Situation.TAKEN_OVER))
            if self._microphone:
                self._let_speak(self._microphone)
            else:
                self._go_on()
        elif self._tries < MOST_TRIES:
            self._announce()
        else:
            self._announcement, self._microphone = None, ""
            now_ms = self._session.now_ms
            self._session.outbox.add(SaveLine(self._session.numbers.next(), "system", NOT_LET_IN, now_ms, now_ms))
            self._go_on()

    def _let_speak(self, microphone: str) -> None:
        self._open = microphone
        self._session.outbox.add(LetUserSpeak(microphone))

    # --- while the user speaks ---

    def _while_taken_over(self, event: Event) -> bool:
        session = self._session
        match event:
            case CalleeSaying() | CalleePaused():
                session.callee.saying(clean(event.text), event.start_ms, session.now_ms)
            case CalleeSaid():
                self._callee_said(event)
            case SpeechStarted():
                session.mouth.started(event.speech_id, session.now_ms)
            case HeardUpTo():
                clause = session.mouth.heard(event.speech_id, event.heard, event.finished, event.end_ms, session.now_ms)
                if clause is not None:
                    self._resolved(clause)
            case SpeechFailed():
                clause = session.mouth.fail(event.speech_id, session.now_ms)
                if clause is not None:
                    self._resolved(clause)
            case StopAsked():
                self._closer.end(EndReason.STOPPED_BY_USER)  # who speaks for themselves says goodbye themselves
            case HangUpAsked():
                self._closer.end(EndReason.HUNG_UP_BY_USER)
            case HearingFailed():
                self._deaf = self._deaf or event.permanent
            case TimerFired(name="speech"):
                if session.outbox.timer_fired("speech"):
                    for clause in session.mouth.give_up(session.now_ms):
                        self._resolved(clause)
            case _:
                return isinstance(event, _NOTHING)
        return True

    def _callee_said(self, event: CalleeSaid) -> None:
        session, text = self._session, clean(event.text)
        self._hearer.noted(event)
        if not text:
            return
        session.history.callee_said(text)
        session.egress.callee_said(text)
        if session.purse.offers_in(text, session.callee.last_seq):
            session.outbox.add(SaveSlots(session.purse.slots))

    def _user_speaks(self, event: UserSaying | UserSaid) -> None:
        """Also what was still being recognised when the call was given back."""
        session, text = self._session, clean(event.text)
        if session.state in (State.NEW, State.OPENING, State.INTRODUCING) or not self._count:
            return
        if isinstance(event, UserSaying):
            session.user.saying(text, event.start_ms, session.now_ms)
        elif session.user.said(text, event.start_ms, event.end_ms):
            session.history.note({"user_told_the_callee": text})
            session.egress.user_whispered(text)

    # --- giving back ---

    def _given_back(self) -> None:
        session = self._session
        self._microphone = ""
        session.outbox.cancel_timer("joining")
        session.outbox.cancel_timer("microphone")
        if session.state is State.TAKEN_OVER and self._announcement is None:
            self._go_on()

    def _lost(self, microphone: str) -> None:
        if microphone != self._microphone:
            return
        if self._session.state is State.TAKEN_OVER:
            self._session.outbox.start_timer("microphone", self._session.now_ms + MICROPHONE_MS)
        else:
            self._microphone = ""

    def _timer(self, name: str) -> None:
        session = self._session
        if not session.outbox.timer_fired(name):
            return
        if name == "microphone":
            self._given_back()
        elif self._microphone and session.state in _LOOP:
            self._begin()

    def _go_on(self) -> None:
        """Floyd has the line: it says so, and goes on where the two have come to. Who was never announced changes nothing."""
        session = self._session
        if self._open:
            self._let_speak("")
        session.user.close(session.now_ms)
        session.outbox.add(SaveSituation(Situation.TALKING))
        session.go(State.LISTENING)
        if session.questions.open:
            session.outbox.start_timer("user_wait", session.now_ms + session.brief.user_wait_ms)
        if self._deaf:
            self._closer.close(EndReason.PROVIDER_FAILED)
            return
        if self._joined:
            line = session.mouth.say_line(session.wording.back.format(user=session.brief.user_name), session.now_ms, cached=False)
            session.history.floyd_says(line)
            session.history.note(_BACK)
        session.speaks_up = True

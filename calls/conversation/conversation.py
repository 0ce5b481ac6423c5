"""One call's conversation: what Floyd says, asks, agrees to and when it hangs up. Pure: events in, effects out.

How to drive it:

    conversation = Conversation(brief, call_id=str(call.id))          # raises NotDisclosedError for a bad introduction
    for effect in conversation.handle(LineOpened(), now_ms): carry_out(effect)

1.  Feed every event, one at a time, with the call's monotonic clock in ms, and carry the effects out in order before the next one.
    `handle` never raises for whatever the outside says, and never blocks.
2.  Events of the callee come from `calls.speech.turns.TurnTaker`, those of Floyd's voice from `calls.speech.playback.PlaybackAccount`.
3.  `Say`: voice the clause after those already queued; then report SpeechStarted and, once known, HeardUpTo (finished, or cut after so many
    characters of `Say.text`), or SpeechFailed. Each clause gets one HeardUpTo or SpeechFailed, also those that StopSpeaking or a barge-in dropped.
4.  `StopSpeaking`: clear what is queued or playing unless its Say was not interruptible, and report HeardUpTo for what was dropped.
    Barge-in: when the turn taker says CalleeInterrupted, clear, feed the HeardUpTo events, then feed CalleeInterrupted.
5.  `AskModel`: ask once (retries are decided here), pass on pieces, tools and the end, or ThinkingFailed, with its `ask_id`.
    After `StopModel` nothing may come for that id; if it does, it is ignored. One that is asked `ahead` (CalleePaused) is answered alike: what
    comes of it is kept back here until CalleeSaid shows that it was the right question.
    `Summarise`: the same without tools and without haste; answer with SummaryArrived, its text empty when it failed.
6.  `StartTimer` replaces a timer of the same name; feed TimerFired when due. No timer is left when the call is over.
7.  `HangUp` comes exactly once, whoever ended the call (after LineDropped too): its reason is the call's end reason. Later events only
    complete the transcript.
8.  `LetUserSpeak`: what that microphone hears goes into the line, and is reported as UserSaying and UserSaid. TakenOver comes for a microphone
    that is there; when it goes, MicrophoneLost.
9.  `line_of(speech_id)` is the number of the transcript line a clause belongs to, `state` where the conversation stands.
"""

from __future__ import annotations

from calls.conversation.brief import CallBrief
from calls.conversation.closing import Closer
from calls.conversation.company import Company
from calls.conversation.controlling import Controls
from calls.conversation.disclosure import NotDisclosedError, discloses
from calls.conversation.effects import Effect, EndReason
from calls.conversation.events import (
    CalleeInterrupted,
    CalleePaused,
    CalleeSaid,
    CalleeSaying,
    CalleeStarted,
    CostReached,
    Event,
    HangUpAsked,
    HeardUpTo,
    HearingFailed,
    KeysAsked,
    LineDropped,
    LineOpened,
    ReplyEnded,
    ReplyPieceArrived,
    SpeechFailed,
    SpeechStarted,
    StopAsked,
    SummaryArrived,
    ThinkingFailed,
    TimerFired,
    ToolAsked,
    UserAnswered,
    UserSaid,
    Whispered,
)
from calls.conversation.granting import user_answered
from calls.conversation.hearing import Hearer
from calls.conversation.introducing import Introduction
from calls.conversation.recording import Recording
from calls.conversation.replying import Replier
from calls.conversation.session import Session
from calls.conversation.situations.situations import Situations
from calls.conversation.states import State
from calls.conversation.taking_over import TakeOver
from calls.conversation.voicing import Voice
from calls.conversation.whispering import Whispers


class Conversation:
    """Drives one call; see the module's head for how to drive it.

    Args:
        brief: the call's orders.
        call_id: makes the ids of questions to the user; the same call gives the same ids.

    Raises:
        NotDisclosedError: the introduction does not say that an AI assistant calls, and for whom.
    """

    def __init__(self, brief: CallBrief, call_id: str = "") -> None:
        self._check(brief)
        self._session = Session(brief, call_id)
        self._closer, self._introduction, self._company, self._replier = self._speaking_parts()
        self._recording = Recording(self._session, self._introduction)
        self._hearer = Hearer(self._session, self._introduction, self._replier, self._closer)
        self._whispers = Whispers(self._session, self._replier, self._closer)
        self._controls = Controls(self._session, self._closer)
        self._take_over = TakeOver(self._session, self._replier, self._hearer, self._closer)
        self._voice = Voice(self._session, self._introduction, self._closer, self._company)
        self._situations = Situations(self._session, self._introduction, self._replier, self._closer, self._hearer)

    def _check(self, brief: CallBrief) -> None:
        """Refuses a brief under which no word may be said."""
        if not discloses(brief.introduction, brief.user_name):
            raise NotDisclosedError("the introduction must say that an AI assistant is calling, and for whom")

    def _speaking_parts(self) -> tuple[Closer, Introduction, Company, Replier]:
        """What says the first words, the last ones, and those between."""
        closer, company = Closer(self._session), Company(self._session)
        return closer, Introduction(self._session, closer), company, Replier(self._session, closer, company)

    @property
    def state(self) -> State:
        """Where the conversation stands."""
        return self._session.state

    @property
    def _busy(self) -> bool:
        """Whether an answer is on its way, or held back."""
        return self._session.mind.busy

    @property
    def _thinking(self) -> bool:
        """Whether an answer is waited for."""
        return self._session.mind.thinking

    def line_of(self, speech_id: str) -> int:
        """Number of the transcript line that a clause belongs to; 0 for an unknown clause."""
        return self._session.mouth.line_of(speech_id)

    def handle(self, event: Event, now_ms: int) -> list[Effect]:
        """Takes one event and returns what to do, in order. After the end only the transcript is completed."""
        session = self._session
        session.now_ms = max(session.now_ms, now_ms)
        self._recording.sees(event)
        if session.state is State.ENDED:
            self._complete_transcript(event)
        else:
            self._advance(event)
        self._recording.settle()
        return session.outbox.take()

    def _advance(self, event: Event) -> None:
        """While the user speaks nobody else deals with the line; else whoever has it: a machine's handler, or the conversation."""
        taken = self._take_over.take(event)
        if taken:
            self._recording.answer_objection()
        if not taken and (self._session.state is State.TAKEN_OVER or not self._situation_takes(event)):
            self._take(event)
        if self._session.state is not State.TAKEN_OVER and not self._situation_settles():
            self._settle()
        self._take_over.settle()

    def _situation_takes(self, event: Event) -> bool:
        """Whether a machine has the line, and deals with the event."""
        return self._situations.take(event)

    def _situation_settles(self) -> bool:
        return self._situations.settle()

    def _take(self, event: Event) -> None:  # noqa: PLR0912 - one line per event
        match event:
            case LineOpened():
                if self._session.state is State.NEW:
                    self._introduction.line_opened()
            case CalleeStarted():
                self._hearer.started()
            case CalleeSaying():
                self._hearer.saying(event)
            case CalleePaused():
                self._hearer.paused(event)
            case CalleeSaid():
                self._hearer.said(event)
                self._recording.answer_objection()
            case CalleeInterrupted():
                self._hearer.interrupted()
            case SpeechStarted():
                self._session.mouth.started(event.speech_id, self._session.now_ms)
            case HeardUpTo():
                self._voice.heard(event)
            case SpeechFailed():
                self._voice.failed(event)
            case ReplyPieceArrived() | ToolAsked() | ReplyEnded() | ThinkingFailed():
                self._replier.answered(event)
            case SummaryArrived():
                self._session.history.summary.arrived(event.summary_id, event.text)
            case HearingFailed():
                self._hearer.failed(event)
            case UserAnswered():
                if user_answered(self._session, event) and not self._session.mind.turn.said:
                    self._replier.abort()  # it did not know the answer yet
            case Whispered():
                self._whispers.heard(event)
            case KeysAsked() | HangUpAsked():
                self._controls.take(event)
            case TimerFired():
                if self._session.outbox.timer_fired(event.name):
                    self._timer_fired(event.name)
            case StopAsked():
                self._closer.close(EndReason.STOPPED_BY_USER)
            case CostReached():
                self._closer.time_is_up()
                self._closer.close(EndReason.TOO_DEAR)
            case LineDropped():
                self._closer.end(EndReason.CALLEE_HUNG_UP if event.hung_up else EndReason.LINE_LOST)
            case _:
                pass

    def _timer_fired(self, name: str) -> None:
        match name:
            case "opening":
                self._introduction.begin()
            case "bridge":
                self._replier.bridge()
            case "voice":
                self._voice.slow()
            case "thinking":
                self._replier.patience_ended()
            case "cut_in":
                self._hearer.no_words_came()
            case "speech":
                self._voice.patience_ended()
            case "silence":
                self._hearer.silent()
            case "user_wait":
                if self._session.questions.open:
                    self._closer.close(EndReason.CALL_BACK_LATER)
            case "whisper":
                self._whispers.floor_is_free()
            case "max_call":
                self._closer.time_is_up()
                self._closer.close(EndReason.TOO_LONG)
            case "closing":
                self._closer.end()

    def _settle(self) -> None:
        """Moves to the state that follows from what is going on, and asks for a reply where one is due."""
        session = self._session
        if session.state in (State.NEW, State.OPENING, State.ENDED) or (session.state is State.INTRODUCING and not self._introduction.heard):
            return
        if session.state is State.CLOSING:
            if not session.mouth.busy and not (session.callee_speaking and self._closer.can_reopen):
                self._closer.end()
            return
        if not session.mouth.busy and not self._busy:
            self._hearer.floyd_fell_silent()
            if session.unanswered or ((session.news or session.speaks_up) and not session.callee_speaking):
                self._replier.ask()
                if session.state in (State.CLOSING, State.ENDED):  # an answer that was there already ends the call
                    self._settle()
                    return
        if not session.callee_speaking or session.mouth.busy or self._busy:
            session.ahead.drop()
        if session.mouth.busy:
            self._go(State.SPEAKING)
        elif self._thinking:
            self._go(State.THINKING)
        else:
            self._go(State.WAITING_FOR_USER if session.questions.open else State.LISTENING)

    def _go(self, state: State) -> None:
        """Moves within the loop; silence is timed only while nobody speaks or thinks."""
        session = self._session
        if state in (State.SPEAKING, State.THINKING):
            session.outbox.cancel_timer("silence")
        elif state is not session.state or not session.outbox.is_running("silence"):
            self._hearer.silence.await_words()
        session.go(state)
        self._company.settle()
        self._whispers.settle()

    def _complete_transcript(self, event: Event) -> None:
        match event:
            case CalleeSaid():
                self._session.callee.said(event.text, event.start_ms, event.end_ms)
            case UserSaid():
                self._session.user.said(event.text, event.start_ms, event.end_ms)
            case HeardUpTo():
                self._session.mouth.heard(event.speech_id, event.heard, event.finished, event.end_ms, self._session.now_ms)
            case _:
                pass

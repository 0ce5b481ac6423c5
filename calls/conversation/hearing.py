"""What the callee says, and what it means for what Floyd is doing: answer, wait, give way, or ask again."""

from __future__ import annotations

from dataclasses import dataclass

from calls.conversation import fixed_lines as lines
from calls.conversation.closing import Closer
from calls.conversation.effects import EndReason, SaveSlots
from calls.conversation.events import CalleePaused, CalleeSaid, CalleeSaying, HearingFailed
from calls.conversation.introducing import Introduction
from calls.conversation.replying import Replier
from calls.conversation.session import Session
from calls.conversation.states import State
from calls.conversation.transcript import clean
from calls.speech.phrases import is_back_channel, is_farewell, is_greeting

#: Below this the words are too doubtful to act on.
LEAST_CONFIDENCE = 0.35
MOST_MISUNDERSTANDINGS = 3
#: The silence after which we ask whether someone is there, and how often; the silence while the user is asked, and how often we fill it.
SILENCE_MS, MOST_SILENCES = 8_000, 2
CHECKING_MS, MOST_CHECKINGS = 15_000, 2
#: An "okay" over Floyd's last words is an answer when it ended this shortly before them.
ANSWER_WITHIN_MS = 1_500
#: The first words that began up to this long after our introduction are the callee's hello.
LATE_HELLO_MS = 1_000
_NOISE = {"interrupted_by": "a noise, no words", "do": "go on where you were, without starting over"}


@dataclass(slots=True)
class _Counts:
    """How often something went wrong."""

    misunderstood: int = 0
    silences: int = 0
    checkings: int = 0
    hearing_failures: int = 0


@dataclass(frozen=True, slots=True)
class _Interruption:
    """Floyd was cut short; whether it still had a reply in mind, and whether the callee had heard part of it."""

    was_thinking: bool
    was_heard: bool


class Hearer:
    """Takes in what the callee says."""

    def __init__(self, session: Session, introduction: Introduction, replier: Replier, closer: Closer) -> None:
        self._session, self._introduction, self._replier, self._closer = session, introduction, replier, closer
        self._counts = _Counts()
        self._spoken_to = False
        self._interruption: _Interruption | None = None
        self._aside: tuple[str, int] | None = None  # a back-channel over Floyd's words, and when it ended

    def started(self) -> None:
        """A voice, without words yet."""
        if self._session.state is State.OPENING:
            self._introduction.callee_speaks()
        elif self._session.outbox.is_running("silence"):
            self.await_words()

    def saying(self, event: CalleeSaying) -> None:
        """Words of an utterance that goes on. A reply of which nothing was said yet is given up: they have not finished."""
        session = self._session
        text = clean(event.text)
        if not text:
            return
        if not session.callee.open:
            session.ahead.new_utterance()
        session.callee.saying(text, event.start_ms, session.now_ms)
        session.ahead.heard(text)
        session.callee_speaking = True
        self.started()
        if session.state is State.THINKING and not session.mind.turn.said and not is_back_channel(text):
            self._replier.abort()
            self._interruption = _Interruption(was_thinking=True, was_heard=False)

    def paused(self, event: CalleePaused) -> None:
        """They may be done: an answer is thought of ahead, unless these words would get none."""
        self.saying(CalleeSaying(event.text, event.start_ms))
        text = self._session.callee.text
        if text and not self._only_listens(text, self._interruption):
            self._replier.ask_ahead(text)

    def interrupted(self) -> None:
        """The callee spoke over Floyd, whose voice was cleared."""
        session = self._session
        if session.state in (State.NEW, State.OPENING, State.INTRODUCING):
            return
        session.callee_speaking = True
        session.mouth.stop(session.now_ms)
        was_thinking = session.mind.turn.said and self._replier.abort()
        self._interruption = _Interruption(was_thinking=was_thinking, was_heard=True)

    def said(self, event: CalleeSaid) -> None:
        """An utterance is over. It is stored whatever happens; then it is answered, or not."""
        session = self._session
        session.callee.said(event.text, event.start_ms, event.end_ms)
        session.callee_speaking = False
        text = clean(event.text)
        understood = bool(text) and event.confidence >= LEAST_CONFIDENCE
        first, self._spoken_to = not self._spoken_to, self._spoken_to or bool(text)
        interruption, self._interruption = self._interruption, None
        if understood:
            self._learn(text)
        match session.state:
            case State.NEW | State.ENDED:
                pass
            case State.OPENING:
                if understood:
                    session.history.callee_said(text)
                self._introduction.begin()
            case State.INTRODUCING:
                if understood:
                    self._over_introduction(text, event.start_ms, first=first)
            case State.CLOSING:
                if understood and self._closer.can_reopen and not is_farewell(text) and not is_back_channel(text):
                    self._closer.reopen()
                    session.unanswered.append(text)
            case _ if understood:
                self._in_conversation(text, event.end_ms, interruption)
            case _:
                self._not_understood(text, interruption)

    @property
    def spoken_to(self) -> bool:
        """Whether the other side has said any words."""
        return self._spoken_to

    def noted(self, event: CalleeSaid) -> None:
        """An utterance that calls for no answer: it is stored, and what it interrupted is not taken up again."""
        self._session.callee.said(event.text, event.start_ms, event.end_ms)
        self._session.callee_speaking = False
        self._session.ahead.drop()
        self._spoken_to = self._spoken_to or bool(clean(event.text))
        self._interruption = self._aside = None

    def floyd_fell_silent(self) -> None:
        """Everything Floyd had to say was heard: an "okay" over its last words is the answer to them, an earlier one was not."""
        session = self._session
        if self._aside is None:
            return
        text, end_ms = self._aside
        self._aside = None
        if session.now_ms - end_ms <= ANSWER_WITHIN_MS:
            session.unanswered.append(text)
        else:
            session.history.callee_said(text)

    def await_words(self) -> None:
        """Starts waiting for the callee's next words."""
        session = self._session
        if not session.questions.open:
            session.outbox.start_timer("silence", session.now_ms + SILENCE_MS)
        elif self._counts.checkings < MOST_CHECKINGS:
            session.outbox.start_timer("silence", session.now_ms + CHECKING_MS)

    def silence(self) -> None:
        """Nothing was said for long. Words that never got their end count now; else we ask whether someone is there, and give up in the end."""
        session, counts = self._session, self._counts
        if session.callee.open or self._interruption is not None:
            self.said(CalleeSaid(session.callee.text, session.callee.start_ms, session.now_ms))
            return
        session.callee_speaking = False
        if session.news:
            return
        if session.questions.open:
            counts.checkings += 1
            session.say_fixed(lines.STILL_CHECKING)
            return
        counts.silences += 1
        if counts.silences > MOST_SILENCES:
            self._closer.close(EndReason.NO_RESPONSE)
        else:
            session.say_fixed(lines.ARE_YOU_THERE)

    def failed(self, event: HearingFailed) -> None:
        """We cannot hear. Once we ask to hear it again, then there is no call."""
        session = self._session
        self._counts.hearing_failures += 1
        if event.permanent or self._counts.hearing_failures > 1:
            self._closer.close(EndReason.PROVIDER_FAILED)
        elif session.state in (State.LISTENING, State.WAITING_FOR_USER):
            session.say_fixed(lines.MISSED_THAT)

    def _learn(self, text: str) -> None:
        """Notes what code can read by itself: prices, and words that may be said back."""
        session = self._session
        self._counts.misunderstood = self._counts.silences = 0
        session.egress.callee_said(text)
        if session.purse.offers_in(text, session.callee.last_seq):
            session.outbox.add(SaveSlots(session.purse.slots))

    def _over_introduction(self, text: str, start_ms: int, *, first: bool) -> None:
        """What was said over the introduction: the hello that it answers, or something to answer after it."""
        session = self._session
        begun_ms = self._introduction.begun_ms or 0
        if is_greeting(text) or (first and start_ms <= begun_ms + LATE_HELLO_MS):
            session.history.callee_greeted(text)
        else:
            session.unanswered.append(text)

    def _in_conversation(self, text: str, end_ms: int, interruption: _Interruption | None) -> None:
        session = self._session
        if is_back_channel(text) and session.mouth.busy:
            self._aside = (text, end_ms)
            return
        if interruption is not None and self._only_listens(text, interruption):
            session.history.callee_said(text)
            self._resume(interruption)
            return
        session.mouth.stop(session.now_ms)
        self._replier.abort()
        self._aside = None
        session.unanswered.append(text)

    def _only_listens(self, text: str, interruption: _Interruption | None) -> bool:
        """Whether `text`, spoken over Floyd, is no answer to it but a sign to go on."""
        return interruption is not None and interruption.was_heard and is_back_channel(text) and not self._session.mouth.asked_something

    def _not_understood(self, text: str, interruption: _Interruption | None) -> None:
        session = self._session
        if interruption is not None and not text:
            self._resume(interruption)
        elif not session.mouth.busy and not session.mind.busy and (text or not session.questions.open):
            self._counts.misunderstood += 1
            if self._counts.misunderstood > MOST_MISUNDERSTANDINGS:
                self._closer.close(EndReason.NOT_UNDERSTOOD)
            else:
                session.say_fixed(lines.SAY_AGAIN)

    def _resume(self, interruption: _Interruption) -> None:
        """A false alarm: Floyd picks up where it was."""
        session = self._session
        unheard = session.mouth.take_unheard()
        if interruption.was_thinking:
            if interruption.was_heard:
                session.history.note(_NOISE)
            self._replier.ask()
        elif unheard:
            line = session.mouth.open_line(session.now_ms)
            session.history.floyd_says(line)
            for text in unheard:
                session.mouth.say(line, text, session.now_ms)
            session.mouth.complete(line, session.now_ms)

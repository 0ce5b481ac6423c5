"""What the callee says, and what it means for what Floyd is doing: answer, wait, give way, or ask again."""

from __future__ import annotations

from dataclasses import dataclass, replace

from calls.conversation import fixed_lines as lines
from calls.conversation.brevity import wants_it_short
from calls.conversation.closing import Closer
from calls.conversation.cut_in import CutIn
from calls.conversation.effects import EndReason, SaveSlots
from calls.conversation.events import CalleePaused, CalleeSaid, CalleeSaying, HearingFailed
from calls.conversation.introducing import Introduction
from calls.conversation.replying import Replier
from calls.conversation.session import Session
from calls.conversation.silence import Silence
from calls.conversation.states import State
from calls.conversation.transcript import clean
from calls.speech.phrases import is_back_channel, is_farewell, is_greeting

#: Below this the words are too doubtful to act on.
LEAST_CONFIDENCE = 0.35
MOST_MISUNDERSTANDINGS = 3
#: An "okay" over Floyd's last words is an answer when it ended this shortly before them.
ANSWER_WITHIN_MS = 1_500
#: The first words that began up to this long after our introduction are the callee's hello.
LATE_HELLO_MS = 1_000
_NOISE = {"interrupted_by": "a noise, no words", "do": "go on where you were, without starting over"}


@dataclass(frozen=True, slots=True)
class _Interruption:
    """Floyd fell silent because of a voice. It goes on where it was if the voice had nothing to say.

    `was_heard`: the callee had heard part of what Floyd was saying. `gave_up`: the reply that was being thought of is gone, because of words.
    """

    was_heard: bool = False
    gave_up: bool = False


class Hearer:
    """Takes in what the callee says."""

    def __init__(self, session: Session, introduction: Introduction, replier: Replier, closer: Closer) -> None:
        self._session, self._introduction, self._replier, self._closer = session, introduction, replier, closer
        self.silence = Silence(session, closer)
        self._misunderstood = self._hearing_failures = 0
        self._spoken_to = False
        self._interruption: _Interruption | None = None
        self._aside: tuple[str, int] | None = None  # a back-channel over Floyd's words, and when it ended
        self._cut_in = CutIn(session)

    def started(self) -> None:
        """A voice, without words yet. Just behind an utterance it may be the rest of it: Floyd waits for the words."""
        if self._session.state is State.OPENING:
            self._introduction.callee_speaks()
            return
        self._expect_words()
        if self._cut_in.voice():
            self._hold(_Interruption())

    def saying(self, event: CalleeSaying) -> None:
        """Words of an utterance that goes on. A reply of which nothing was heard yet is given up: they have not finished."""
        session = self._session
        text = clean(event.text)
        if not text:
            return
        if not session.callee.open and self._begins(event.start_ms):
            self._hold(_Interruption())
        session.callee.saying(text, event.start_ms, session.now_ms)
        session.ahead.heard(text)
        session.callee_speaking = True
        if session.state is State.OPENING:
            self._introduction.callee_speaks()
        else:
            self._expect_words()
            self._give_way(text)

    def paused(self, event: CalleePaused) -> None:
        """They may be done: an answer is thought of ahead, unless these words would get none."""
        self.saying(CalleeSaying(event.text, event.start_ms))
        text, interruption = self._session.callee.text, self._interruption
        if text and (interruption is None or self._answers(text, interruption)):
            self._replier.ask_ahead(text)

    def interrupted(self) -> None:
        """The callee spoke over Floyd, whose voice was cleared."""
        session = self._session
        if session.state in (State.NEW, State.OPENING, State.INTRODUCING):
            return
        session.callee_speaking = True
        self._replier.hold()
        before = self._interruption
        self._interruption = _Interruption(was_heard=True, gave_up=before is not None and before.gave_up)
        self._cut_in.words()

    def no_words_came(self) -> None:
        """The voice behind an utterance was not its rest, as far as we know."""
        if self._interruption is not None and not self._session.callee_speaking:
            self._resume()

    def said(self, event: CalleeSaid) -> None:
        """An utterance is over. It is stored whatever happens; then it is answered, or not."""
        session = self._session
        text = clean(event.text)
        if text and not session.callee.open:
            self._begins(event.start_ms)
        merged = session.callee.reopened
        session.callee.said(event.text, event.start_ms, event.end_ms)
        session.callee_speaking = False
        understood = bool(text) and (merged or event.confidence >= LEAST_CONFIDENCE)
        first, self._spoken_to = not self._spoken_to, self._spoken_to or bool(text)
        if text:
            self._cut_in.forget()
        if understood:
            self._learn(session.callee.last_text)
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
                self._over_farewell(text, understood=understood)
            case _ if understood:
                self._in_conversation(text, event.end_ms)
            case _:
                self._not_understood(text)

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
        self.forget()

    def forget(self) -> None:
        """Nothing that was interrupted is taken up again, and nothing that was said goes on."""
        self._interruption = self._aside = None
        self._cut_in.words()
        self._cut_in.forget()

    def key_pressed(self) -> None:
        """The other side answers by a key: Floyd does not take up again what it was saying. Words that are being said go on."""
        self._session.callee_speaking = self._session.callee.open
        self.forget()
        self.silence.heard_words()

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

    def silent(self) -> None:
        """Nothing was said for long. Words that never got their end count now."""
        session = self._session
        if session.callee.open or self._interruption is not None:
            self.said(CalleeSaid(session.callee.text, session.callee.start_ms, session.now_ms))
        else:
            self.silence.lasts()

    def failed(self, event: HearingFailed) -> None:
        """We cannot hear. Once we ask to hear it again, then there is no call; who was told nothing yet is told that much."""
        session = self._session
        self._hearing_failures += 1
        if event.permanent or self._hearing_failures > 1:
            if session.state in (State.NEW, State.OPENING):
                self._introduction.then_apologise()
            else:
                self._closer.close(EndReason.PROVIDER_FAILED)
        elif session.state in (State.LISTENING, State.WAITING_FOR_USER):
            session.say_fixed(lines.MISSED_THAT)

    def _learn(self, text: str) -> None:
        """Notes what code can read by itself: prices, and words that may be said back."""
        session = self._session
        self._misunderstood = 0
        self.silence.heard_words()
        session.egress.callee_said(text)
        session.short = session.other_machine.heard(text) or session.short or wants_it_short(text)
        if session.purse.offers_in(text, session.callee.last_seq):
            session.outbox.add(SaveSlots(session.purse.slots))

    def _over_introduction(self, text: str, start_ms: int, *, first: bool) -> None:
        """What was said over the introduction: the hello that it answers, or something to answer after it."""
        session = self._session
        hello = self._introduction.answers_hello and first and start_ms <= (self._introduction.begun_ms or 0) + LATE_HELLO_MS
        if hello or is_greeting(text):
            session.history.callee_greeted(text)
        else:
            session.unanswered.append(text)

    def _over_farewell(self, text: str, *, understood: bool) -> None:
        """What was said over our goodbye, or behind it: something that the call must not end without, or nothing."""
        session = self._session
        interruption, self._interruption = self._interruption, None
        if understood and self._closer.can_reopen and not self._is_farewell(text):
            self._closer.reopen()
            self._answer(text)
        elif interruption is not None and not (text and interruption.was_heard):
            session.mouth.resume(session.now_ms)

    def _is_farewell(self, text: str) -> bool:
        """Whether words over our goodbye need no answer."""
        return is_farewell(text) or is_back_channel(text) or self._session.wording.is_farewell(text)

    def _in_conversation(self, text: str, end_ms: int) -> None:
        session, interruption = self._session, self._interruption
        if interruption is None and session.mouth.busy and is_back_channel(text):
            self._aside = (text, end_ms)
        elif interruption is not None and not interruption.gave_up and not self._answers(text, interruption):
            session.history.callee_said(text)
            self._resume()
        else:
            session.mouth.stop(session.now_ms)
            self._replier.abort()
            self._interruption = self._aside = None
            self._answer(text)

    def _answer(self, text: str) -> None:
        self._session.unanswered.append(text)
        self._cut_in.answering()

    def _answers(self, text: str, interruption: _Interruption) -> bool:
        """Whether words spoken over Floyd take the floor: a back-channel does only when it answers a question that was heard."""
        return not is_back_channel(text) or (interruption.was_heard and self._session.mouth.asked_something)

    def _begins(self, start_ms: int) -> bool:
        """The first words of an utterance; True when they are the rest of the one before."""
        goes_on = self._cut_in.goes_on(start_ms)
        self._cut_in.words()
        if goes_on:
            self._session.callee.reopen()
        else:
            self._session.ahead.new_utterance()
        return goes_on

    def _give_way(self, text: str) -> None:
        """Gives up a reply that was held back, or of which nothing was said yet, for words that take the floor."""
        session, interruption = self._session, self._interruption or _Interruption()
        unsaid = session.state is State.THINKING and not session.mind.turn.said
        if (unsaid or self._interruption is not None) and self._answers(text, interruption) and self._replier.abort():
            self._interruption = replace(interruption, gave_up=True)

    def _hold(self, interruption: _Interruption) -> None:
        """Floyd falls silent, for the time being."""
        if self._session.state in (State.THINKING, State.SPEAKING) or (self._session.state is State.CLOSING and self._closer.can_reopen):
            self._replier.hold()
            self._interruption = self._interruption or interruption

    def _expect_words(self) -> None:
        if self._session.outbox.is_running("silence"):
            self.silence.await_words()

    def _not_understood(self, text: str) -> None:
        session, interruption = self._session, self._interruption
        if interruption is not None and not text:
            self._resume()
            return
        if interruption is not None:
            session.mouth.stop(session.now_ms)
            self._replier.abort()
            self._interruption = None
        if not session.mouth.busy and not session.mind.busy and (text or not session.questions.open):
            self._misunderstood += 1
            if self._misunderstood > MOST_MISUNDERSTANDINGS:
                self._closer.close(EndReason.NOT_UNDERSTOOD)
            else:
                session.say_fixed(lines.SAY_AGAIN)

    def _resume(self) -> None:
        """A false alarm: Floyd picks up where it was. A reply that was given up is asked for anew."""
        session = self._session
        interruption, self._interruption = self._interruption or _Interruption(), None
        self._cut_in.false_alarm()
        if not interruption.gave_up:
            self._replier.go_on()
            return
        session.mouth.forget_cut(session.now_ms)
        if interruption.was_heard:
            session.history.note(_NOISE)
        self._replier.ask()

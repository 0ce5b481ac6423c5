"""Who or what has the line: a person, or a machine that is dealt with by rules of its own.

How it is driven, by `Conversation` alone:

1.  `take(event)` sees every event first; True means that the event is dealt with.
2.  `settle()` comes after every event; True means that a machine has the line, and nothing else is to be decided.
3.  A machine is never told who calls, save an answering machine and a screener; a person always is, before anything else. Who comes after a
    machine, or by transfer, counts as somebody new.
"""

from __future__ import annotations

from calls.conversation import fixed_lines as lines
from calls.conversation.closing import Closer
from calls.conversation.controlling import clean_keys
from calls.conversation.effects import EndReason, SaveSituation, SaveSlots, Situation
from calls.conversation.events import (
    BeepHeard,
    CalleeInterrupted,
    CalleePaused,
    CalleeSaid,
    CalleeSaying,
    CalleeStarted,
    Event,
    HeardUpTo,
    HearingFailed,
    KeysAsked,
    LineDropped,
    LineOpened,
    MusicHeard,
    ReplyEnded,
    ReplyPieceArrived,
    SpeechFailed,
    SpeechStarted,
    ThinkingFailed,
    TimerFired,
    ToolAsked,
)
from calls.conversation.hearing import Hearer
from calls.conversation.introducing import Introduction
from calls.conversation.replying import Replier
from calls.conversation.session import Session
from calls.conversation.situations.handler import LIMIT, STEP, Handler
from calls.conversation.situations.hold import Hold
from calls.conversation.situations.menu import PhoneMenu
from calls.conversation.situations.moves import Move, ToEnd, ToPerson, ToSituation
from calls.conversation.situations.person import WithPerson
from calls.conversation.situations.screening import Screening
from calls.conversation.situations.signs import sign_of
from calls.conversation.situations.voicemail import Voicemail
from calls.conversation.states import MACHINES, State
from calls.conversation.transcript import clean

_MODEL = (ReplyPieceArrived, ToolAsked, ReplyEnded, ThinkingFailed)


class Situations:
    """Notices what has the line, and hands the events to the one who deals with it."""

    def __init__(self, session: Session, introduction: Introduction, replier: Replier, closer: Closer, hearer: Hearer) -> None:
        self._session, self._introduction, self._replier, self._closer, self._hearer = session, introduction, replier, closer, hearer
        self._menu, self._hold = PhoneMenu(session), Hold(session)
        self._handlers: dict[Situation, Handler] = {
            Situation.MENU: self._menu,
            Situation.HOLD: self._hold,
            Situation.VOICEMAIL: Voicemail(session, introduction),
            Situation.SCREENING: Screening(session),
        }
        self._person = WithPerson(session, introduction, replier, closer, hearer)
        self._handler: Handler | None = None
        self._opened_ms = 0
        self._path = ""

    def take(self, event: Event) -> bool:
        """Sees an event first; True when it is dealt with."""
        match event:
            case LineOpened():
                self._opened_ms = self._session.now_ms
            case LineDropped():
                return self._line_dropped(event)
        if self._session.state in (State.NEW, State.CLOSING, State.ENDED):
            return False
        return self._from_person(event) if self._handler is None else self._from_machine(self._handler, event)

    def settle(self) -> bool:
        """True while a machine has the line."""
        if self._handler is None:
            self._person.settle()
        return self._session.state in MACHINES

    def _from_person(self, event: Event) -> bool:
        seen = self._person.take(event)
        if not isinstance(seen, ToSituation):
            return seen
        self._enter(seen.situation, another=seen.another)
        if seen.polite:
            self._session.say_fixed(seen.polite)
            return True
        return self._pass_on(event)

    # --- while a machine has it ---

    def _from_machine(self, handler: Handler, event: Event) -> bool:
        session = self._session
        move: Move | None = None
        match event:
            case CalleeSaying() | CalleeSaid():
                return self._words(handler, event)
            case CalleePaused():
                return self._words(handler, CalleeSaying(event.text, event.start_ms))
            case CalleeInterrupted():
                pass
            case SpeechStarted():
                session.mouth.started(event.speech_id, session.now_ms)
                move = handler.other(event)
            case HeardUpTo():
                clause = session.mouth.heard(event.speech_id, event.heard, event.finished, event.end_ms, session.now_ms)
                move = handler.heard(clause) if clause is not None else None
            case SpeechFailed():
                clause = session.mouth.fail(event.speech_id, session.now_ms)
                move = handler.heard(clause) if clause is not None else None
            case TimerFired():
                return self._timer(handler, event.name)
            case CalleeStarted() | BeepHeard() | MusicHeard():
                move = handler.other(event)
            case KeysAsked() if handler is self._menu:
                self._menu.pressed(clean_keys(event.keys))
            case HearingFailed():
                return event.permanent is False  # a call that is not heard any more ends as always
            case _ if isinstance(event, _MODEL):
                move = handler.other(event)
            case _:
                return False
        self._go(move)
        return True

    def _timer(self, handler: Handler, name: str) -> bool:
        session = self._session
        if name not in (STEP, LIMIT, "speech"):
            return False
        if not session.outbox.timer_fired(name):
            return True
        if name == "speech":
            for clause in session.mouth.give_up(session.now_ms):
                if self._handler is handler:
                    self._go(handler.heard(clause))
        else:
            self._go(handler.step() if name == STEP else handler.limit())
        return True

    def _words(self, handler: Handler, event: CalleeSaying | CalleeSaid) -> bool:
        """Another machine's words change the situation; else its handler takes them. A person's go on to the conversation."""
        session, text = self._session, clean(event.text)
        situation = sign_of(text, at_first=True)
        if situation not in (None, handler.situation) and self._may_follow(handler, situation):
            self._enter(situation, another=True)
            return self._pass_on(event)
        move = handler.words(text, over=isinstance(event, CalleeSaid)) if text else handler.other(event)
        if isinstance(move, ToPerson):
            self._meet(move)
            return False
        if isinstance(event, CalleeSaid):
            self._hearer.noted(event)
        elif text:
            session.callee.saying(text, event.start_ms, session.now_ms)
        self._go(move)
        return True

    def _may_follow(self, handler: Handler, situation: Situation | None) -> bool:
        """A menu's "or stay on the line" is no hold, and its "leave a message, press 4" no voicemail; a message is not broken off."""
        if handler.situation is Situation.MENU:
            return situation is not Situation.HOLD or self._menu.answered
        if handler.situation is Situation.VOICEMAIL:
            return False
        return handler.situation is Situation.HOLD or situation is not Situation.HOLD

    def _pass_on(self, event: Event) -> bool:
        handler = self._handler
        return handler is not None and self._from_machine(handler, event)

    # --- moving ---

    def _go(self, move: Move | None) -> None:
        match move:
            case ToSituation():
                self._enter(move.situation, another=move.another)
            case ToPerson():
                self._meet(move)
                if move.said:
                    self._answer(move)
                elif move.unheard and self._session.state is State.LISTENING:
                    self._session.say_fixed(lines.ARE_YOU_THERE)
            case ToEnd():
                self._end(move.reason)

    def _enter(self, situation: Situation, *, another: bool) -> None:
        """A machine has the line: Floyd says nothing more, and waits for nobody's answer."""
        session = self._session
        self._leave()
        self._replier.abort()
        session.ahead.drop()
        self._hearer.forget()
        session.mouth.stop(session.now_ms)
        session.unanswered.clear()
        session.callee_speaking = session.speaks_up = False
        for name in ("opening", "silence", "bridge", "voice", "thinking", "user_wait", "whisper"):
            session.outbox.cancel_timer(name)
        self._handler = handler = self._handlers[situation]
        session.go(handler.state)
        session.outbox.add(SaveSituation(situation))
        self._go(handler.entered(another=another or not self._person.met))
        self._limit_the_call()

    def _leave(self) -> None:
        handler, self._handler = self._handler, None
        if handler is self._menu:
            self._menu.left()
        elif handler is self._hold:
            self._hold.left()
        if handler is not None:
            self._session.outbox.cancel_timer(STEP)
            self._session.outbox.cancel_timer(LIMIT)

    def _limit_the_call(self) -> None:
        """Time on hold does not count as talk; the plan limits it by itself."""
        brief = self._session.brief
        extra_ms = brief.hold_minutes * 60_000 if self._handler is self._hold else self._hold.spent_ms
        self._session.outbox.start_timer("max_call", max(self._session.now_ms, self._opened_ms + brief.max_call_ms + extra_ms))

    def _meet(self, move: ToPerson) -> None:
        """A person has the line."""
        session = self._session
        self._leave()
        session.mouth.stop(session.now_ms)
        session.outbox.add(SaveSituation(Situation.TALKING))
        self._limit_the_call()
        self._learn_path()
        if session.questions.open:
            session.outbox.start_timer("user_wait", session.now_ms + session.brief.user_wait_ms)
        if move.another or not self._introduction.heard:
            self._introduction.anew()
        else:
            self._person.came_back()
            session.go(State.LISTENING)

    def _answer(self, move: ToPerson) -> None:
        """Their utterance is over, and no event of it will come any more."""
        session = self._session
        if session.state is State.OPENING:
            session.history.callee_said(move.said)
            self._introduction.begin()
        else:
            session.unanswered.append(move.said)

    def _learn_path(self) -> None:
        """The way through the menus that led to a person, for the next call."""
        path = ", ".join(str(step) for step in self._menu.path)
        if path and path != self._path:
            self._path = path
            self._session.purse.menu_passed(path)
            self._session.outbox.add(SaveSlots(self._session.purse.slots))

    def _end(self, reason: EndReason) -> None:
        """Nobody hears a farewell, save the person who may be standing by the phone that we wait on."""
        self._leave()
        if reason is EndReason.HOLD_TOO_LONG and self._person.met and self._introduction.heard:
            self._session.go(State.LISTENING)
            self._closer.close(reason)
        else:
            self._closer.end(reason)

    def _line_dropped(self, event: LineDropped) -> bool:
        """A menu that hangs up is a dead end, an answering machine that does is one without our message."""
        reasons = {Situation.MENU: EndReason.MENU_DEAD_END, Situation.VOICEMAIL: EndReason.VOICEMAIL}
        if self._handler is None or not event.hung_up or self._handler.situation not in reasons:
            return False
        self._end(reasons[self._handler.situation])
        return True

"""One call that came in: greeting, turns, tools, keys, and its end. Driven like `calls.conversation.conversation.Conversation`, and besides:

9.  `RunTool`: run the tool, never on the event loop, and report `ToolFinished` with its `run_id`, whatever happens. Several may run side by side.
    `DropTool`: what comes of it is of no interest any more.
10. `HandOff` comes before the `HangUp` whose reason is HANDED_OFF: a person takes the call over when the line lets go of it.
"""

from __future__ import annotations

from calls.conversation.brief import CallBrief
from calls.conversation.closing import Closer
from calls.conversation.company import Company
from calls.conversation.conversation import Conversation
from calls.conversation.disclosure import NotDisclosedError, says_machine
from calls.conversation.effects import Effect, Say
from calls.conversation.events import CalleeSaid, Event, KeyPressed, ToolFinished
from calls.conversation.introducing import Introduction
from calls.conversation.reception.closing import ReceptionCloser
from calls.conversation.reception.company import ReceptionCompany
from calls.conversation.reception.errands import Errands
from calls.conversation.reception.greeting import Greeting
from calls.conversation.reception.replying import Receptionist
from calls.conversation.replying import Replier
from calls.conversation.situations.parting import language_wanted
from calls.conversation.states import State
from calls.speech.phrases import is_back_channel, is_greeting

#: Keys that belong together come no further apart; the first comes so soon after what was said about them.
BETWEEN_KEYS_MS = 5_000


class Reception(Conversation):
    """Drives one call that came in.

    Args:
        brief: with the use case that answers.
        call_id: of the call.

    Raises:
        NotDisclosedError: the greeting does not say that an AI assistant answers.
    """

    def _check(self, brief: CallBrief) -> None:
        if brief.use_case is None or not says_machine(brief.introduction):
            raise NotDisclosedError("the greeting must say that an AI assistant answers")

    def _speaking_parts(self) -> tuple[Closer, Introduction, Company, Replier]:
        session, use_case = self._session, self._session.brief.use_case
        assert use_case is not None
        self._errands, self._early_keys, self._switches = Errands(session.outbox), list[str](), 0
        closer, company = ReceptionCloser(session), ReceptionCompany(session, self._errands)
        self._receptionist = Receptionist(session, closer, company, self._errands)
        self._receptionist.answer_as(use_case)
        return closer, Greeting(session, closer), company, self._receptionist

    def handle(self, event: Event, now_ms: int) -> list[Effect]:
        """As any conversation does; a PIN is taken out of what the caller says before anything else is done with it."""
        pin = self._receptionist.pin
        effects = super().handle(pin.take(event), now_ms)
        for effect in effects:
            if isinstance(effect, Say):
                pin.floyd_says(effect.text)
        return effects

    def _situation_takes(self, event: Event) -> bool:
        """Who rings is a person, as far as we know."""
        return False

    def _situation_settles(self) -> bool:
        return False

    @property
    def _busy(self) -> bool:
        return self._session.mind.busy or self._errands.busy

    @property
    def _thinking(self) -> bool:
        return self._session.mind.thinking or self._errands.busy

    def _take(self, event: Event) -> None:
        match event:
            case KeyPressed():
                self._key(event.digit)
            case ToolFinished():
                self._receptionist.tool_finished(event)
            case CalleeSaid():
                if not self._switches_language(event):
                    super()._take(event)
                if event.text.strip() and self._session.unanswered and not (is_back_channel(event.text) or is_greeting(event.text)):
                    self._receptionist.floor_taken()
                self._await_digits()
            case _:
                super()._take(event)
        if self._introduction.heard and self._early_keys:
            keys, self._early_keys = self._early_keys, []
            for key in keys:
                self._key(key)
        self._time_keys()

    def _switches_language(self, event: CalleeSaid) -> bool:
        """Whether they want another language in which the call may go on: then they hear in it who speaks, and the model goes on."""
        session = self._session
        if session.state in (State.NEW, State.CLOSING) or (tag := language_wanted(session, event.text, self._switches)) is None:
            return False
        self._switches += 1
        self._hearer.noted(event)
        session.mouth.stop(session.now_ms)
        self._receptionist.abort()
        session.history.callee_said(session.callee.last_text)
        session.unanswered.clear()
        session.switch(tag)
        self._receptionist.take_language()
        line = session.mouth.say_line(session.goes_on, session.now_ms, interruptible=False)
        self._recording.announced_by(line)
        session.history.floyd_says(line)
        session.speaks_up = True
        return True

    def _await_digits(self) -> None:
        """Digits of a PIN were said: it is tried when no more come."""
        pin, session = self._receptionist.pin, self._session
        if pin.collecting and session.state not in (State.CLOSING, State.ENDED):
            session.outbox.start_timer("pin", session.now_ms + pin.patience_ms)

    def _time_keys(self) -> None:
        """Keys that are being collected are waited for while Floyd is silent, no longer."""
        session = self._session
        if not self._receptionist.keypad.collecting or session.mouth.busy or session.state in (State.CLOSING, State.ENDED):
            session.outbox.cancel_timer("keys")
        elif not session.outbox.is_running("keys"):
            session.outbox.start_timer("keys", session.now_ms + BETWEEN_KEYS_MS)

    def _key(self, key: str) -> None:
        """A key of the caller's. Over the greeting it waits: that is heard to its end."""
        session = self._session
        self._receptionist.floor_taken()
        if session.state in (State.NEW, State.CLOSING, State.ENDED) or self._errands.busy:
            return
        if not self._introduction.heard:
            self._early_keys.append(key)
            return
        self._hearer.key_pressed()
        keypad = self._receptionist.keypad
        if keypad.collecting:
            session.mouth.stop(session.now_ms)  # who keys digits has heard enough of what they are for
        pressed = keypad.press(key)
        session.outbox.cancel_timer("keys")  # begins anew behind this key, as the silence does
        if session.outbox.is_running("silence"):
            self._hearer.silence.await_words()
        self._receptionist.pin.key_collects(keypad.collects_for)
        if pressed is not None:
            self._receptionist.pressed(pressed)

    def _timer_fired(self, name: str) -> None:
        match name:
            case "keys":
                if (pressed := self._receptionist.keypad.finish()) is not None:
                    self._receptionist.pressed(pressed)
            case "pin":
                if self._session.callee_speaking or self._errands.busy:
                    self._await_digits()
                elif self._session.state not in (State.CLOSING, State.ENDED):
                    self._receptionist.try_pin()
            case "errands":
                self._receptionist.tools_gave_out()
            case "user_wait":
                self._receptionist.user_did_not_answer()
            case _:
                super()._timer_fired(name)

"""One call that came in: greeting, turns, tools, keys, and its end. Driven like `calls.conversation.conversation.Conversation`, and besides:

9.  `RunTool`: run the tool, never on the event loop, and report `ToolFinished` with its `run_id`, whatever happens. Several may run side by side.
10. `HandOff` comes before the `HangUp` whose reason is HANDED_OFF: a person takes the call over when the line lets go of it.
"""

from __future__ import annotations

from calls.conversation.brief import CallBrief
from calls.conversation.closing import Closer
from calls.conversation.company import Company
from calls.conversation.conversation import Conversation
from calls.conversation.disclosure import NotDisclosedError, says_machine
from calls.conversation.events import Event, KeyPressed, ToolFinished
from calls.conversation.introducing import Introduction
from calls.conversation.reception.closing import ReceptionCloser
from calls.conversation.reception.company import ReceptionCompany
from calls.conversation.reception.errands import Errands
from calls.conversation.reception.greeting import Greeting
from calls.conversation.reception.replying import Receptionist
from calls.conversation.replying import Replier
from calls.conversation.states import State

#: Keys that belong together come no further apart.
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
        self._errands, self._early_keys = Errands(session.outbox), list[str]()
        closer, company = ReceptionCloser(session), ReceptionCompany(session, self._errands)
        self._receptionist = Receptionist(session, closer, company, self._errands)
        self._receptionist.answer_as(use_case)
        return closer, Greeting(session, closer), company, self._receptionist

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
            case _:
                super()._take(event)
        if self._introduction.heard and self._early_keys:
            keys, self._early_keys = self._early_keys, []
            for key in keys:
                self._key(key)

    def _key(self, key: str) -> None:
        """A key of the caller's. Over the greeting it waits: that is heard to its end."""
        session = self._session
        if session.state in (State.NEW, State.CLOSING, State.ENDED) or self._errands.busy:
            return
        if not self._introduction.heard:
            self._early_keys.append(key)
            return
        self._hearer.key_pressed()
        pressed = self._receptionist.keypad.press(key)
        if self._receptionist.keypad.collecting:
            session.outbox.start_timer("keys", session.now_ms + BETWEEN_KEYS_MS)
        else:
            session.outbox.cancel_timer("keys")
        if pressed is not None:
            self._receptionist.pressed(pressed)

    def _timer_fired(self, name: str) -> None:
        match name:
            case "keys":
                if (pressed := self._receptionist.keypad.finish()) is not None:
                    self._receptionist.pressed(pressed)
            case "errands":
                self._receptionist.tools_gave_out()
            case "user_wait":
                self._receptionist.user_did_not_answer()
            case _:
                super()._timer_fired(name)

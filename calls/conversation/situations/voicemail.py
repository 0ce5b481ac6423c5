"""An answering machine: its greeting is waited out, then the message is left behind the beep, disclosure first; or nothing is."""

from __future__ import annotations

from calls.conversation.disclosure import unannounced
from calls.conversation.effects import EndReason, Situation
from calls.conversation.events import BeepHeard, CalleeStarted, Event
from calls.conversation.introducing import Introduction
from calls.conversation.session import Session
from calls.conversation.situations.announcements import Sort, sorts_of
from calls.conversation.situations.handler import LIMIT, STEP
from calls.conversation.situations.moves import Move, ToEnd, ToPerson
from calls.conversation.spoken import Clause
from calls.conversation.states import State

#: The silence after a greeting that stands for a beep we did not hear, and how long a greeting may last at most.
SILENCE_MS, LONGEST_GREETING_MS = 4_000, 90_000
#: So many words over the message are a person who picked up.
WORDS_OF_A_PERSON = 2


class Voicemail:
    """Leaves the plan's message."""

    situation, state = Situation.VOICEMAIL, State.LEAVING_MESSAGE

    def __init__(self, session: Session, introduction: Introduction) -> None:
        self._session, self._introduction = session, introduction
        self._saying: dict[str, bool] = {}  # clauses of the message that were not heard yet; whether each is the disclosure
        self._begun = self._failed = False
        self._sure = False  # words or a beep of an answering machine; "not available right now" may be a person's
        self._said = self._picked_up = ""

    @property
    def _message(self) -> str:
        return self._session.brief.voicemail.strip()

    def entered(self, *, another: bool) -> Move | None:
        """A machine speaks."""
        self._saying, self._begun, self._failed, self._sure, self._said, self._picked_up = {}, False, False, False, "", ""
        self._session.outbox.start_timer(LIMIT, self._session.now_ms + LONGEST_GREETING_MS)
        self._await_silence()
        return None

    def words(self, text: str, *, over: bool) -> Move | None:
        """More of the greeting; or, over the message, somebody who picked up after all."""
        sorts = sorts_of(text)
        if Sort.MAILBOX_FULL in sorts:
            return ToEnd(EndReason.VOICEMAIL)
        if self._begun:
            if over and not sorts and len(text.split()) >= WORDS_OF_A_PERSON:
                self._picked_up = text
            return None
        self._sure = self._sure or Sort.VOICEMAIL in sorts
        if over:
            self._said = text
            if self._sure and not self._message:
                return ToEnd(EndReason.VOICEMAIL)
            self._await_silence()
        else:
            self._session.outbox.cancel_timer(STEP)
        return None

    def other(self, event: Event) -> Move | None:
        """The beep."""
        match event:
            case BeepHeard():
                self._sure = True
                return self._speak()
            case CalleeStarted() if not self._begun:
                self._await_silence()
        return None

    def heard(self, clause: Clause) -> Move | None:
        """Part of the message was recorded."""
        disclosure = self._saying.pop(clause.speech_id, None)
        if disclosure is None:
            return None
        if clause.heard < len(clause.text):
            self._failed = True
        elif disclosure:
            self._introduction.was_heard()
        if self._saying:
            return None
        if self._picked_up:
            return ToPerson(another=self._failed, said=self._picked_up)
        return ToEnd(EndReason.VOICEMAIL if self._failed else EndReason.VOICEMAIL_LEFT)

    def step(self) -> Move | None:
        """Silence behind the greeting: where nothing spoke of a message, a person waits for us."""
        return self._speak() if self._sure else ToPerson(another=True, said=self._said)

    def limit(self) -> Move | None:
        """A greeting without an end."""
        return None if self._begun else ToEnd(EndReason.VOICEMAIL)

    def _await_silence(self) -> None:
        self._session.outbox.start_timer(STEP, self._session.now_ms + SILENCE_MS)

    def _speak(self) -> Move | None:
        session = self._session
        if self._begun:
            return None
        if not self._message:
            return ToEnd(EndReason.VOICEMAIL)
        self._begun = True
        session.outbox.cancel_timer(STEP)
        introduction = unannounced(session.brief.introduction)  # a mailbox is not recorded by us
        for text in (introduction, self._message):
            line = session.mouth.say_line(text, session.now_ms, interruptible=False)
            self._saying |= {clause.speech_id: text == introduction for clause in line.clauses}
        return None

"""Whether the sound of the call is kept now: once that was announced to the person on the line, and never after an objection."""

from __future__ import annotations

from calls.conversation.disclosure import objects_to_recording
from calls.conversation.effects import DropRecording, Record, SaveLine
from calls.conversation.events import CalleeSaid, Event
from calls.conversation.introducing import Introduction
from calls.conversation.session import Session
from calls.conversation.spoken import SpokenLine
from calls.conversation.states import MACHINES, State
from context.marking import noop

#: Notes in the transcript, said in the language of whoever reads it.
BEGAN, STOPPED, GOES_ON = noop("Recording began."), noop("Recording stopped."), noop("Recording goes on.")
REFUSED = noop("They did not want to be recorded. Recording stopped, and nothing of it is kept.")
#: Whoever is there has not heard yet who calls.
_NOT_TOLD = frozenset({State.NEW, State.OPENING})
_NOT_KEPT = MACHINES | _NOT_TOLD | {State.INTRODUCING}


class Recording:
    """Decides when recording begins, stops and goes on.

    Whether the call may be recorded at all is in its brief (`calls.recording.allowed`). It follows the introduction: somebody new on the line is not
    recorded before they have heard it to its end, and what an introduction does not say counts as not announced.
    """

    def __init__(self, session: Session, introduction: Introduction) -> None:
        self._session, self._introduction = session, introduction
        self._on = self._begun = self._refused = self._to_answer = False
        self._again: SpokenLine | None = None  # announces it once more, in another language

    def announced_by(self, line: SpokenLine) -> None:
        """What was announced may not have been understood: nothing is kept until this line was heard to its end."""
        self._again = line

    def sees(self, event: Event) -> None:
        """Every event first. A person who does not want to be recorded is heeded whatever they said it over."""
        session = self._session
        if not (isinstance(event, CalleeSaid) and session.brief.recorded) or self._refused or session.state in MACHINES:
            return
        if objects_to_recording(event.text):
            session.recorded, self._refused = False, True
            self._to_answer = session.state not in _NOT_TOLD | {State.ENDED}

    def answer_objection(self) -> None:
        """They hear that it was stopped, before anything else is said."""
        if not self._to_answer:
            return
        self._to_answer = False
        session = self._session
        line = session.mouth.say_line(session.wording.not_recorded, session.now_ms, interruptible=False, cached=False)
        session.history.floyd_says(line)
        session.history.note({"recording": "they did not want it; it has stopped, and they were told", "do": "go on with the call"})

    def settle(self) -> None:
        """After every event."""
        session = self._session
        if self._refused:
            if self._on or self._begun:
                self._on = self._begun = False
                session.outbox.add(DropRecording())
                self._note(REFUSED)
            return
        wanted = session.recorded and self._introduction.announced and session.state not in _NOT_KEPT and self._understood
        if wanted is not self._on and session.state is not State.ENDED:
            self._on = wanted
            session.outbox.add(Record(wanted))
            self._note(STOPPED if not wanted else GOES_ON if self._begun else BEGAN)
            self._begun = True

    @property
    def _understood(self) -> bool:
        return self._again is None or all(clause.resolved and clause.heard == len(clause.text) for clause in self._again.clauses)

    def _note(self, text: str) -> None:
        session = self._session
        session.outbox.add(SaveLine(session.numbers.next(), "system", text, session.now_ms, session.now_ms))

"""The opening: wait for the callee's hello, say who calls and for whom, and only then anything else."""

from __future__ import annotations

from calls.conversation.closing import Closer
from calls.conversation.disclosure import announces
from calls.conversation.effects import EndReason, NoteDisclosure
from calls.conversation.session import Session
from calls.conversation.spoken import Clause, SpokenLine
from calls.conversation.states import State

#: How long we wait for a hello; how long for its end once it began; and the longest greeting we sit through.
HELLO_MS, PAUSE_IN_HELLO_MS, LONGEST_HELLO_MS = 1_200, 1_500, 8_000
#: The same for what sounds like a recording.
LONGEST_RECORDING_MS, PAUSE_IN_RECORDING_MS = 25_000, 3_500
MOST_TRIES = 3


class Introduction:
    """Says the introduction until it was heard to its end. It cannot be cut, and nothing is said before it.

    Attributes:
        answers_hello: the first words of the other side that come with it are the hello that it answers, whatever they are.
        announced: whoever is on the line has heard that the call is recorded.
    """

    answers_hello = True

    def __init__(self, session: Session, closer: Closer) -> None:
        self._session, self._closer = session, closer
        self._line: SpokenLine | None = None
        self._opened_ms = 0
        self._tries = 0
        self._longest_ms = LONGEST_HELLO_MS
        self._noted = False
        self._only_to_apologise = False
        self.begun_ms: int | None = None
        self.heard = self.announced = False

    def line_opened(self) -> None:
        """Gives the callee the first word."""
        session = self._session
        self._opened_ms = session.now_ms
        session.go(State.OPENING)
        session.outbox.start_timer("opening", session.now_ms + HELLO_MS)
        session.outbox.start_timer("max_call", session.now_ms + session.brief.max_call_ms)

    def callee_speaks(self) -> None:
        """The callee says hello: we wait for the end of it, within reason."""
        recording = self._longest_ms == LONGEST_RECORDING_MS
        self._wait(PAUSE_IN_RECORDING_MS if recording else PAUSE_IN_HELLO_MS)

    def _wait(self, pause_ms: int) -> None:
        at_ms = min(self._session.now_ms + pause_ms, self._opened_ms + self._longest_ms)
        self._session.outbox.start_timer("opening", max(at_ms, self._session.now_ms))

    def begin(self) -> None:
        """Says the introduction, and the opening line behind it."""
        session = self._session
        session.outbox.cancel_timer("opening")
        self.begun_ms = session.now_ms
        session.go(State.INTRODUCING)
        self._say()

    def then_apologise(self) -> None:
        """There is no call to be had, but whoever picked up gets a word: who called, and that there is trouble."""
        self._only_to_apologise = True

    def is_it(self, speech_id: str) -> bool:
        """Whether a clause is the introduction."""
        return self._line is not None and self._session.mouth.line_with(speech_id) is self._line

    def resolved(self, clause: Clause) -> None:
        """The introduction was heard, or not to its end: then it is said again."""
        if clause.heard == len(clause.text):
            self.announced = announces(clause.text)
            self.was_heard()
        else:
            self.failed(permanent=False)

    def was_heard(self) -> None:
        """The disclosure reached somebody (or their voicemail)."""
        self.heard = True
        if not self._noted:
            self._noted = True
            self._session.outbox.add(NoteDisclosure())
        if self._only_to_apologise:
            self._closer.close(EndReason.PROVIDER_FAILED)
        elif self._session.abroad:  # the opening line is in another language than they speak
            self.tell_language()

    def tell_language(self) -> None:
        """The model is told in which language it goes on, and does."""
        name = self._session.wording.name
        do = f"speak {name} from now on; your introduction was said in it, now say what you call about"
        self._session.history.note({"language": name, "do": do})
        self._session.speaks_up = True

    def anew(self) -> None:
        """Somebody else is on the line, or comes: to them nothing was said yet. They get the first word, and then the introduction."""
        session = self._session
        self._line, self._tries, self.begun_ms, self.heard, self.announced = None, 0, None, False, False
        self._opened_ms, self._longest_ms = session.now_ms, LONGEST_HELLO_MS
        session.go(State.OPENING)
        session.outbox.start_timer("opening", session.now_ms + HELLO_MS)

    def in_their_language(self) -> None:
        """It is said at once, to who could not understand it; behind the one that is being said, if any."""
        session = self._session
        session.mouth.stop(session.now_ms)
        self._line, self._tries, self.heard, self.announced = None, 0, False, False
        if session.state is State.INTRODUCING:
            self._say()
            return
        session.go(State.OPENING)
        self.begin()

    def recording_suspected(self) -> None:
        """The greeting sounds like a recording: more of it may come, and it may be long."""
        self._longest_ms = LONGEST_RECORDING_MS
        self._wait(PAUSE_IN_HELLO_MS)

    def failed(self, *, permanent: bool) -> None:
        """The introduction could not be said. Without it there is no call."""
        session = self._session
        if permanent or self._tries >= MOST_TRIES or session.state is State.CLOSING:
            self._closer.end(EndReason.PROVIDER_FAILED)
            return
        session.mouth.stop(session.now_ms)
        self._say()

    def _say(self) -> None:
        session = self._session
        self._tries += 1
        self._line = session.mouth.say_line(session.introduction, session.now_ms, interruptible=False)
        session.history.floyd_says(self._line)
        if session.brief.opening_line.strip() and not self._only_to_apologise and not session.abroad:
            session.say_fixed(session.brief.opening_line)

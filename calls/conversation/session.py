"""All that the parts of one conversation share: the brief, the parts themselves, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping

from calls.conversation.ahead import Ahead
from calls.conversation.brief import CallBrief
from calls.conversation.circles import Circles
from calls.conversation.disclosure import announced, unannounced
from calls.conversation.effects import SwitchLanguage
from calls.conversation.egress import Egress
from calls.conversation.history import History
from calls.conversation.mind import Mind
from calls.conversation.mouth import Mouth
from calls.conversation.other_machine import OtherMachine
from calls.conversation.outbox import Outbox
from calls.conversation.prompt import static_prefix
from calls.conversation.purse import Purse
from calls.conversation.questions import Questions
from calls.conversation.states import State, may_move
from calls.conversation.toolbox import Toolbox
from calls.conversation.transcript import LineNumbers, Utterances
from calls.conversation.wordings import wording_of


class Session:
    """The state of one conversation. `now_ms` is the time of the event being handled."""

    def __init__(self, brief: CallBrief, call_id: str) -> None:
        self.brief = brief
        self.outbox = Outbox()
        self.numbers = LineNumbers(brief.lines_before)
        self.callee = Utterances(self.outbox, self.numbers)
        self.user = Utterances(self.outbox, self.numbers, "user")
        self.mouth = Mouth(self.outbox, self.numbers)
        self.purse = Purse(brief)
        self.egress = Egress(brief, self.purse)
        self.questions = Questions(call_id, brief.callee_name)
        self.toolbox = Toolbox(brief, self.purse, self.questions, self.outbox)
        self.mind = Mind(self.outbox, self.toolbox.specs)
        self.ahead = Ahead(self.outbox, self.mind)
        self.history = History()
        self.circles = Circles()
        self.other_machine = OtherMachine(self.circles, self.history)
        self.prefix = static_prefix(brief)
        self.language, self.wording = brief.begins_in, wording_of(brief.begins_in)
        self.own_words: Mapping[str, str] = {}  # what the use case says by itself, in the language of the call
        self.now_ms = 0
        self.state = State.NEW
        self.unanswered: list[str] = []  # what the callee said and no reply was asked for yet
        self.news = False  # the user answered, and the model does not know yet
        self.whispered = False  # the user said something unasked, and no reply was asked for since
        self.speaks_up = False  # Floyd has something to say, though the callee did not speak
        self.quiet_until_ms = 0  # the callee asked us to wait, at most until then
        self.callee_speaking = False
        self.recorded = brief.recorded  # nobody has objected to it
        self.short = False  # the callee has little time

    def go(self, state: State) -> None:
        """Moves to a state.

        Raises:
            RuntimeError: the table has no such move, which is a defect here, never bad input.
        """
        if not may_move(self.state, state):
            raise RuntimeError(f"no move from {self.state} to {state}")
        self.state = state

    @property
    def abroad(self) -> bool:
        """Whether the call goes on in another language than that of its brief."""
        return self.language != self.brief.language

    @property
    def introduction(self) -> str:
        """The first words to a person, in the language of the call; they say that it is recorded, if it is."""
        text = self.plain_introduction
        if not self.recorded:
            return text
        return self.brief.introduction if self._in_first_language else announced(text, self.language)

    @property
    def plain_introduction(self) -> str:
        """The introduction to who is not recorded: a machine."""
        if self._in_first_language:
            return unannounced(self.brief.introduction)
        return self.wording.introduce(self.brief.user_name) if self.brief.use_case is None else self.wording.goes_on

    @property
    def goes_on(self) -> str:
        """To who wants this language: that an AI assistant speaks, and goes on in it."""
        return announced(self.wording.goes_on, self.language) if self.recorded else self.wording.goes_on

    @property
    def _in_first_language(self) -> bool:
        return not self.abroad if self.brief.use_case is None else self.language == self.brief.begins_in

    def switch(self, language: str) -> None:
        """Goes on in another language: what is heard, what is said, and how."""
        self.language, self.wording = language, wording_of(language)
        self.outbox.add(SwitchLanguage(language))

    def in_language(self, text: str) -> str | None:
        """A fixed text in the language of the call; None where nobody has written it in that."""
        return self.own_words.get(text) or self.wording.lines.get(text) or (None if self.abroad else text)

    def line(self, text: str) -> str:
        """A fixed text in the language of the call; as it is where nobody has written it in that."""
        return self.in_language(text) or text

    def say_fixed(self, text: str, *, interruptible: bool = True, remembered: bool = True) -> None:
        """Says a fixed line, in the language of the call; `remembered` when the model should know of it."""
        line = self.mouth.say_line(self.line(text), self.now_ms, interruptible=interruptible)
        if remembered:
            self.history.floyd_says(line)

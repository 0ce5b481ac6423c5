"""A phone menu: heard to its end, answered with keys or an option's own words, until somebody is there.

A known way (from the user, or learned in an earlier call) is gone without asking anybody. Else the model chooses. A menu that comes again gets "0",
then "representative", and then it is a dead end.
"""

from __future__ import annotations

from calls.conversation.effects import EndReason, Situation
from calls.conversation.events import CalleeStarted, Event, ReplyEnded, ReplyPieceArrived, SpeechStarted, ThinkingFailed, ToolAsked
from calls.conversation.session import Session
from calls.conversation.situations.announcements import Sort, greets, may_be_recorded, plain, sorts_of, sounds_like_a_person
from calls.conversation.situations.handler import LIMIT, STEP
from calls.conversation.situations.menu_choice import PATIENCE_MS, MenuChoice
from calls.conversation.situations.moves import Move, ToEnd, ToPerson, ToSituation
from calls.conversation.situations.options import Option, Step, leads_to_people, options_in, says_to_stay, steps_of
from calls.conversation.spoken import Clause
from calls.conversation.states import State

#: The silence that ends a menu: with options heard, and while it has named none yet.
PAUSE_MS, PAUSE_WITHOUT_OPTIONS_MS = 1_600, 5_000
#: The silence behind doubtful words that makes them a person's.
DOUBTFUL_MS = 1_200
#: A wait without words after the keys: the call goes through.
GOES_THROUGH_MS = 8_000
#: The longest time in menus; how often one may come again; and how many steps a way may have.
LONGEST_MS, MOST_REPEATS, MOST_STEPS = 120_000, 2, 8
REPRESENTATIVE = "Representative"
_NOT_UNDERSTOOD = ("not a valid", "invalid", "didn't get", "did not get", "did not understand", "didn't understand", "try again")


class PhoneMenu:
    """Finds a way through a phone menu."""

    situation, state = Situation.MENU, State.IN_MENU

    def __init__(self, session: Session) -> None:
        self._session = session
        self._choice = MenuChoice(session)
        self._hint = list(steps_of(session.brief.menu_hint))
        self._texts: list[str] = []
        self._options: list[Option] = []
        self._doubtful = ""  # what was said behind a step, and may be a person's words
        self._seen: list[frozenset[Option]] = []  # menus heard to their end
        self._repeats = 0
        self._answer_due = self._on_its_way = False  # a step was taken, and its answer did not begin; it did not reach the line yet
        self._step_id = ""
        self._old_words = False  # what was being said when the step was taken goes on
        self._limit_ms: int | None = None
        self.path: list[Step] = []

    def entered(self, *, another: bool) -> Move | None:
        """A menu speaks. The time in menus counts from the first one."""
        session = self._session
        self._forget()
        self._answer_due = self._on_its_way = self._old_words = False
        if self._limit_ms is None:
            self._limit_ms = session.now_ms + LONGEST_MS
        session.outbox.start_timer(LIMIT, max(self._limit_ms, session.now_ms))
        self._await_end()
        return None

    def pressed(self, keys: str) -> None:
        """The user pressed keys: a step like any other, in place of the one that was being chosen."""
        if keys:
            self._choice.stop()
            self._take(Step(keys=keys))

    @property
    def answered(self) -> bool:
        """Whether a step was taken and nothing but its answer was heard since."""
        return bool(self.path) and not self._texts

    def left(self) -> None:
        """Something else has the line."""
        self._choice.stop()

    def words(self, text: str, *, over: bool) -> Move | None:
        """More of the menu; or what a step led to."""
        if self._on_its_way or self._old_words:
            self._old_words = self._old_words and not over
            return None  # the menu does not stop for our keys
        self._answer_due = False
        sorts = sorts_of(text)
        if self._choice.awaited:
            if Sort.MENU not in sorts or not over:
                return None
            self._choice.stop()
            self._forget()
        if over and Sort.MENU not in sorts and self._somebody(text):
            return ToPerson(another=True, said=text)
        self._doubtful = text if over and self.path and not self._texts and Sort.MENU not in sorts else ""
        if over:
            self._texts.append(text)
            self._options += [option for option in options_in(text) if option not in self._options]
        self._await_end()
        if over and (step := self._hinted()) is not None:
            self._take(step)
            self._old_words = False
        return None

    def other(self, event: Event) -> Move | None:
        """Voice goes on; the model chooses."""
        match event:
            case SpeechStarted() if event.speech_id == self._step_id:
                self._on_its_way = False
            case CalleeStarted() if not self._choice.awaited and not self._answer_due:
                self._await_end()
            case ReplyPieceArrived() | ToolAsked() | ReplyEnded() | ThinkingFailed():
                chosen = self._choice.take(event)
                if chosen is not None:
                    return self._decide(chosen.step)
        return None

    def heard(self, clause: Clause) -> Move | None:
        """The keys were heard, or lost: what comes now is an answer, or the menu again."""
        if clause.speech_id == self._step_id:
            self._on_its_way = False
        return None

    def step(self) -> Move | None:
        """Silence: the menu is over, or a step led nowhere yet, or the model takes too long."""
        if self._choice.awaited:
            self._choice.stop()
            return self._decide(None)
        if self._answer_due:
            return ToSituation(Situation.HOLD)
        if self._doubtful:
            return ToPerson(another=True, said=self._doubtful)
        return self._menu_over()

    def limit(self) -> Move | None:
        """Menus and no end."""
        return ToEnd(EndReason.MENU_DEAD_END)

    def _somebody(self, text: str) -> bool:
        """Whether words that name no option are surely a person's. What else is said behind a step ("There is no outage in your area.") is doubtful:
        a person falls silent then, a menu goes on.
        """
        asked = bool(self.path) or bool(self._options)
        return asked and not may_be_recorded(text) and not sorts_of(text) - {Sort.WAIT} and (greets(text) or sounds_like_a_person(text))

    def _menu_over(self) -> Move | None:
        options = frozenset(self._options)
        again = self._repeats_itself(options)
        self._seen.append(options)
        if again:
            self._repeats += 1
            if self.path:
                self.path.pop()  # it did not lead on
            if self._repeats > MOST_REPEATS:
                return ToEnd(EndReason.MENU_DEAD_END)
            self._take(Step(keys="0") if self._repeats == 1 else Step(words=REPRESENTATIVE))
            return None
        if len(self.path) >= MOST_STEPS:
            return ToEnd(EndReason.MENU_DEAD_END)
        if (step := self._hinted(over=True)) is not None:
            self._take(step)
            return None
        self._choice.ask(" ".join(self._texts) or "(a phone menu)", tuple(self._options))
        self._session.outbox.start_timer(STEP, self._session.now_ms + PATIENCE_MS)
        return None

    def _repeats_itself(self, options: frozenset[Option]) -> bool:
        """Whether this menu, or most of it, was heard before; or it says that it did not understand."""
        said = plain(" ".join(self._texts))
        if self.path and any(words in said for words in _NOT_UNDERSTOOD):
            return True
        if not options:
            return frozenset() in self._seen
        return any(len(options & seen) * 2 > len(options) for seen in self._seen)

    def _hinted(self, *, over: bool = False) -> Step | None:
        """The next step of the known way: as soon as its option is named, else when the menu is over and names no other."""
        if not self._hint:
            return None
        step = self._hint[0]
        named = any((step.keys and option.keys == step.keys) or (step.words and plain(option.words) == plain(step.words)) for option in self._options)
        if named or (over and (not self._options or step.keys == "0")):
            return self._hint.pop(0)
        if over:
            self._hint.clear()  # the menu has changed
        return None

    def _decide(self, step: Step | None) -> Move | None:
        """The model's choice, or code's: what promises a person, staying on the line if that is offered, and else "0"."""
        if step is None:
            people = next((option for option in self._options if leads_to_people(option) and (option.keys or option.words)), None)
            if people is not None:
                step = Step(keys=people.keys, words=people.words)
            elif says_to_stay(" ".join(self._texts)):
                return ToSituation(Situation.HOLD)
        self._take(step or Step(keys="0"))
        return None

    def _take(self, step: Step) -> None:
        session = self._session
        self.path.append(step)
        session.mouth.stop(session.now_ms)
        if step.words:
            clauses = session.mouth.say_line(step.words, session.now_ms, cached=False).clauses
        else:
            clauses = [session.mouth.press(step.keys, session.now_ms)]
        self._step_id = clauses[0].speech_id if clauses else ""
        self._forget()
        self._answer_due, self._on_its_way, self._old_words = True, bool(clauses), session.callee.open
        session.outbox.start_timer(STEP, session.now_ms + GOES_THROUGH_MS)

    def _forget(self) -> None:
        self._texts, self._options, self._doubtful = [], [], ""

    def _await_end(self) -> None:
        pause_ms = DOUBTFUL_MS if self._doubtful else PAUSE_MS if self._options else PAUSE_WITHOUT_OPTIONS_MS
        self._session.outbox.start_timer(STEP, self._session.now_ms + pause_ms)

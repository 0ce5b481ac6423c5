"""A caller's PIN, spoken: it is taken out of what they say before anybody reads or keeps their words. Code checks it; the model never sees it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

from calls.conversation.events import CalleePaused, CalleeSaid, CalleeSaying, Event
from calls.conversation.hearing import LEAST_CONFIDENCE
from calls.conversation.reception.digits import LEAST_DIGITS, MOST_DIGITS, Run, runs_in, words_besides
from calls.conversation.reception.errands import Errand
from calls.conversation.reception.held_back import HIDDEN, UNTOLD, HeldBack, cut, may_be
from calls.conversation.reception.numbers_said import is_named, is_plainly_other
from calls.conversation.reception.use_case import AnsweringUseCase
from calls.conversation.transcript import clean

#: Asked for a PIN, a caller may say so much else before they give it.
MOST_ELSE = 3
#: An utterance with more words beside the digits than these tells something else, too; in a shorter one they may be digits that were misheard.
MOST_WORDS_BESIDES = 2
#: Before a PIN, in its clause, so many words may stand that tell something: "I live at 4217" has more.
MOST_WORDS_BEFORE = 1
#: Said by who looks for their PIN; they tell nothing.
_HEDGES = re.compile(
    r"\b(?:let me (?:see|think|check|look)|i (?:think|believe|guess|mean|said)|you know|again|secret (?:number|code)"
    r"|(?:should|must|would|might) be|hold on|(?:one|just a) (?:second|moment)"
    r"|ich (?:glaube|denke|meine)|müsste|sollte|einen moment|warten sie|je (?:crois|pense)(?: que)?|attendez|devrait être|un (?:moment|instant)"
    r"|creo que|me parece que|espere|debería ser)\b",
    re.I,
)
_CLAUSE_ENDS = re.compile(r"[.,;:!?](?=\s)")
#: So few digits that they are no PIN are part of one when hardly anything else is said with them.
MOST_WORDS_BESIDES_A_PART = 1
#: How long further digits are waited for: when the PIN cannot have more, when it may be whole, and when it cannot be.
FULL_WITHIN_MS, MORE_WITHIN_MS, REST_WITHIN_MS = 200, 1_000, 4_000
_PIN_NAMED = re.compile(r"\bp\.? ?i\.? ?n\b|\bpins?\b|\bgeheim(?:zahl|nummer)\b|\bcode (?:secret|confidentiel)\b|\bclave\b", re.I)


@dataclass(frozen=True, slots=True)
class _Heard:
    """Words without a PIN; `digits` are to be tried, alone or with what comes."""

    text: str
    digits: str = ""


class PinEar:
    """Listens for a PIN while a use case has the call that takes one: a tool with a `secret`."""

    def __init__(self) -> None:
        self._tool = self._argument = ""
        self._expected = self._given = False
        self._left = 0  # utterances for which a PIN that was asked for is waited for
        self._digits = ""
        self._held = HeldBack()

    def serve(self, use_case: AnsweringUseCase) -> None:
        """From here on this use case has the call."""
        tool = next((tool for tool in use_case.tools if tool.secret), None)
        self._tool, self._argument = (tool.name, tool.secret) if tool is not None else ("", "")
        self._expected, self._left, self._digits = use_case.expects_pin, 0, ""
        self._held.clear()

    @property
    def collecting(self) -> bool:
        """Whether digits were heard that are to be tried."""
        return bool(self._digits)

    @property
    def patience_ms(self) -> int:
        """How long further digits are waited for."""
        if len(self._digits) >= MOST_DIGITS:
            return FULL_WITHIN_MS
        return MORE_WITHIN_MS if len(self._digits) >= LEAST_DIGITS else REST_WITHIN_MS

    def forget(self) -> None:
        """The digits that were heard are not tried: the caller wants something else."""
        self._digits = ""

    def floyd_says(self, text: str) -> None:
        """Floyd's words: who speaks of a PIN asks for it."""
        if self._tool and not self._given and _PIN_NAMED.search(text):
            self._left = MOST_ELSE

    def key_collects(self, tool: str) -> None:
        """Digits are being keyed for this tool: they may be spoken as well."""
        if self._tool and tool == self._tool:
            self._left = MOST_ELSE

    def finished(self, errand: Errand, *, ok: bool) -> list[str]:
        """A tool is done: the PIN's, well, and no more is waited for. Then what was said before is returned, as far as it is not the PIN."""
        if errand.name != self._tool:
            return []
        if not errand.tool_id:  # keyed ones, too; what a model makes up is nobody's
            self._held.given(json.loads(errand.arguments)[self._argument])
        if not ok:
            return []
        self._given, self._left = True, 0
        return self._held.recall()

    def take(self, event: Event) -> Event:
        """The event without a PIN in it. An utterance that may hold one is not thought about ahead."""
        if not self._tool or not isinstance(event, CalleeSaying | CalleePaused | CalleeSaid):
            return event
        said = clean(event.text)
        heard = self._without(said, final=isinstance(event, CalleeSaid))
        if isinstance(event, CalleeSaid):
            self._heard(heard, said=said, understood=event.confidence >= LEAST_CONFIDENCE)
        if heard.text == said:
            return event
        return CalleeSaying(heard.text, event.start_ms) if isinstance(event, CalleePaused) else replace(event, text=heard.text)

    def errand(self) -> Errand | None:
        """The PIN as it was said, to be tried; None when that is no whole one. It is not kept here any longer."""
        digits, self._digits = self._digits, ""
        self._held.given(digits)
        if not LEAST_DIGITS <= len(digits) <= MOST_DIGITS:
            return None
        return Errand("", self._tool, json.dumps({self._argument: digits}))

    def _heard(self, heard: _Heard, *, said: str, understood: bool) -> None:
        """An utterance is over."""
        hidden = heard.text != said
        if hidden and understood and not self._given:
            self._digits += heard.digits
            if heard.text != HIDDEN:
                self._held.keep(said, heard.text)
        elif not hidden and self._left:
            self._left -= 1

    def _without(self, text: str, *, final: bool) -> _Heard:
        """The words without a PIN. Where one was asked for, all digits are taken for it that may be one."""
        runs = [run for run in runs_in(text) if not is_plainly_other(text, run, final=final)]
        named, besides = _PIN_NAMED.search(text), words_besides(text, runs)
        unnamed = [run for run in runs if not is_named(text, run, prices=named is None and besides > MOST_WORDS_BESIDES)]
        whole, waits = _whole(unnamed), bool(self._left or self._digits)
        if named is not None and whole:  # the caller says which is the PIN: "my order 4711, and my PIN is 2580"
            like_it = {run.digits for run in whole}
            hidden = [run for run in runs if may_be(run, like_it) or (run in unnamed and not self._given)]
        elif runs and (waits or (self._expected and not self._given and (_whole(runs) or not final) and not besides)):
            hidden = runs
        elif runs and named is not None and (_whole(runs) or runs[-1].end == len(text.rstrip(" .,!?"))):
            hidden = [run for run in runs if run.start > named.start()] or runs
        else:
            return _Heard(text)
        parts = "".join(run.digits for run in unnamed) if besides <= MOST_WORDS_BESIDES_A_PART else ""
        # Such a number may be the PIN all the same: it stands nowhere, and costs no try.
        tells = named is None and bool(whole) and _words_before(text, whole[-1]) > MOST_WORDS_BEFORE
        digits = whole[-1].digits if whole and not tells else parts
        if unnamed == runs and besides <= (MOST_WORDS_BESIDES if waits else 0):
            return _Heard(HIDDEN, digits)
        tried = [] if tells else [*whole, *(unnamed if parts else ())]
        marks = [(run, HIDDEN if run in tried else UNTOLD) for run in hidden]
        return _Heard(cut(text, marks), digits)


def _words_before(text: str, run: Run) -> int:
    """How many words that tell something stand before a number, in its clause."""
    before = text[: run.start]
    begins = max((match.end() for match in _CLAUSE_ENDS.finditer(before)), default=0)
    return words_besides(_HEDGES.sub(" ", before[begins:]), [])


def _whole(runs: list[Run]) -> list[Run]:
    """Those that may be all of a PIN."""
    return [run for run in runs if LEAST_DIGITS <= len(run.digits) <= MOST_DIGITS]

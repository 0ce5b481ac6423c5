"""A caller's PIN, spoken: it is taken out of what they say before anybody reads or keeps their words. Code checks it; the model never sees it."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from calls.conversation.events import CalleePaused, CalleeSaid, CalleeSaying, Event
from calls.conversation.hearing import LEAST_CONFIDENCE
from calls.conversation.reception.digits import LEAST_DIGITS, MOST_DIGITS, Run, runs_in, words_besides
from calls.conversation.reception.errands import Errand
from calls.conversation.reception.use_case import AnsweringUseCase
from calls.conversation.transcript import clean

#: Stands where the digits were.
HIDDEN = "(PIN)"
#: Asked for a PIN, a caller may say so much else before they give it.
MOST_ELSE = 3
#: An utterance with more words beside the digits than these tells something else, too.
MOST_WORDS_BESIDES = 8
#: So few digits that they are no PIN are part of one when hardly anything else is said with them.
MOST_WORDS_BESIDES_A_PART = 1
#: How long further digits are waited for: when the PIN cannot have more, when it may be whole, and when it cannot be.
FULL_WITHIN_MS, MORE_WITHIN_MS, REST_WITHIN_MS = 200, 1_000, 4_000
NOT_WHOLE = "I need four to eight digits. Please say all of your PIN once more, or key it."
_NAMED = re.compile(r"\bp\.? ?i\.? ?n\b|\bpins?\b", re.I)


class PinEar:
    """Listens for a PIN while a use case has the call that takes one: a tool with a `secret`."""

    def __init__(self) -> None:
        self._tool = self._argument = ""
        self._expected = self._given = False
        self._left = 0  # utterances for which a PIN that was asked for is waited for
        self._digits = ""

    def serve(self, use_case: AnsweringUseCase) -> None:
        """From here on this use case has the call."""
        tool = next((tool for tool in use_case.tools if tool.secret), None)
        self._tool, self._argument = (tool.name, tool.secret) if tool is not None else ("", "")
        self._expected, self._left, self._digits = use_case.expects_pin, 0, ""

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

    def floyd_says(self, text: str) -> None:
        """Floyd's words: who speaks of a PIN asks for it."""
        if self._tool and not self._given and _NAMED.search(text):
            self._left = MOST_ELSE

    def key_collects(self, tool: str) -> None:
        """Digits are being keyed for this tool: they may be spoken as well."""
        if self._tool and tool == self._tool:
            self._left = MOST_ELSE

    def finished(self, tool: str, *, ok: bool) -> None:
        """A tool is done: the PIN's, well, and no more is waited for."""
        if tool == self._tool and ok:
            self._given, self._left = True, 0

    def take(self, event: Event) -> Event:
        """The event without a PIN in it. An utterance that may hold one is not thought about ahead."""
        if not self._tool or not isinstance(event, CalleeSaying | CalleePaused | CalleeSaid):
            return event
        said = clean(event.text)
        text, digits = self._without(said, final=isinstance(event, CalleeSaid))
        if isinstance(event, CalleeSaid):
            self._heard(digits, hidden=text != said, understood=event.confidence >= LEAST_CONFIDENCE)
        if text == said:
            return event
        return CalleeSaying(text, event.start_ms) if isinstance(event, CalleePaused) else replace(event, text=text)

    def errand(self) -> Errand | None:
        """The PIN as it was said, to be tried; None when that is no whole one. It is not kept here any longer."""
        digits, self._digits = self._digits, ""
        if not LEAST_DIGITS <= len(digits) <= MOST_DIGITS:
            return None
        return Errand("", self._tool, json.dumps({self._argument: digits}))

    def _heard(self, digits: str, *, hidden: bool, understood: bool) -> None:
        """An utterance is over."""
        if hidden and understood and not self._given:
            self._digits += digits
        elif not hidden and self._left:
            self._left -= 1

    def _without(self, text: str, *, final: bool) -> tuple[str, str]:
        """The text without a PIN, and the digits to be tried. Where one was asked for, all digits are taken for it."""
        runs = runs_in(text)
        if not runs:
            return text, ""
        fitting = [run.digits for run in runs if LEAST_DIGITS <= len(run.digits) <= MOST_DIGITS]
        besides = words_besides(text, runs)
        if self._left or self._digits:
            hidden = HIDDEN if besides <= MOST_WORDS_BESIDES else _cut(text, runs)
        elif (named := _NAMED.search(text)) is not None and (fitting or runs[-1].end == len(text.rstrip(" .,!?"))):
            runs = [run for run in runs if run.start > named.start()] or runs
            hidden = _cut(text, runs)
        elif self._expected and not self._given and (fitting or not final) and not besides:
            hidden = HIDDEN
        else:
            return text, ""
        if fitting:
            return hidden, fitting[-1]
        return hidden, "".join(run.digits for run in runs) if besides <= MOST_WORDS_BESIDES_A_PART else ""


def _cut(text: str, runs: list[Run]) -> str:
    """The text with a mark in place of each run."""
    for run in reversed(runs):
        text = f"{text[: run.start]}{HIDDEN}{text[run.end :]}"
    return text

"""What a caller said before their PIN was known: kept from everybody until then, and told without what may have been the PIN.

Pure.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from calls.conversation.reception.digits import LEAST_DIGITS, Run, runs_in
from calls.conversation.reception.numbers_said import is_named

#: Stands where the digits of a PIN were.
HIDDEN = "(PIN)"
#: Stands where other digits were that may be told when the PIN is known.
UNTOLD = "(number)"
#: So many utterances are kept; who says more says it again.
MOST_HELD = 5


@dataclass(slots=True)
class HeldBack:
    """Utterances as they were said, with all digits that were given for a PIN. They stand here only, and not longer than they are needed."""

    _said: list[tuple[str, str]] = field(default_factory=list)
    _given: set[str] = field(default_factory=set)

    def keep(self, said: str, told: str) -> None:
        """Words that were told otherwise."""
        self._said = [*self._said, (said, told)][-MOST_HELD:]

    def given(self, digits: str) -> None:
        """Digits that were tried for a PIN: a wrong one is often nearly right, and never told either."""
        if digits:
            self._given.add(digits)

    def clear(self) -> None:
        """Nothing is kept any more."""
        self._said.clear()
        self._given.clear()

    def recall(self) -> list[str]:
        """The words, as the PIN is known now: all digits that are none of it. Those of which no more can be told than was are left out."""
        recalled = [(told, _without(said, self._given)) for said, told in self._said]
        self.clear()
        return [text for told, text in recalled if text.replace(UNTOLD, HIDDEN) != told.replace(UNTOLD, HIDDEN)]


def _without(said: str, given: Collection[str]) -> str:
    runs = runs_in(said)
    unexplained = "".join(run.digits for run in runs if not is_named(said, run, prices=True))
    pieces = _holds_any(unexplained, given)  # said digit by digit, with words between
    hidden = [run for run in runs if may_be(run, given) or (not is_named(said, run, prices=True) and (pieces or len(run.digits) >= LEAST_DIGITS))]
    return cut(said, [(run, HIDDEN) for run in hidden])


def may_be(run: Run, given: Collection[str]) -> bool:
    """Whether a number holds what was given for a PIN, or is a part of it. A single digit tells nothing."""
    return any(_holds_any(digits, given) or (len(digits) > 1 and any(digits in one for one in given)) for digits in (run.digits, run.sure))


def cut(text: str, marks: Collection[tuple[Run, str]]) -> str:
    """The text with a mark in place of each run."""
    for run, mark in sorted(marks, key=lambda marked: -marked[0].start):
        text = f"{text[: run.start]}{mark}{text[run.end :]}"
    return text


def _holds_any(digits: str, given: Collection[str]) -> bool:
    """Whether some of these stand in a row of digits."""
    return any(one in digits for one in given)

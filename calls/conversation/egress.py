"""The last check before Floyd's words become sound: nothing it does not know, no money it may not spend, whatever the model wrote.

It is a second line. The first is that the prompt holds shareable facts only. What may be said are the names, numbers, codes and dates of the brief,
of the user's answers and of the callee's own words, unless those were a guess (`support`); amounts up to the limit; and agreements only once
`agree_to` has passed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from calls.conversation.brief import CallBrief
from calls.conversation.claims import names_in
from calls.conversation.commitments import assents, commits, may_commit
from calls.conversation.promises import Promises
from calls.conversation.purse import AGREEING_KINDS, Purse
from calls.conversation.spelling import codes, dates, digit_runs, normal, spelled_runs, squeezed
from calls.conversation.support import Support
from context.money import AmountFound, find_amounts
from context.number_words import find_numbers

#: Dates this near to the call are worked out in talk ("Thursday the 26th"); a birthday far off is not.
NEAR_DAYS = 92
_TAIL_CHARS = 160
_ADDRESS = re.compile(r"\S+@\S+|\bwww\.\S+|https?:\S+|\b[\w-]+\s?(?:\.|\bdot\b)\s?(?:com|ca|org|net)\b", re.I)


class Verdict(StrEnum):
    """What becomes of a clause."""

    SAY = "say"
    HOLD = "hold"  # an agreement: said once agree_to has passed, dropped otherwise
    UNKNOWN_FACT = "unknown_fact"
    MONEY = "money"  # an amount that is neither allowed nor the callee's own
    PROMISE = "promise"  # one that neither the plan nor what was agreed allows


class Egress:
    """Knows what may be said in one call, and judges clause by clause. Pieces of a number spread over clauses count together."""

    def __init__(self, brief: CallBrief, purse: Purse) -> None:
        self._purse, self._kind = purse, brief.kind
        self._digits: list[str] = []
        self._whispered: set[str] = set()  # digits that only the user's unasked words hold
        self._squeezed: list[str] = []
        self._dates: set[tuple[int, int]] = set()
        self._callee_amounts: set[int] = set()
        self._open_offer: set[int] = set()
        self._tail = ""
        self._unread: list[str] = []  # what the callee said since it was last looked into
        self._promises = Promises(brief)
        today = _today(brief.today)
        self._support = Support(_people(brief), informs=brief.kind not in AGREEING_KINDS, today=today)
        for text in _known(brief):
            self._know(text)
            self._support.know(normal(text))
        if today is not None:
            self._dates |= {((today + timedelta(days=n)).month, (today + timedelta(days=n)).day) for n in range(-7, NEAR_DAYS)}
            self._digits += [str(today.year), str(today.year + 1)]
        for slot in brief.past:
            if slot.amount_minor is not None:
                self._callee_amounts.add(slot.amount_minor)
        self._callee_amounts |= {found.amount.minor for text in brief.dealings for found in find_amounts(text, brief.currency)}

    def callee_said(self, text: str) -> None:
        """The callee's own words may be said back to them; a price among them is an offer that a bare yes would accept.

        What they hold is found out later (`read`): the model is asked first.
        """
        self._unread.append(text)

    def read(self) -> None:
        """Looks into what the callee said. Done at the latest before anything else is learned or judged; earlier while there is time for it."""
        unread, self._unread = self._unread, []
        for text in unread:
            self._read(text)

    def _read(self, text: str) -> None:
        self._know(text)
        self._support.callee_said(normal(text))
        self._tail = ""
        amounts = {found.amount.minor for found in find_amounts(text, self._purse.currency)}
        numbers = [int(number.value * 100) for number in find_numbers(text) if number.value < 1_000_000]
        self._callee_amounts |= amounts | set(numbers) | {first + second // 100 for first, second in _pairs(numbers)}
        self._open_offer = amounts

    def user_said(self, text: str) -> None:
        """What the user answers may be said."""
        self.read()
        self._know(text)
        self._support.user_said(normal(text))
        self._promises.user_said(text)

    def user_whispered(self, text: str) -> None:
        """What the user says unasked may be passed on. It opens no purse: no amount in it counts, and no number excuses an agreement to a price."""
        self.read()
        before = len(self._digits)
        self._know(text)
        self._whispered |= set(self._digits[before:]) - set(self._digits[:before])
        self._support.user_said(normal(text))

    def said(self, text: str) -> None:
        """A clause that was let through; the next ones are judged together with it."""
        self.read()
        self._tail = f"{self._tail} {normal(text)}"[-_TAIL_CHARS:]

    def judge(self, clause: str) -> Verdict:
        """What becomes of a clause that is about to be said."""
        self.read()
        text = normal(clause)
        amounts = find_amounts(text, self._purse.currency)
        if any(not self._may_name(found) for found in amounts):
            return Verdict.HOLD if commits(text) else Verdict.MONEY
        if any(not self._may_spend(found) for found in amounts) and may_commit(text):
            return Verdict.HOLD
        if self._commits(text, amounts):
            return Verdict.HOLD
        if self._promises.forbids(text, agreed=bool(self._purse.agreed)):
            return Verdict.PROMISE
        invented = self._tells_unknown(text, amounts) or self._support.invents(text, self._tail)
        return Verdict.UNKNOWN_FACT if invented else Verdict.SAY

    def _may_name(self, found: AmountFound) -> bool:
        """Up to the limit anything; above it only what the callee named, quoted back."""
        return found.amount.minor in self._callee_amounts or self._may_spend(found)

    def _may_spend(self, found: AmountFound) -> bool:
        limit, minor = self._purse.limit_minor, found.amount.minor
        return minor == 0 or (limit is not None and minor <= limit and found.amount.currency == self._purse.currency)

    def _commits(self, text: str, amounts: list[AmountFound]) -> bool:
        """Whether the clause agrees to money that agree_to has not passed."""
        agreed = {slot.amount_minor for slot in self._purse.agreed if slot.amount_minor is not None}
        total = self._purse.agreed_minor
        settled = agreed | {total} if agreed else set()
        if commits(text):
            if amounts:
                return any(found.amount.minor not in settled for found in amounts)
            bare = [number.value * 100 for number in find_numbers(text)]
            about_money = self._kind == "buy" or bool(self._open_offer)
            if agreed:
                known = "".join(digits for digits in self._digits if not (about_money and digits in self._whispered))
                return any(value > total and str(int(value) // 100) not in known for value in bare)
            return about_money
        if assents(text):
            return bool(self._open_offer - settled)
        return False

    def _tells_unknown(self, text: str, amounts: list[AmountFound]) -> bool:
        """Whether the clause, together with what was just said, holds a number, code, spelling, date or address from nowhere."""
        hidden = text
        for found in amounts:
            hidden = hidden[: found.start] + "~" * (found.end - found.start) + hidden[found.end :]
        whole, new_from = f"{self._tail} {hidden}".lstrip(), len(f"{self._tail} ".lstrip())
        for run in digit_runs(whole):
            if run.end > new_from and len(run.signs) >= 3 and not any(run.signs in known for known in self._digits):
                return True
        for run in (*spelled_runs(whole), *codes(whole)):
            if run.end > new_from and not any(run.signs in known for known in (*self._squeezed, *self._digits)):
                return True
        if any(end > new_from and (month, day) not in self._dates for month, day, end in dates(whole)):
            return True
        return any(not any(squeezed(match[0]) in known for known in self._squeezed) for match in _ADDRESS.finditer(hidden))

    def _know(self, text: str) -> None:
        plain = normal(text)
        runs = [run.signs for run in digit_runs(plain, times=True)]
        figures = re.findall(r"\d+", plain)
        self._digits += [*runs, "".join(runs), *figures, "".join(figures)] if runs or figures else []
        spelled = [run.signs for run in spelled_runs(plain)]
        self._squeezed += [squeezed(plain), *spelled]
        self._digits += [run for run in spelled if any(sign.isdigit() for sign in run)]
        self._dates |= {(month, day) for month, day, _ in dates(plain)}


def _people(brief: CallBrief) -> frozenset[str]:
    """Names, in lower case, of the user and of those the facts and the goal tell about; not the callee's own."""
    texts = (brief.user_name, brief.goal, brief.opening_line, *(fact.statement for fact in (*brief.facts, *brief.answers)))
    found = {name for text in texts for name, _ in names_in(text, begins=False)}
    return frozenset(found - {name for name, _ in names_in(brief.callee_name, begins=False)})


def _known(brief: CallBrief) -> Iterator[str]:
    """All texts of the brief; each of them was fixed before the call or stems from the user."""
    yield from (brief.user_name, brief.callee_name, brief.goal, brief.introduction, brief.opening_line, brief.success, brief.today, brief.voicemail)
    yield from (fact.statement for fact in (*brief.facts, *brief.answers))
    yield from (*brief.steps, *brief.find_out, *brief.may_promise)
    yield from (f"{slot.item} {slot.when}" for slot in brief.past)
    yield from brief.dealings


def _today(text: str) -> date | None:
    """The day of the call, from words like "Saturday, 21 November 2026"."""
    year = re.search(r"\b(20\d\d)\b", text)
    found = dates(text)
    if year is None or not found:
        return None
    try:
        return date(int(year[1]), found[0][0], found[0][1])
    except ValueError:
        return None


def _pairs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Numbers side by side as prices are said: "five sixty" is 560.00 (or 5.60), "eighty-five fifty" 85.50."""
    for first, second in pairwise(numbers):
        yield first, second
        yield first * 100, second * 100

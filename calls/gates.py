"""What must be true before Floyd dials: pure functions from facts to a verdict. The model cannot overrule them.

`calls.gate_queries` gathers the facts. Every gate sees the intended number, also where `DIAL_ONLY` sends the call elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop as noop

from calls.allowance import Spending, minutes_for_a_call
from context import number_kind, opening_hours
from context.dates import clock_of, soon_in_words


class Decision(StrEnum):
    """What a gate says."""

    OK = "ok"
    LATER = "later"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """May Floyd dial? `why` is a sentence for the user; `until` is when to ask again (LATER only)."""

    decision: Decision
    why: str = ""
    until: datetime | None = None


OK = Verdict(Decision.OK)


def later(until: datetime, why: str) -> Verdict:
    """Not now."""
    return Verdict(Decision.LATER, why, until)


def refused(why: str) -> Verdict:
    """Not at all."""
    return Verdict(Decision.REFUSED, why)


@dataclass(frozen=True, slots=True)
class Callee:
    """Whom the call is for. Empty time zone and hours: unknown; `closed_until` is an exception from the hours, such as a holiday."""

    number: str
    do_not_call: bool = False
    suppressed: bool = False
    time_zone: str = ""
    hours: dict[str, Any] = field(default_factory=dict)
    closed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What the site allows. `calling_hours` are whole local hours, from and to."""

    countries: frozenset[str]
    calling_hours: tuple[int, int]
    has_line: bool = True
    own_number: str = ""
    dial_only: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """What the user's calls of today (their own day) came to, and their caps.

    `minutes` are those of calls that are over and the most that calls still on may take. `wanted_minutes`: the most that this call would take.
    """

    calls: int
    max_calls: int
    minutes: int
    max_minutes: int
    wanted_minutes: int = 1
    spending: Spending = field(default_factory=Spending)

    @property
    def minutes_left(self) -> int:
        """Minutes of calls that the day still has."""
        return max(0, self.max_minutes - self.minutes)


@dataclass(frozen=True, slots=True)
class Others:
    """What else is going on for this user."""

    call_open_for_request: bool = False
    call_open_for_number: bool = False
    same_ask_under_way: bool = False


@dataclass(frozen=True, slots=True)
class Dial:
    """All facts about one dial that is about to happen. Times are aware; `put_off_until`: what was said before about this number, or by the user."""

    callee: Callee
    rules: Rules
    usage: Usage
    others: Others
    user_time_zone: str
    now: datetime
    put_off_until: datetime | None = None


def check(dial: Dial) -> Verdict:
    """The verdict of all gates: the first refusal; else the postponement that lasts longest; else OK."""
    verdicts = [gate(dial) for gate in GATES]
    for verdict in verdicts:
        if verdict.decision is Decision.REFUSED:
            return verdict
    postponed = [(verdict.until, verdict.why) for verdict in verdicts if verdict.until is not None]
    return later(*max(postponed)) if postponed else OK


def line_gate(dial: Dial) -> Verdict:
    """There is a telephone account to call from."""
    return OK if dial.rules.has_line else refused(noop("Floyd has no telephone line yet. Set up the Twilio account, then try again."))


def number_gate(dial: Dial) -> Verdict:
    """The number is a lawful, ordinary one in an allowed country."""
    trouble = number_kind.trouble(dial.callee.number, dial.rules.countries)
    return refused(trouble) if trouble else OK


def dial_only_gate(dial: Dial) -> Verdict:
    """The developer's phone, where one stands for every callee, is an ordinary number too."""
    if not dial.rules.dial_only:
        return OK
    trouble = number_kind.trouble(dial.rules.dial_only, dial.rules.countries)
    return refused(f"DIAL_ONLY cannot be dialled: {trouble}") if trouble else OK


def own_number_gate(dial: Dial) -> Verdict:
    """Floyd does not call itself."""
    return refused(noop("That is Floyd's own number.")) if dial.callee.number == dial.rules.own_number else OK


def consent_gate(dial: Dial) -> Verdict:
    """Nobody is called who does not want to be."""
    if dial.callee.suppressed:
        return refused(noop("This number is on the list of numbers that Floyd never calls."))
    return refused(noop("This contact is marked “do not call”.")) if dial.callee.do_not_call else OK


def same_ask_gate(dial: Dial) -> Verdict:
    """The same wish sent twice (a page loaded again, an impatient second tap) makes one call."""
    if not dial.others.same_ask_under_way:
        return OK
    return refused(noop("You asked the same while an earlier request was under way, so there is only one call: see the earlier one."))


def one_call_gate(dial: Dial) -> Verdict:
    """One call at a time for a request, and for a number."""
    if dial.others.call_open_for_request or dial.others.call_open_for_number:
        return later(dial.now + timedelta(seconds=30), noop("There is already a call to this number; this one waits for its end."))
    return OK


def calls_cap_gate(dial: Dial) -> Verdict:
    """The day's number of calls."""
    usage = dial.usage
    if usage.max_calls == 0:
        return refused(noop("Calling is switched off for this account."))
    if usage.calls < usage.max_calls:
        return OK
    return later(_tomorrow(dial), noop("That would be more than %(max_calls)s calls today. Floyd goes on tomorrow.") % {"max_calls": usage.max_calls})


def minutes_cap_gate(dial: Dial) -> Verdict:
    """The day's minutes."""
    usage = dial.usage
    if usage.max_minutes == 0:
        return refused(noop("Calling is switched off for this account."))
    if minutes_for_a_call(usage.wanted_minutes, minutes_left=usage.minutes_left, spending=Spending()):
        return OK
    if not usage.minutes:
        return refused(
            noop("Calls are limited to %(max_minutes)s minutes a day, which is too short for one. See “money and limits” in your settings.")
            % {"max_minutes": usage.max_minutes}
        )
    left = noop("only %(minutes)s are left") % {"minutes": usage.minutes_left} if usage.minutes_left else noop("they are used up")
    why = noop("Calls are limited to %(max_minutes)s minutes a day, and %(left)s. Floyd goes on tomorrow.")
    return later(_tomorrow(dial), why % {"max_minutes": usage.max_minutes, "left": left})


def spending_cap_gate(dial: Dial) -> Verdict:
    """The day's money: what one more call may cost at most must fit."""
    usage, spending = dial.usage, dial.usage.spending
    if spending.max_micros == 0:
        return refused(noop("Calling is switched off for this account."))
    if minutes_for_a_call(usage.wanted_minutes, minutes_left=usage.wanted_minutes, spending=spending):
        return OK
    if spending.never_enough:
        return refused(noop("The day's limit for what calls may cost is lower than what one may come to. See “money and limits” in your settings."))
    return later(_tomorrow(dial), noop("One more call could cost more than your limit for today. Floyd goes on tomorrow."))


def hours_gate(dial: Dial) -> Verdict:
    """It is a calling hour where the callee is, and they are open as far as known."""
    rules, callee = dial.rules, dial.callee
    zones = opening_hours.zones(callee.number, callee.time_zone, dial.user_time_zone)
    start = max(dial.now, callee.closed_until or dial.now)
    due = opening_hours.next_time(start, zones, rules.calling_hours, callee.hours)
    if due == dial.now:
        return OK
    if due is None:
        return refused(noop("Their opening hours never fall into the hours in which Floyd may call."))
    there, then = dial.now.astimezone(zones[0]), due.astimezone(zones[0])
    return later(
        due,
        noop("It is %(day)s %(clock)s there. Floyd will call on %(then)s at %(hour)s, their time.")
        % {"day": f"{there:%A}", "clock": clock_of(there), "then": f"{then:%A}", "hour": clock_of(then)},
    )


def put_off_gate(dial: Dial) -> Verdict:
    """A pause after a busy line, or the user's "not today", outlasts a change of the ask or of the plan."""
    if dial.put_off_until is None or dial.put_off_until <= dial.now:
        return OK
    then = soon_in_words(dial.put_off_until, dial.user_time_zone, dial.now)
    return later(dial.put_off_until, noop("The call stays put off. Next try %(then)s.") % {"then": then})


def _tomorrow(dial: Dial) -> datetime:
    zone = opening_hours.zone(dial.user_time_zone) or ZoneInfo("UTC")
    midnight = dial.now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight + timedelta(days=1)).astimezone(dial.now.tzinfo)


GATES: tuple[Callable[[Dial], Verdict], ...] = (
    line_gate,
    number_gate,
    dial_only_gate,
    own_number_gate,
    consent_gate,
    same_ask_gate,
    one_call_gate,
    calls_cap_gate,
    minutes_cap_gate,
    spending_cap_gate,
    hours_gate,
    put_off_gate,
)

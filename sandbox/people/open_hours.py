"""What whoever is listed says when they are asked for their hours: everybody knows those of the place where they work."""

from __future__ import annotations

import re

from sandbox.people.acts import Say
from sandbox.people.listing import DAYS, MINUTES_A_DAY, Listing, Span
from sandbox.people.spec import Rule
from sandbox.words import clock_words

_ASKED = re.compile(
    r"\b(?:(?:opening|business|office|store) hours|what (?:are )?(?:your|their) hours"
    r"|(?:when|what time|how late|how long|until when)(?: (?:are|do|will))? (?:you|they)(?: are| do| will)?(?: be)? (?:open|opened|close|closed))\b"
)
_BYE = re.compile(r"\b(?:goodbye|good bye|bye)\b")
_WEEK = (*DAYS[1:], DAYS[0])
_NAMES = dict(zip(_WEEK, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True))
_NOON, _HALF_A_DAY = 12 * 60, 12
#: Their note of it.
_TOLD = "told their hours"


def rules_of(listing: Listing | None) -> tuple[Rule, ...]:
    """Their answer to that question, and to the goodbye behind it; none for who is not listed, or without hours."""
    if listing is None or not listing.hours or not any(listing.hours.values()):
        return ()
    said = "We are always open." if listing.always_open else f"We are open {_week(dict(listing.hours))}."
    bye = Rule(hear=(_BYE,), needs=(_TOLD,), say=(Say("You're welcome, goodbye."),), hang_up=True)
    return (bye, Rule(hear=(_ASKED,), say=(Say(said),), note=(_TOLD,)))


def _week(hours: dict[str, tuple[Span, ...]]) -> str:
    """E.g. "Monday to Friday from eight to six, and Saturday from nine to noon"."""
    groups: list[tuple[list[str], tuple[Span, ...]]] = []
    for place, day in enumerate(_WEEK):
        spans = hours.get(day, ())
        if spans and groups and groups[-1][1] == spans and groups[-1][0][-1] == _WEEK[place - 1]:
            groups[-1][0].append(day)
        elif spans:
            groups.append(([day], spans))
    told = [f"{_days(days)} {' and '.join(map(_span, spans))}" for days, spans in groups]
    return ", and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


def _days(days: list[str]) -> str:
    if len(days) == len(_WEEK):
        return "every day"
    return _NAMES[days[0]] if len(days) == 1 else f"{_NAMES[days[0]]} to {_NAMES[days[-1]]}"


def _span(span: Span) -> str:
    return f"from {_clock(span[0])} to {_clock(span[1])}"


def _clock(minutes: int) -> str:
    if minutes == _NOON:
        return "noon"
    if minutes in (0, MINUTES_A_DAY):
        return "midnight"
    return clock_words(str((minutes // 60 - 1) % _HALF_A_DAY + 1), f"{minutes % 60:02d}")

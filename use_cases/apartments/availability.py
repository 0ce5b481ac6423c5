"""The answer to "can I see it then?", in a fixed order: what is missing, that very slot, other times of that day, other days, none. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from use_cases.apartments.slots import Booked, TourKind, TourRules, days_open, free_slots

#: How many times are offered: more is not remembered on the phone.
MOST_OFFERED = 3


class Finding(StrEnum):
    """What was found, in the order in which it is looked for."""

    MISSING = "missing"  # something has to be asked first
    FREE = "free"  # that very slot
    OTHER_TIMES = "other_times"  # of the same day
    OTHER_DAYS = "other_days"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a caller wants; None: they have not said."""

    day: date | None = None
    at: time | None = None
    kind: TourKind | None = None
    layout: str | None = None


@dataclass(frozen=True, slots=True)
class Availability:
    """The answer: `missing` names what to ask, in order; `slots` are those to offer."""

    finding: Finding
    missing: tuple[str, ...] = ()
    slots: tuple[datetime, ...] = ()


def check(asked: Asked, *, booked: Collection[Booked], rules: TourRules, now: datetime) -> Availability:
    """Looks for what was asked, or for the next best.

    A day without a time is answered with the times of that day.
    """
    missing = tuple(name for name, value in (("date", asked.day), ("tour type", asked.kind), ("layout", asked.layout)) if value is None)
    if missing or asked.day is None or asked.kind is None or asked.layout is None:
        return Availability(Finding.MISSING, missing=missing)
    layout, kind = asked.layout, asked.kind

    def free(day: date) -> list[datetime]:
        return free_slots(day, layout, kind, booked=booked, rules=rules, now=now)

    that_day = free(asked.day)
    exact = [slot for slot in that_day if slot.time() == asked.at]
    if exact:
        return Availability(Finding.FREE, slots=tuple(exact))
    if that_day:
        return Availability(Finding.OTHER_TIMES, slots=_nearest(that_day, asked.at))
    others = _other_days(asked.day, asked.at, days_open(rules, now), free)
    return Availability(Finding.OTHER_DAYS, slots=others) if others else Availability(Finding.NONE)


def _nearest(slots: list[datetime], at: time | None) -> tuple[datetime, ...]:
    """Those nearest to the time that was asked for, told in order; without one, some spread over the day."""
    if at is None:
        step = max(1, -(-len(slots) // MOST_OFFERED))
        return tuple(slots[::step][:MOST_OFFERED])
    wanted = at.hour * 60 + at.minute
    return tuple(sorted(sorted(slots, key=lambda slot: (abs(slot.hour * 60 + slot.minute - wanted), slot))[:MOST_OFFERED]))


def _other_days(wanted: date, at: time | None, days: list[date], free: Callable[[date], list[datetime]]) -> tuple[datetime, ...]:
    """One slot on each of the nearest other days, at the same time if that is free."""
    found: list[datetime] = []
    for day in sorted((day for day in days if day != wanted), key=lambda day: (abs((day - wanted).days), day)):
        slots = free(day)
        if slots:
            found.append(_nearest(slots, at)[0] if at is None else min(slots, key=lambda slot: _apart(slot, at)))
        if len(found) == MOST_OFFERED:
            break
    return tuple(sorted(found))


def _apart(slot: datetime, at: time) -> tuple[int, datetime]:
    return abs(slot.hour * 60 + slot.minute - at.hour * 60 - at.minute), slot

"""When an order can be ready: opening hours and what the kitchen needs. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from context.dates import soon_in_words, zone
from context.hours import hours_in_words
from context.opening_hours import next_time, open_at

ALL_DAY = (0, 24)
#: Ready times are told in steps, since nobody can bake to the minute.
STEP_MINUTES = 5
ITEMS_AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class Kitchen:
    """Opening hours (as everywhere in Floyd), and how long things take."""

    time_zone: str
    hours: dict[str, Any] = field(default_factory=dict)
    minutes: int = 20
    minutes_per_extra: int = 5
    delivery_minutes: int = 25
    days_ahead: int = 7

    def is_open(self, now: datetime) -> bool:
        """Whether it is open at that moment."""
        return open_at(now, "", self.time_zone, self.hours)

    def opens_next(self, now: datetime) -> datetime | None:
        """The next moment at which it is open: now, if it is; None within eight days."""
        return next_time(now, (zone(self.time_zone),), ALL_DAY, self.hours)

    def needs(self, count: int, *, delivery: bool) -> timedelta:
        """How long an order of so many things takes until the caller has it."""
        extra = max(0, -(-count // ITEMS_AT_ONCE) - 1) * self.minutes_per_extra
        return timedelta(minutes=self.minutes + extra + (self.delivery_minutes if delivery else 0))

    def hours_told(self) -> str:
        """The opening hours in words."""
        return hours_in_words(self.hours)


@dataclass(frozen=True, slots=True)
class Ready:
    """When the caller has the order. None: it cannot be had so; `why` says the reason, `earliest` a time that can be."""

    at: datetime | None = None
    why: str = ""
    earliest: datetime | None = None


def ready_at(kitchen: Kitchen, *, now: datetime, count: int, delivery: bool, wanted: datetime | None = None) -> Ready:
    """When an order placed now is there.

    As soon as possible means now, and only while the kitchen is open; a closed one says when the first order could be had.

    Args:
        now: aware.
        wanted: when the caller wants it; None: as soon as possible.
    """
    needs = kitchen.needs(count, delivery=delivery)
    soonest = _soonest(kitchen, now, needs)
    if wanted is None:
        if not kitchen.is_open(now):
            return Ready(why=_closed(kitchen, now), earliest=soonest)
        if soonest is None or soonest > _step(now + needs):
            return Ready(why="That is too close to closing time for today.", earliest=soonest)
        return Ready(at=soonest)
    if soonest is None or wanted < soonest:
        return Ready(why="That is too soon.", earliest=soonest)
    if wanted > now + timedelta(days=kitchen.days_ahead):
        return Ready(why=f"Orders are taken up to {kitchen.days_ahead} days ahead.", earliest=soonest)
    if not _works(kitchen, wanted, needs):
        return Ready(why="The kitchen is closed then.", earliest=_soonest(kitchen, wanted, needs))
    return Ready(at=wanted)


def at_clock(day: date, clock: time, kitchen: Kitchen) -> datetime:
    """That day and time where the kitchen is."""
    return datetime.combine(day, clock, tzinfo=zone(kitchen.time_zone))


def _soonest(kitchen: Kitchen, now: datetime, needs: timedelta) -> datetime | None:
    """The first moment at which an order begun at `now` or at a later opening is there."""
    begin = kitchen.opens_next(now)
    for _ in range(kitchen.days_ahead + 1):
        if begin is None:
            return None
        there = _step(begin + needs)
        if _works(kitchen, there, needs):
            return there
        begin = _next_opening(kitchen, begin)
    return None


def _works(kitchen: Kitchen, there: datetime, needs: timedelta) -> bool:
    """Whether the kitchen is open from beginning the order until it is there."""
    return kitchen.is_open(there - needs) and kitchen.is_open(there)


def _next_opening(kitchen: Kitchen, moment: datetime) -> datetime | None:
    """The opening after the one in which `moment` lies."""
    after = moment
    for _ in range(24 * 4):
        after += timedelta(minutes=15)
        if not kitchen.is_open(after):
            return kitchen.opens_next(after)
    return None


def _step(moment: datetime) -> datetime:
    """The moment, rounded up to the next step."""
    over = timedelta(minutes=moment.minute % STEP_MINUTES, seconds=moment.second, microseconds=moment.microsecond)
    return moment + (timedelta(minutes=STEP_MINUTES) - over if over else timedelta())


def _closed(kitchen: Kitchen, now: datetime) -> str:
    opens = kitchen.opens_next(now)
    return f"We are closed now and open {soon_in_words(opens, kitchen.time_zone, now)}." if opens else "We are closed for the coming days."

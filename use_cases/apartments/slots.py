"""Which times there are for tours, and which of them are free. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from context.dates import zone
from context.opening_hours import spans_on


class TourKind(StrEnum):
    """How a tour is made."""

    SELF_GUIDED = "self-guided"
    AGENT_LED = "agent-led"


@dataclass(frozen=True, slots=True)
class TourRules:
    """When tours take place.

    Attributes:
        hours: by kind, opening hours as everywhere in Floyd.
        minutes: length of a tour, and distance of the slots.
        notice_minutes: how long before it at the latest a tour is scheduled.
        days_ahead: how far ahead tours are scheduled, today included.
    """

    time_zone: str
    hours: dict[str, dict[str, Any]] = field(default_factory=dict)
    minutes: int = 30
    notice_minutes: int = 60
    days_ahead: int = 14


@dataclass(frozen=True, slots=True)
class Booked:
    """A tour that takes place: nobody else sees that apartment then, and a tour with the agent keeps the agent."""

    starts_at: datetime
    layout: str
    kind: TourKind


def days_open(rules: TourRules, now: datetime) -> list[date]:
    """The days for which tours are scheduled, from today on."""
    today = now.astimezone(zone(rules.time_zone)).date()
    return [today + timedelta(days=offset) for offset in range(rules.days_ahead)]


def free_slots(day: date, layout: str, kind: TourKind, *, booked: Collection[Booked], rules: TourRules, now: datetime) -> list[datetime]:
    """The times on that day, in order, at which a tour of that kind through that layout can still be scheduled.

    Args:
        now: aware; slots that begin sooner than the notice are gone.
    """
    if day not in days_open(rules, now):
        return []
    earliest = now + timedelta(minutes=rules.notice_minutes)
    taken = {one.starts_at for one in booked if one.layout == layout or (kind == one.kind == TourKind.AGENT_LED)}
    return [slot for slot in _slots(day, kind, rules) if slot >= earliest and slot not in taken]


def is_slot(moment: datetime, kind: TourKind, rules: TourRules) -> bool:
    """Whether tours of that kind begin at that moment. Others would overlap with tours beside them, which nothing could see."""
    return moment in _slots(moment.astimezone(zone(rules.time_zone)).date(), kind, rules)


def _slots(day: date, kind: TourKind, rules: TourRules) -> Iterator[datetime]:
    here = zone(rules.time_zone)
    for opens, closes in spans_on(rules.hours.get(kind, {}), day):
        for minute in range(opens, closes - rules.minutes + 1, rules.minutes):
            slot = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=here)
            # A clock that is put forward leaves an hour out: nobody can come then.
            if slot.astimezone(zone("UTC")).astimezone(here).time() == slot.time():
                yield slot

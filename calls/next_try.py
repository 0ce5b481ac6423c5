"""When a call that came to nothing is made again: never outside of calling and opening hours, never above the day's caps. Pure.

Times of day are those on the callee's clocks, also across a change of the clocks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from calls.gates import Dial, calls_cap_gate, hours_gate, minutes_cap_gate, spending_cap_gate
from context import opening_hours
from context.dates import start_of_day


class When(StrEnum):
    """A next try that depends on more than a number of minutes."""

    ANOTHER_TIME_OF_DAY = "another_time_of_day"
    OPENING = "opening"


#: Who was not there in the morning may be there in the afternoon, or after work.
TIMES_OF_DAY = (time(9, 30), time(13, 30), time(17, 30))
NOON, AFTER_WORK = 12, 17
#: Another time of day is not half an hour later.
LEAST_APART = timedelta(hours=2)
DAYS_AHEAD = 8
#: Whose opening hours nobody knows is called at this hour of the next day.
USUALLY_OPEN = time(9, 0)


def next_try(dial: Dial, wait: timedelta | When, tried: Collection[datetime]) -> datetime:
    """The moment of the next try, as far as can be known at `dial.now`; the gates look again when it has come.

    Args:
        tried: when they were called before.
    """
    if wait is When.ANOTHER_TIME_OF_DAY:
        return _another_time(dial, tried)
    if wait is When.OPENING:
        return _opening(dial)
    assert isinstance(wait, timedelta)
    return first_moment(dial, dial.now + wait)


def first_moment(dial: Dial, earliest: datetime) -> datetime:
    """The first moment from `earliest` on that the caps of today, calling hours and opening hours allow."""
    moment = earliest
    if start_of_day(dial.user_time_zone, earliest) == start_of_day(dial.user_time_zone, dial.now):
        capped = [verdict.until for gate in (calls_cap_gate, minutes_cap_gate, spending_cap_gate) if (verdict := gate(dial)).until]
        moment = max([earliest, *capped])
    return hours_gate(replace(dial, now=moment)).until or moment


def _another_time(dial: Dial, tried: Collection[datetime]) -> datetime:
    where = _where(dial)
    known = {_part(moment.astimezone(where)) for moment in tried}
    for moment in _times_ahead(dial.now, where):
        new = _part(moment) not in known or len(known) >= len(TIMES_OF_DAY)
        if new and moment >= dial.now + LEAST_APART and first_moment(dial, moment) == moment:
            return moment
    return first_moment(dial, dial.now + LEAST_APART)  # they are never there at another time of day


def _times_ahead(now: datetime, where: ZoneInfo) -> Iterator[datetime]:
    today = now.astimezone(where).date()
    for day in (today + timedelta(days=offset) for offset in range(DAYS_AHEAD)):
        for clock in TIMES_OF_DAY:
            yield datetime.combine(day, clock, where)


def _part(local: datetime) -> int:
    return 0 if local.hour < NOON else 1 if local.hour < AFTER_WORK else 2


def _opening(dial: Dial) -> datetime:
    """Their next opening. Who says that they are closed against the hours that are known opens on another day."""
    if (opens := hours_gate(dial).until) is not None:
        return first_moment(dial, opens)
    tomorrow = dial.now.astimezone(_where(dial)).date() + timedelta(days=1)
    earliest = datetime.combine(tomorrow, time() if dial.callee.hours else USUALLY_OPEN, _where(dial))
    return first_moment(dial, earliest)


def _where(dial: Dial) -> ZoneInfo:
    return opening_hours.zones(dial.callee.number, dial.callee.time_zone, dial.user_time_zone)[0]

"""When a callee may be called: calling hours where they are, and their opening hours as far as known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from phonenumbers import timezone

from context.dates import clock_in_words

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_A_DAY = 24 * 60
#: A number whose area spans more zones than this (a toll-free one, say) tells nothing about where its owner is.
TELLING_ZONES = 4

Span = tuple[int, int]  # opening and closing, in minutes since midnight; closing first means past midnight


def zone(name: str) -> ZoneInfo | None:
    """The time zone of that name, or None when there is none."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def zones(number: str, contact_zone: str, user_zone: str) -> tuple[ZoneInfo, ...]:
    """Where the callee may be: the contact's own zone, else those of the number's area, else the user's."""
    own = zone(contact_zone)
    if own:
        return (own,)
    try:
        names = timezone.time_zones_for_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        names = ()
    known = tuple(found for name in names if name != "Etc/Unknown" and (found := zone(name)))
    if known and len(known) <= TELLING_ZONES:
        return known
    return (zone(user_zone) or ZoneInfo("UTC"),)


def next_time(now: datetime, where: tuple[ZoneInfo, ...], calling_hours: tuple[int, int], hours: dict[str, Any]) -> datetime | None:
    """The first moment from `now` on at which the callee may be called: `now` itself, a later one, or None within eight days.

    Where several zones are possible it must be a calling hour in each; opening hours are read in the first.
    """

    def allowed(moment: datetime) -> bool:
        local = [moment.astimezone(each) for each in where]
        return all(_calling_hour(each.hour, calling_hours) for each in local) and _open(local[0], hours)

    if allowed(now):
        return now
    return min((moment for moment in _changes(now, where, calling_hours, hours) if moment > now and allowed(moment)), default=None)


def open_at(now: datetime, number: str, time_zone: str, hours: dict[str, Any]) -> bool:
    """Whether a business with these opening hours is open at `now`; where nothing is known of its hours, it is."""
    return _open(now.astimezone(zones(number, time_zone, "")[0]), hours)


def spans_on(hours: dict[str, Any], day: date) -> list[Span]:
    """Opening spans on that day; none when it is closed, or nothing is known."""
    return _spans(hours, day.weekday()) or []


def _calling_hour(hour: int, calling_hours: tuple[int, int]) -> bool:
    first, last = calling_hours
    return first <= hour < last if first < last else hour >= first or hour < last


def _changes(now: datetime, where: tuple[ZoneInfo, ...], calling_hours: tuple[int, int], hours: dict[str, Any]) -> Iterator[datetime]:
    """Every moment in the coming days at which something opens."""
    for each in where:
        today = now.astimezone(each).date()
        for day in (today + timedelta(days=offset) for offset in range(9)):
            openings = {0, calling_hours[0] * 60, *(span[0] for span in _spans(hours, day.weekday()) or ())}
            for minutes in openings:
                # Wall-clock arithmetic: 8:00 stays 8:00 on the day on which the clocks change.
                yield (datetime.combine(day, time(), each) + timedelta(minutes=minutes)).astimezone(now.tzinfo)


def _open(local: datetime, hours: dict[str, Any]) -> bool:
    minute, weekday = local.hour * 60 + local.minute, local.weekday()
    today, yesterday = _spans(hours, weekday), _spans(hours, (weekday - 1) % 7)
    if today is None:
        return True
    if any(opens <= minute < closes or (closes <= opens <= minute) for opens, closes in today):
        return True
    return any(closes <= opens and minute < closes for opens, closes in yesterday or ())


def _spans(hours: dict[str, Any], weekday: int) -> list[Span] | None:
    """Opening spans of a weekday; [] is closed; None is unknown (no hours known, or not readable)."""
    if not hours:
        return None
    value = hours.get(DAYS[weekday]) or []
    try:
        pairs = [value] if value and isinstance(value[0], str) else value
        return [(_minutes(opens), _minutes(closes)) for opens, closes in pairs]
    except (TypeError, ValueError, AttributeError):
        return None


def _minutes(clock: str) -> int:
    hour, minute = (int(part) for part in clock.split(":"))
    if not 0 <= hour * 60 + minute <= MINUTES_A_DAY:
        raise ValueError(clock)
    return hour * 60 + minute


def hours_on(moment: datetime, number: str, time_zone: str, hours: dict[str, Any]) -> str:
    """Opening hours on the day of `moment`, e.g. 8:00 am to 5:00 pm; empty when closed on that day, or unknown."""
    local = moment.astimezone(zones(number, time_zone, "")[0])
    spans = _spans(hours, local.weekday()) or ()
    return ", ".join("all day" if closes - opens == MINUTES_A_DAY else f"{_in_words(opens)} to {_in_words(closes)}" for opens, closes in spans)


def _in_words(minutes: int) -> str:
    return clock_in_words(*divmod(minutes, 60))

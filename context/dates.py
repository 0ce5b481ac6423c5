"""Dates and times in words, the way a person says them. Pure."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAYS_A_WEEK = 7
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def date_in_words(day: date) -> str:
    """E.g. "Saturday, 21 November 2026"."""
    return f"{WEEKDAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]} {day.year}"


def moment_in_words(moment: datetime, time_zone: str) -> str:
    """E.g. "Thursday, 26 November 2026 at 9:30 am", as clocks in `time_zone` show it. `moment` is aware."""
    local = moment.astimezone(zone(time_zone))
    return f"{date_in_words(local.date())} at {clock_of(local)}"


def clock_of(local: datetime) -> str:
    """What clocks show at a moment in the zone that it is given in, e.g. "9:30 am"."""
    return clock_in_words(local.hour, local.minute)


def clock_in_words(hour: int, minute: int = 0) -> str:
    """E.g. "9:30 am"; the end of the day (hour 24) is its midnight."""
    return f"{hour % 12 or 12}:{minute:02d} {'am' if hour % 24 < 12 else 'pm'}"


def appointment_in_words(starts_at: datetime, time_zone: str, *, all_day: bool) -> str:
    """As `moment_in_words`; what has days and no hours is "Thursday, 26 November 2026, all day"."""
    return f"{date_in_words(starts_at.astimezone(zone(time_zone)).date())}, all day" if all_day else moment_in_words(starts_at, time_zone)


def start_of_day(time_zone: str, now: datetime) -> datetime:
    """Midnight at the beginning of the day that it is in `time_zone`. `now` is aware."""
    return now.astimezone(zone(time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)


def soon_in_words(moment: datetime, time_zone: str, now: datetime) -> str:
    """E.g. "at 2:05 pm", "tomorrow at 8:00 am", "on Monday at 8:00 am" or "on 7 December at 8:00 am", as `time_zone` has it."""
    local, today = moment.astimezone(zone(time_zone)), now.astimezone(zone(time_zone)).date()
    days = (local.date() - today).days
    clock = f"at {clock_of(local)}"
    if days == 0:
        return clock
    if days == 1:
        return f"tomorrow {clock}"
    return f"on {WEEKDAYS[local.weekday()] if 1 < days < DAYS_A_WEEK else f'{local.day} {MONTHS[local.month - 1]}'} {clock}"


def zone(name: str) -> ZoneInfo:
    """The time zone of that name; UTC when there is none such (a hand-edited profile must not stop anything)."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")

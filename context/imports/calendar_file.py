"""Appointments from an iCalendar file (RFC 5545). What repeats is taken date by date for a year. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from context.imports.found import Found, UnreadableError, one_line
from context.marking import noop

AHEAD = timedelta(days=365)
MOST_OF_ONE = 400
#: Nobody has an appointment every minute.
TOO_OFTEN = {"SECONDLY", "MINUTELY", "HOURLY"}
BROKEN = noop("This calendar file is broken or not whole. Export it again from your calendar, then import it.")
REPEATS = noop("Repeating appointments were taken for the next %(days)s days. Import the file again then.") % {"days": AHEAD.days}


def read(text: str, found: Found, zone: ZoneInfo, now: datetime) -> None:
    """Adds the appointments of the file; times without a zone are the user's.

    Raises:
        UnreadableError: it is no calendar.
    """
    try:
        calendars = icalendar.Calendar.from_ical(text, multiple=True)
    except (ValueError, IndexError, KeyError) as error:
        raise UnreadableError(BROKEN) from error
    if not calendars:
        raise UnreadableError(BROKEN)
    number = 0
    for calendar in calendars:
        series: dict[str, list[Any]] = {}
        for event in calendar.walk("VEVENT"):
            number += 1
            if _sound(event, number, found):
                series.setdefault(str(event.get("UID", f"without-{number}")), []).append(event)
        for events in series.values():
            if any("RRULE" in event or "RDATE" in event for event in events):
                _take_repeating(calendar, events, found, zone, now)
            else:
                for event in events:
                    _take(event, found, zone)


def _sound(event: Any, number: int, found: Found) -> bool:
    """Whether an event can be used; else the reason is noted."""
    where = f"Appointment {number}"
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        found.leave_out(where, noop("it was cancelled"))
    elif not isinstance(getattr(event.get("DTSTART"), "dt", None), date):
        found.leave_out(where, noop("it has no beginning"))
    elif not str(event.get("SUMMARY", "")).strip():
        found.leave_out(where, noop("it has no title"))
    elif any(often in TOO_OFTEN for often in _frequencies(event)):
        found.leave_out(where, noop("it repeats more often than daily"))
    else:
        return True
    return False


def _frequencies(event: Any) -> list[str]:
    rules = event.get("RRULE", [])
    rules = rules if isinstance(rules, list) else [rules]
    return [str(frequency).upper() for rule in rules for frequency in rule.get("FREQ", [])]


def _take_repeating(calendar: Any, events: list[Any], found: Found, zone: ZoneInfo, now: datetime) -> None:
    alone = icalendar.Calendar()
    for component in (*calendar.walk("VTIMEZONE"), *events):
        alone.add_component(component)
    title = one_line(str(events[0].get("SUMMARY", "")), 60)
    try:
        dates = recurring_ical_events.of(alone).after(now - timedelta(days=1))
        for event in islice(dates, MOST_OF_ONE):
            if _moment(event["DTSTART"].dt, zone) > now + AHEAD:
                break
            _take(event, found, zone)
    except (ValueError, KeyError, TypeError, OverflowError, AttributeError):
        found.leave_out(f"“{title}”", noop("its repetition cannot be understood"))
        return
    if REPEATS not in found.notes:
        found.notes.append(REPEATS)


def _take(event: Any, found: Found, zone: ZoneInfo) -> None:
    begins = event["DTSTART"].dt
    ends = event["DTEND"].dt if "DTEND" in event else begins + event["DURATION"].dt if "DURATION" in event else None
    title = one_line(str(event["SUMMARY"]), 200)
    try:
        starts_at, ends_at = _moment(begins, zone), _moment(ends, zone) if ends is not None else None
    except (ValueError, OverflowError, TypeError):
        found.leave_out(f"“{title[:60]}”", noop("its time is none"))
        return
    if ends_at is not None and ends_at < starts_at:
        found.leave_out(f"“{title[:60]}”", noop("it ends before it starts"))
        return
    found.add(
        kind="entry",
        where=f"“{title[:60]}”",
        title=title,
        starts_at=starts_at.isoformat(),
        ends_at=ends_at.isoformat() if ends_at else None,
        all_day=not isinstance(begins, datetime),
        place=one_line(str(event.get("LOCATION", "")), 200),
    )


def _moment(value: date, zone: ZoneInfo) -> datetime:
    """A day begins at midnight where the user lives; a time without a zone is theirs."""
    moment = value if isinstance(value, datetime) else datetime.combine(value, time(), tzinfo=zone)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    if not 1900 < moment.year < 2200:
        raise ValueError(noop("no year of ours"))
    return moment

"""Appointments as iCalendar (RFC 5545): for downloads and for the feed that calendar programs subscribe to.

An appointment keeps its UID for ever, and its SEQUENCE grows with every change, so that programs move it and do not add a second one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar

from context.dates import zone
from context.models import CalendarEntry

PRODUCT = "-//Floyd//Calendar//EN"
#: An appointment without an end takes this long in a calendar.
USUAL_LENGTH = timedelta(hours=1)
REFRESH = timedelta(minutes=30)


def calendar(entries: Iterable[CalendarEntry], *, time_zone: str, name: str = "") -> bytes:
    """The appointments as one file, with the definition of the time zone that they are given in."""
    here = zone(time_zone)
    file = icalendar.Calendar()
    file.add("prodid", PRODUCT)
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    if name:
        file.add("x-wr-calname", name)
        file.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        file.add("x-published-ttl", REFRESH)
    for entry in entries:
        file.add_component(_event(entry, here))
    file.add_missing_timezones()
    text: bytes = file.to_ical()
    return text


def _event(entry: CalendarEntry, here: ZoneInfo) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{entry.uid}@floyd")
    event.add("sequence", entry.sequence)
    event.add("dtstamp", _whole(entry.updated_at).astimezone(UTC))
    event.add("last-modified", _whole(entry.updated_at).astimezone(UTC))
    starts_at = _whole(entry.starts_at).astimezone(here)
    ends_at = _whole(entry.ends_at or entry.starts_at + USUAL_LENGTH).astimezone(here)
    # What has no hours is given as days; the end is the first day that is free again (RFC 5545, 3.6.1).
    event.add("dtstart", starts_at.date() if entry.all_day else starts_at)
    event.add("dtend", max(ends_at.date(), starts_at.date() + timedelta(days=1)) if entry.all_day else ends_at)
    event.add("summary", entry.title)
    if entry.place:
        event.add("location", entry.place)
    if entry.contact is not None:
        about = ", ".join(part for part in (entry.contact.name, entry.contact.phone) if part)
        event.add("description", about)
    event.add("status", "CONFIRMED")
    return event


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)

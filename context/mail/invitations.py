"""The appointments of a calendar file that came by mail, within bounds. Pure.

Only the few properties that Floyd uses reach the library, and never a recurrence or the file's own definition of a time zone: those are
where a hostile calendar hides its work. What repeats is taken once, and says that it repeats.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar

MOST_EVENTS, MOST_LINES, LONGEST_LINE = 20, 5000, 2000
LONGEST_TITLE = 200
BEFORE, AFTER = timedelta(days=1), timedelta(days=730)
_KEPT = frozenset({"UID", "SUMMARY", "DTSTART", "DTEND", "DURATION", "LOCATION", "STATUS"})
_REPEATS = frozenset({"RRULE", "RDATE"})


@dataclass(frozen=True, slots=True)
class Appointment:
    """One appointment; times aware."""

    title: str
    starts_at: datetime
    ends_at: datetime | None
    place: str
    all_day: bool
    repeats: bool

    def as_json(self) -> dict[str, Any]:
        """As it is stored with its mail."""
        found = asdict(self)
        return {**found, "starts_at": self.starts_at.isoformat(), "ends_at": self.ends_at.isoformat() if self.ends_at else None}


def read_appointments(text: str, zone: ZoneInfo, now: datetime) -> list[Appointment]:
    """The appointments from yesterday to two years ahead, in the file's order.

    Args:
        zone: of times that name none, or one that nobody knows.
    """
    if re.search(r"^METHOD:(?:CANCEL|REFRESH)\b", text, re.M | re.I):
        return []
    found = [_read(lines, zone) for lines in _events(text)]
    return [one for one in found if one is not None and now - BEFORE <= one.starts_at <= now + AFTER]


def _events(text: str) -> list[list[str]]:
    """The kept lines of each VEVENT, unfolded (RFC 5545, 3.1)."""
    events: list[list[str]] = []
    inside = 0
    for line in re.sub(r"\r?\n[ \t]", "", text).splitlines()[:MOST_LINES]:
        name = re.split(r"[:;]", line, maxsplit=1)[0].strip().upper()
        if name == "BEGIN":
            is_event = line.strip().upper() == "BEGIN:VEVENT"
            if is_event and not inside:
                if len(events) == MOST_EVENTS:
                    break
                events.append([])
            inside += 1 if is_event or inside else 0
        elif name == "END":
            inside = max(0, inside - 1)
        elif inside == 1 and name in _KEPT | _REPEATS and len(line) <= LONGEST_LINE:
            events[-1].append("X-REPEATS:1" if name in _REPEATS else line)
    return events


def _read(lines: list[str], zone: ZoneInfo) -> Appointment | None:
    file = "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", ""])
    try:
        event = next(iter(icalendar.Calendar.from_ical(file).walk("VEVENT")))
        start = event.decoded("DTSTART")
        end = event.decoded("DTEND", None)
        if end is None and (length := event.decoded("DURATION", None)) is not None:
            end = start + length
        starts_at, ends_at = _aware(start, zone), _aware(end, zone) if end is not None else None
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, StopIteration):
        return None
    title, place = (re.sub(r"\s+", " ", str(event.get(name, ""))).strip()[:LONGEST_TITLE] for name in ("SUMMARY", "LOCATION"))
    if not title or str(event.get("STATUS", "")).upper() == "CANCELLED":
        return None
    if ends_at is not None and ends_at < starts_at:
        ends_at = None
    return Appointment(title, starts_at, ends_at, place, all_day=not isinstance(start, datetime), repeats="X-REPEATS" in event)


def _aware(moment: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(), tzinfo=zone)
    return moment.astimezone(zone) if moment.tzinfo is not None else moment.replace(tzinfo=zone)

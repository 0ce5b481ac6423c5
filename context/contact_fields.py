"""What is right for a contact: its number, its hours, its time zone."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext_noop as noop

from context.errors import KnowledgeError
from context.models import User
from context.phone import read_number

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")
NO_NUMBER = noop("This doesn't look like a phone number. Give it whole, with its area code, for example 519 555 0123.")
NO_HOURS = noop('Give opening hours by weekday, for example {"mon": ["08:00", "17:00"], "sat": []}; a day left out is closed, and {} means unknown.')
NO_ZONE = noop("This is no time zone. Give its name, for example America/Toronto, or nothing.")


def checked_contact(user: User, fields: dict[str, Any]) -> dict[str, Any]:
    """Fields of a contact as they are stored.

    Raises:
        KnowledgeError: one of them is wrong.
    """
    found = dict(fields)
    if phone := found.get("phone"):
        found["phone"] = read_number(phone, user.region)
        if found["phone"] is None:
            raise KnowledgeError(NO_NUMBER, field="phone")
    if "hours" in found and not are_hours(found["hours"]):
        raise KnowledgeError(NO_HOURS, field="hours")
    if (zone := found.get("time_zone")) and not is_zone(zone):
        raise KnowledgeError(NO_ZONE, field="time_zone")
    return found


def is_zone(name: str) -> bool:
    """Whether there is a time zone of that name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def are_hours(value: Any) -> bool:
    """Whether it is opening hours by weekday, in our form."""
    return isinstance(value, dict) and value.keys() <= set(DAYS) and all(_are_spans(spans) for spans in value.values())


def _are_spans(spans: Any) -> bool:
    """One span, or several."""
    if not isinstance(spans, list):
        return False
    pairs = [spans] if spans and isinstance(spans[0], str) else spans
    return len(pairs) < 10 and all(isinstance(pair, list) and len(pair) == 2 and all(_is_clock(clock) for clock in pair) for pair in pairs)


def _is_clock(clock: Any) -> bool:
    return isinstance(clock, str) and _CLOCK.fullmatch(clock) is not None

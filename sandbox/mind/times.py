"""Days and hours: what somebody offers, and when the user is not free."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from sandbox.words import number_value, spoken

_APPOINTMENT = re.compile(
    r"\b((?:(?:next )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|today|tonight)?[ ,]*at "
    r"(?:\d{1,2}(?::\d\d)?|[a-z]+(?: (?:thirty|fifteen|forty five))?)(?: ?o'?clock| ?[ap]\.?m\.?)?)",
    re.I,
)
#: The product spells a weekday out with its date.
_BUSY = re.compile(r"not free on (\w+day)\b[^.]*?\bat (\d+):")
#: What somebody's wish to move an appointment says about the day.
_DAY = re.compile(r"\b((?:mon|tues|wednes|thurs|fri|satur|sun)day)\b", re.I)
_HAS_TO_BE = re.compile(r"It has to be (?:on )?(\w+day)\b", re.I)
MOST_BUSY = 5


def time_in(text: str) -> str | None:
    """The day and hour that a text names, as it names them."""
    match = _APPOINTMENT.search(text)
    return match[1].strip(" ,") if match else None


def not_free(data: dict[str, Any]) -> str:
    """Sentences about the user's appointments of the next days, for what counts as a booking's success."""
    starts = [datetime.fromisoformat(entry["starts_at"]) for entry in data.get("calendar", []) if entry["starts_at"] >= data.get("now", "")]
    return "".join(f" The user is not free on {start:%A} at {start:%H:%M}." for start in sorted(starts)[:MOST_BUSY])


def has_to_be(wanted: str) -> str:
    """A sentence about the day that the user wants, for what counts as a change's success; empty when none was named."""
    day = _DAY.search(wanted)
    return f" It has to be on {day[1].capitalize()}." if day else ""


def clashes(text: str, success: str) -> bool:
    """Whether the time that a text offers is one at which the user is not free, or not on the day that they want."""
    said = spoken(time_in(text) or "")
    day, _, hour = said.partition(" at ")
    offered = (day.split(" ")[-1], number_value(hour.replace("o'clock", "").split()[:1]) if hour else None)
    wanted = _HAS_TO_BE.search(success)
    if wanted and offered[0] and offered[0] != wanted[1].lower():
        return True
    return any(offered == (busy[1].lower(), int(busy[2])) for busy in _BUSY.finditer(success))

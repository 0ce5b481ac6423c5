"""Opening hours as Places writes them: the regular week, and the next days with their exceptions.

Days are numbered from Sunday (0). One that never closes has a single period without an end, from Sunday midnight.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.people.listing import DAYS, MINUTES_A_DAY, Listing

#: All towns of the stand-in lie in it.
TIME_ZONE = "America/Toronto"
ZONE = ZoneInfo(TIME_ZONE)
DAYS_AHEAD = 7


def regular(listing: Listing) -> list[dict[str, Any]]:
    """Periods of an ordinary week."""
    if listing.always_open:
        return [{"open": {"day": 0, "hour": 0, "minute": 0}}]
    assert listing.hours is not None
    return [_period(day, span) for day, name in enumerate(DAYS) for span in listing.hours[name]]


def _period(day: int, span: tuple[int, int]) -> dict[str, Any]:
    opens, closes = span
    next_day = closes <= opens or closes == MINUTES_A_DAY
    return {"open": _point(day, opens), "close": _point((day + next_day) % 7, closes % MINUTES_A_DAY)}


def _point(day: int, minutes: int) -> dict[str, int]:
    return {"day": day, "hour": minutes // 60, "minute": minutes % 60}


def current(listing: Listing, now: datetime) -> dict[str, Any]:
    """Whether it is open at `now`, holidays counted, and when it opens or closes next."""
    spans = _spans(listing, now.astimezone(ZONE).date())
    closes = next((closes for opens, closes in spans if opens <= now < closes), None)
    if closes is not None or (listing.always_open and not listing.closed_today):
        return {"openNow": True, **({"nextCloseTime": _moment(closes)} if closes and not listing.always_open else {})}
    opens_next = next((opens for opens, _ in spans if opens > now), None)
    return {"openNow": False, **({"nextOpenTime": _moment(opens_next)} if opens_next else {})}


def _spans(listing: Listing, today: date) -> list[tuple[datetime, datetime]]:
    """What is open from yesterday (it may go on past midnight) to a week from now, as moments."""
    assert listing.hours is not None
    found = []
    for day in (today + timedelta(days=offset) for offset in range(-1, DAYS_AHEAD)):
        if listing.closed_today and day <= today:
            continue
        for opens, closes in listing.hours[DAYS[(day.weekday() + 1) % 7]]:
            length = closes - opens if closes > opens else closes - opens + MINUTES_A_DAY
            start = datetime.combine(day, time(), ZONE) + timedelta(minutes=opens)
            found.append((start.astimezone(UTC), (start + timedelta(minutes=length)).astimezone(UTC)))
    return found


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

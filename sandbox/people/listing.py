"""What the directory of businesses lists about somebody: the field `listing` of a person's file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
STATUSES = ("operational", "closed_temporarily", "closed_permanently", "future_opening")
FIELDS = frozenset({"sort", "also", "address", "at", "rating", "ratings", "hours", "closed_today", "status", "phone"})
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
MINUTES_A_DAY = 1440

Span = tuple[int, int]  # opening and closing, in minutes since midnight


class ListingError(ValueError):
    """A listing says something that cannot be; the message names the field."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A business in the directory.

    Attributes:
        sort: what sort of business, e.g. plumber.
        also: other words by which it is found.
        at: latitude and longitude; None for a business that comes to its customers and has no address.
        hours: weekday (sun, mon …) → spans; None where the directory knows none; a whole day is (0, 1440).
        closed_today: a holiday or the like: against its regular hours it opens tomorrow.
        phone: as listed, where that is not the person's own number.
    """

    sort: str
    also: tuple[str, ...] = ()
    address: str = ""
    at: tuple[float, float] | None = None
    rating: float = 0.0
    ratings: int = 0
    hours: Mapping[str, tuple[Span, ...]] | None = field(default=None)
    closed_today: bool = False
    status: str = "operational"
    phone: str | None = None

    @property
    def always_open(self) -> bool:
        """Whether it never closes."""
        return self.hours is not None and all(self.hours.get(day) == ((0, MINUTES_A_DAY),) for day in DAYS)


def read_listing(data: Any) -> Listing | None:
    """From the YAML of a person's file.

    Raises:
        ListingError: it is no listing.
    """
    if data is None:
        return None
    if not isinstance(data, dict) or not data.get("sort"):
        raise ListingError("listing needs a sort, e.g. plumber")
    if unknown := sorted(map(str, set(data) - FIELDS)):
        raise ListingError(f"listing: unknown field {', '.join(unknown)}; known are {', '.join(sorted(FIELDS))}")
    if (status := data.get("status", "operational")) not in STATUSES:
        raise ListingError(f"listing: status must be one of {', '.join(STATUSES)}")
    return Listing(
        sort=str(data["sort"]),
        also=tuple(str(word) for word in data.get("also") or ()),
        address=str(data.get("address") or ""),
        at=_point(data.get("at")),
        rating=float(data.get("rating") or 0),
        ratings=int(data.get("ratings") or 0),
        hours=_hours(data.get("hours")),
        closed_today=bool(data.get("closed_today", False)),
        status=str(status),
        phone=None if data.get("phone") is None else str(data["phone"]),
    )


def _point(value: Any) -> tuple[float, float] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2:
        raise ListingError("listing: at must be [latitude, longitude]")
    return float(value[0]), float(value[1])


def _hours(value: Any) -> dict[str, tuple[Span, ...]] | None:
    if value is None:
        return None
    if value == "always":
        return dict.fromkeys(DAYS, ((0, MINUTES_A_DAY),))
    if not isinstance(value, dict) or not set(value) <= {*DAYS, "daily"}:
        raise ListingError("listing: hours must be `always`, or spans by weekday (sun, mon … or daily)")
    daily = _spans(value.get("daily"))
    return {day: _spans(value[day]) if day in value else daily for day in DAYS}


def _spans(value: Any) -> tuple[Span, ...]:
    pairs = [value] if value and isinstance(value[0], str) else value or ()
    return tuple((_minutes(opens), _minutes(closes)) for opens, closes in pairs)


def _minutes(clock: Any) -> int:
    match = _CLOCK.fullmatch(str(clock))
    if match is None:
        raise ListingError(f'listing: {clock!r} is no time of day; write e.g. "08:00"')
    return int(match[1]) * 60 + int(match[2])

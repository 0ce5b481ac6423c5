"""Businesses that the directory lists for a request: checked, in order, with what was tried and why it was not enough.

What a directory says is foreign data. Here it becomes a name of bounded length without control characters, a number that may be dialled, hours in our
form; an entry of which that much cannot be made is left out with the reason. Nothing here touches the database.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_noop as noop
from pydantic import BaseModel, ConfigDict, ValidationError

from context.contact_fields import are_hours, is_zone
from context.number_kind import SPECIAL, trouble
from context.opening_hours import open_at
from context.phone import read_number
from providers.types import BusinessStatus, Found, Listing

#: Businesses that are called for one wish without another word of the user's.
MOST_CALLED = 3
#: Of a sort of business, what lies further away is no help.
FAR_M = 80_000
NAME_LENGTH, KIND_LENGTH, ADDRESS_LENGTH, WHY_LENGTH, PLACE_ID_LENGTH = 80, 60, 200, 200, 200
NOT_THERE = {
    BusinessStatus.CLOSED_FOR_NOW: noop("closed for the time being"),
    BusinessStatus.CLOSED_FOR_GOOD: noop("closed for good"),
    BusinessStatus.NOT_YET_OPEN: noop("not open yet"),
}


class State(StrEnum):
    """Where a candidate stands."""

    NEW = "new"
    CURRENT = "current"
    TRIED = "tried"
    LEFT_OUT = "left_out"


class Stored(BaseModel):
    """Kept as JSON on the request."""

    model_config = ConfigDict(extra="ignore")


class Candidate(Stored):
    """One business. `why` says what came of it, or why it is not called."""

    name: str
    number: str = ""
    state: State = State.NEW
    why: str = ""
    place_id: str = ""
    kind: str = ""
    address: str = ""
    hours: dict[str, Any] = {}
    time_zone: str = ""
    closed_until: datetime | None = None
    distance_m: int | None = None
    rating: float | None = None
    ratings: int = 0
    attribution: str = ""


class Candidates(Stored):
    """What a search came to.

    Attributes:
        wanted: what was searched for: a name or a sort of business.
        trouble: why nothing could be searched; empty when it could.
    """

    wanted: str
    area: str = ""
    source: str = ""
    measured_from: str = ""
    trouble: str = ""
    found: list[Candidate] = []

    @property
    def current(self) -> Candidate | None:
        """The one that is being called."""
        return next((one for one in self.found if one.state is State.CURRENT), None)

    @property
    def tried(self) -> list[Candidate]:
        """Those that were called and could not do it."""
        return [one for one in self.found if one.state is State.TRIED]

    def left(self, now: datetime) -> list[Candidate]:
        """Those that may still be called, in order: open ones first, else as the directory ranks them."""
        if len(self.tried) >= MOST_CALLED:
            return []
        return sorted((one for one in self.found if one.state is State.NEW), key=lambda one: not is_open(one, now))

    def set_state(self, number: str, state: State, why: str = "") -> None:
        """Notes where the candidate with that number stands."""
        for one in self.found:
            if one.number == number and one.state is not State.LEFT_OUT:
                one.state, one.why = state, why[:WHY_LENGTH]


def read(stored: Any) -> Candidates | None:
    """What is stored on a request; None when nothing (readable) is."""
    try:
        return Candidates.model_validate(stored) if stored else None
    except ValidationError:
        return None


def current_of(stored: Any, number: str) -> Candidate | None:
    """The candidate that is being called at `number`; None when the number has another source."""
    found = read(stored)
    current = found.current if found else None
    return current if current and current.number == number else None


def write(candidates: Candidates) -> dict[str, Any]:
    """As it is stored."""
    return candidates.model_dump(mode="json")


def is_open(candidate: Candidate, now: datetime) -> bool:
    """Whether it is open as far as known; one whose hours are unknown counts as open."""
    if candidate.closed_until is not None and now < candidate.closed_until:
        return False
    return open_at(now, candidate.number, candidate.time_zone, candidate.hours)


def gather(found: Found, *, wanted: str, area: str, source: str, region: str, countries: frozenset[str], before: Candidates | None) -> Candidates:
    """Makes candidates of what the directory found.

    Args:
        region: where the user lives; numbers without a country are read there.
        countries: that may be called.
        before: an earlier search of the same request; what was tried then is not tried again.
    """
    kept = [one for one in before.found if one.state is State.TRIED] if before else []
    seen = {one.number for one in kept}
    result = Candidates(wanted=wanted, area=area, source=source, measured_from=plain(found.measured_from, NAME_LENGTH), found=kept)
    for listing in found.listings:
        candidate = _candidate(listing, region, countries)
        if candidate is None or (candidate.number and candidate.number in seen):
            continue
        seen.add(candidate.number)
        result.found.append(candidate)
    return result


def _candidate(listing: Listing, region: str, countries: frozenset[str]) -> Candidate | None:
    name, place_id = plain(listing.name, NAME_LENGTH), listing.place_id
    if not name:
        return None
    candidate = Candidate(
        name=name,
        number=read_number(listing.phone[:40], region) or "",
        place_id=place_id if len(place_id) <= PLACE_ID_LENGTH and place_id.isascii() and place_id.isprintable() else "",
        kind=plain(listing.kind, KIND_LENGTH),
        address=plain(listing.address, ADDRESS_LENGTH),
        hours=listing.hours if are_hours(listing.hours) else {},
        time_zone=listing.time_zone if len(listing.time_zone) <= 64 and is_zone(listing.time_zone) else "",
        closed_until=listing.closed_until,
        distance_m=listing.distance_m,
        rating=listing.rating if listing.rating is not None and 1 <= listing.rating <= 5 else None,
        ratings=max(0, listing.ratings),
        attribution=plain(listing.attribution, NAME_LENGTH),
    )
    if why := _why_not(listing, candidate, countries):
        candidate.state, candidate.why = State.LEFT_OUT, why
    return candidate


def _why_not(listing: Listing, candidate: Candidate, countries: frozenset[str]) -> str:
    if listing.status in NOT_THERE:
        return NOT_THERE[listing.status]
    if not listing.phone.strip():
        return noop("no phone number listed")
    if not candidate.number:
        return noop("its listed number is none")
    if why := trouble(candidate.number, countries):
        return noop("a premium-rate number") if why == SPECIAL else noop("a number that Floyd may not call")
    if candidate.distance_m is not None and candidate.distance_m > FAR_M:
        return noop("too far away")
    return ""


def plain(text: str, length: int) -> str:
    """Foreign text as one line: no control or formatting characters (such as those that turn the direction of writing), and not too long."""
    visible = "".join(" " if unicodedata.category(character) in {"Cc", "Zl", "Zp"} else character for character in text[: 4 * length])
    kept = "".join(character for character in visible if unicodedata.category(character) not in {"Cf", "Cs", "Co", "Cn"})
    line = " ".join(kept.split())
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"

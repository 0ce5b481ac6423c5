"""A stand-in for Places API (New), text search, at its wire (REST). Businesses are the people with a `listing`; a few towns are areas.

Like the service it wants a key and a field mask, gives what the mask names and no more, leaves empty fields out, and writes enums as numbers
when asked to (`$alt=json;enum-encoding=int`, which Google's clients send).
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import phonenumbers
from aiohttp import web

from sandbox.faults import Fault
from sandbox.google.place_hours import TIME_ZONE, current, regular
from sandbox.google.place_request import Refused, TextSearch, masked, read
from sandbox.people.listing import Listing
from sandbox.people.spec import PersonSpec
from sandbox.state import SandboxState

PATH = "/v1/places:searchText"
PLACE = "google.places"
STALL_MS = 30_000
#: name → latitude, longitude.
TOWNS = {
    "Guelph": (43.5448, -80.2482),
    "Kitchener": (43.4516, -80.4925),
    "Toronto": (43.6532, -79.3832),
}
STATUS_NUMBERS = {"OPERATIONAL": 1, "CLOSED_TEMPORARILY": 2, "CLOSED_PERMANENTLY": 3, "FUTURE_OPENING": 4}
_SKIPPED = frozenset({"a", "an", "the", "near", "in", "at", "me", "my", "for", "of", "and", "ontario", "canada", "on"})
#: How much of a word must agree: plumber and plumbing are found by each other.
STEM = 5


def routes(state: SandboxState) -> list[web.RouteDef]:
    """The one method there is."""
    return [web.post(PATH, Places(state).search_text)]


class Places:
    """Handlers.

    Args:
        state: of the sandbox: its people, and the faults of place `google.places`.
    """

    def __init__(self, state: SandboxState) -> None:
        self._state = state

    async def search_text(self, request: web.Request) -> web.Response:
        """`places:searchText`."""
        fault = self._state.faults.take(PLACE)
        try:
            if (failed := await _failed(fault)) is not None:
                return failed
            search = await read(request)
        except Refused as refused:
            return refused.response()
        found = [] if fault is not None and fault.mode == "empty" else self._found(search)
        body = masked({"places": found}, search.mask) if found else {}
        return web.json_response(body)

    def _found(self, search: TextSearch) -> list[dict[str, Any]]:
        if (town := _town(search.query)) is not None:
            return [town]
        now = datetime.now(UTC)
        wanted = _words(search.query) - _words(" ".join(TOWNS))
        listed = [(person, person.listing) for person in self._state.people.values() if person.listing is not None]
        ranked = sorted(((_fit(wanted, person, listing), listing.rating, person.number) for person, listing in listed), reverse=True)
        places = []
        for fit, _, number in ranked:
            person = self._state.people[number]
            assert person.listing is not None
            if not fit or (person.listing.at is None and not search.service_areas):
                continue
            place = _place(person, person.listing, now, search.whole_numbers)
            if not search.open_now or place.get("currentOpeningHours", {}).get("openNow"):
                places.append(place)
        return places[: search.most]


async def _failed(fault: Fault | None) -> web.Response | None:
    """What a fault makes of the answer; None when it is given all the same."""
    match fault.mode if fault is not None else "":
        case "429":
            return Refused(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'SearchTextRequest'.").response()
        case "500":
            return Refused(500, "INTERNAL", "Internal error encountered.").response()
        case "garbage":
            return web.Response(text="<html>It works!</html>", content_type="text/html")
        case "odd_json":
            return web.json_response(["places"])
        case "stall":
            await asyncio.sleep(fault.milliseconds("ms", STALL_MS) / 1000 if fault else 0)
    return None


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", re.sub(r"['’]", "", text.lower()))) - _SKIPPED


def _town(query: str) -> dict[str, Any] | None:
    words = _words(query)
    for name, (latitude, longitude) in TOWNS.items():
        if words == {name.lower()}:
            return {
                "id": _place_id(name),
                "displayName": {"text": name, "languageCode": "en"},
                "formattedAddress": f"{name}, ON, Canada",
                "location": {"latitude": latitude, "longitude": longitude},
                "types": ["locality", "political"],
            }
    return None


def _fit(wanted: Iterable[str], person: PersonSpec, listing: Listing) -> float:
    """The share of the words that the listing has. A business is found by its sort, or by its name."""
    words = list(wanted)
    known = {word[:STEM] for word in _words(" ".join((person.name, listing.sort, *listing.also)))}
    hits = sum(word[:STEM] in known for word in words)
    return hits / len(words) if words and hits * 2 >= len(words) else 0.0


def _place_id(name: str) -> str:
    return "ChIJ" + hashlib.sha256(name.encode()).hexdigest()[:23]


def _place(person: PersonSpec, listing: Listing, now: datetime, whole_numbers: bool) -> dict[str, Any]:
    """A business as JSON; what is empty is not there."""
    place_id = _place_id(person.number)
    status = listing.status.upper()
    phone = _international(person.number) if listing.phone is None else listing.phone
    place: dict[str, Any] = {
        "name": f"places/{place_id}",
        "id": place_id,
        "displayName": {"text": person.name, "languageCode": "en"},
        "types": [listing.sort.replace(" ", "_"), "point_of_interest", "establishment"],
        "primaryType": listing.sort.replace(" ", "_"),
        "primaryTypeDisplayName": {"text": listing.sort.capitalize(), "languageCode": "en"},
        "internationalPhoneNumber": phone,
        "formattedAddress": f"{listing.address}, ON, Canada" if listing.address else "",
        "shortFormattedAddress": listing.address,
        "location": {"latitude": listing.at[0], "longitude": listing.at[1]} if listing.at else None,
        "rating": listing.rating,
        "userRatingCount": listing.ratings,
        "businessStatus": STATUS_NUMBERS[status] if whole_numbers else status,
        "timeZone": {"id": TIME_ZONE},
        "pureServiceAreaBusiness": listing.at is None,
    }
    place = {name: value for name, value in place.items() if value}
    if listing.hours is not None and listing.status == "operational":
        place["regularOpeningHours"] = {"periods": regular(listing)}
        place["currentOpeningHours"] = current(listing, now)
    return place


def _international(number: str) -> str:
    return str(phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL))

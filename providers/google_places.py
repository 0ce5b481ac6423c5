"""The directory of businesses: Places API (New), text search, by Google's own client over REST.

The service answers nothing without a field mask, which its client wants as metadata. Distances are ours: the area is searched for first, and the
middle of it is what they are measured from. https://developers.google.com/maps/documentation/places/web-service/text-search
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from math import asin, cos, radians, sin, sqrt
from typing import Any

import requests
from google.api_core import exceptions as google_errors
from google.auth import api_key
from google.auth import exceptions as auth_errors
from google.maps import places_v1 as places
from google.maps.places_v1.services.places.transports import PlacesRestTransport
from google.protobuf import json_format
from google.type import latlng_pb2

from providers.types import BusinessStatus, Found, Listing, ProviderError

log = logging.getLogger(__name__)

NAME = "Google Maps"
TIMEOUT_S = 8.0
MOST = 10
#: Around the middle of the area; what lies outside may still be found, further down.
RADIUS_M = 25_000.0
AREA_MASK = "places.location,places.displayName,places.types"
MASK = ",".join(
    f"places.{name}"
    for name in (
        *("id", "displayName", "primaryTypeDisplayName", "shortFormattedAddress", "location", "internationalPhoneNumber", "businessStatus"),
        *("rating", "userRatingCount", "regularOpeningHours.periods", "currentOpeningHours.openNow", "currentOpeningHours.nextOpenTime"),
        *("timeZone", "attributions"),
    )
)
#: What an area may be; a business that happens to be called like it is none.
AREAS = frozenset({"political", "locality", "postal_code", "route", "street_address", "premise", "subpremise", "plus_code"})
STATUSES = {
    places.Place.BusinessStatus.CLOSED_TEMPORARILY: BusinessStatus.CLOSED_FOR_NOW,
    places.Place.BusinessStatus.CLOSED_PERMANENTLY: BusinessStatus.CLOSED_FOR_GOOD,
    places.Place.BusinessStatus.FUTURE_OPENING: BusinessStatus.NOT_YET_OPEN,
}
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
DAY_MINUTES, WEEK_MINUTES = 1440, 7 * 1440
EARTH_M = 6_371_000
#: An answer that is no JSON, or JSON of another form, surfaces from inside the client as any of the last ones.
ERRORS = (
    *(google_errors.GoogleAPICallError, auth_errors.GoogleAuthError, requests.RequestException, json_format.Error),
    *(ValueError, TypeError, AttributeError),
)


class GooglePlaces:
    """A `Directory`.

    Args:
        key: of the API.
        endpoint: address of a stand-in, e.g. http://127.0.0.1:9000; empty for Google's own.
        timeout_s: for one answer.
    """

    def __init__(self, key: str, endpoint: str = "", *, timeout_s: float = TIMEOUT_S) -> None:
        # Google's authentication library is untyped.
        credentials = api_key.Credentials(key)  # type: ignore[no-untyped-call]
        transport = PlacesRestTransport(credentials=credentials, host=endpoint or places.PlacesClient.DEFAULT_ENDPOINT)
        self._client: Any = places.PlacesClient(transport=transport)
        self._timeout_s = timeout_s

    @property
    def source(self) -> str:
        """What to call it."""
        return NAME

    def search(self, wanted: str, *, area: str, region: str, language: str) -> Found:
        """See `Directory.search`. Two requests: where the area is, and what is there."""
        common = {"region_code": region, "language_code": language}
        middle, measured_from = self._middle(area, common)
        query: dict[str, Any] = {"text_query": wanted, "max_result_count": MOST, "include_pure_service_area_businesses": True, **common}
        if middle is None:
            query["text_query"] = f"{wanted} near {area}"
        else:
            query["location_bias"] = {"circle": {"center": middle, "radius": RADIUS_M}}
        found = self._ask(query, MASK)
        return Found(tuple(_listing(place, middle) for place in found), measured_from)

    def close(self) -> None:
        """Lets go of connections."""
        self._client.transport.close()

    def _middle(self, area: str, common: dict[str, str]) -> tuple[latlng_pb2.LatLng | None, str]:
        """Where the area is, and its name; (None, "") when the directory knows no such area."""
        found = self._ask({"text_query": area, "max_result_count": 1, **common}, AREA_MASK)
        if not found or "location" not in found[0] or not AREAS & set(found[0].types):
            return None, ""
        return found[0].location, found[0].display_name.text or area

    def _ask(self, query: dict[str, Any], mask: str) -> list[Any]:
        request = places.SearchTextRequest(query)
        metadata = (("x-goog-fieldmask", mask),)
        for last in (False, True):
            try:
                return list(self._client.search_text(request=request, metadata=metadata, timeout=self._timeout_s, retry=None).places)
            except ERRORS as error:
                # Over REST: 400, 401, 403, 404. Asking again with the same key and question gives the same.
                permanent = isinstance(error, google_errors.ClientError) and not isinstance(error, google_errors.TooManyRequests)
                if permanent or last:
                    # Their text stays out of it: it quotes what was asked.
                    raise ProviderError(f"google places: {type(error).__name__}", permanent=permanent) from error
                log.info("directory asked again after %s", type(error).__name__)
        raise AssertionError  # the last try returned or raised


def _listing(place: Any, middle: latlng_pb2.LatLng | None) -> Listing:
    return Listing(
        place_id=place.id,
        name=place.display_name.text,
        phone=place.international_phone_number,
        address=place.short_formatted_address,
        kind=place.primary_type_display_name.text,
        status=STATUSES.get(place.business_status, BusinessStatus.OPERATIONAL),
        hours=hours_of(place.regular_opening_hours.periods) if "regular_opening_hours" in place else {},
        time_zone=place.time_zone.id,
        closed_until=_closed_until(place),
        distance_m=distance_m(middle, place.location) if middle is not None and "location" in place else None,
        rating=round(place.rating, 1) if place.rating else None,
        ratings=place.user_rating_count,
        attribution=", ".join(one.provider for one in place.attributions),
    )


def _closed_until(place: Any) -> datetime | None:
    """Holidays and the like are in the current hours only."""
    if "current_opening_hours" not in place:
        return None
    current = place.current_opening_hours
    if current.open_now or "next_open_time" not in current:
        return None
    return datetime.fromtimestamp(current.next_open_time.timestamp(), UTC)


def hours_of(periods: Any) -> dict[str, list[list[str]]]:
    """Opening spans by weekday, in our form; no period at all is closed on every day.

    One that is open always has a period without an end. One that goes on past midnight belongs to the day on which it begins.
    """
    spans: dict[str, list[list[str]]] = {day: [] for day in DAYS}
    for period in periods:
        if "close" not in period:
            return {day: [["00:00", "24:00"]] for day in DAYS}
        opens = period.open_.hour * 60 + period.open_.minute
        closes = period.close.hour * 60 + period.close.minute
        length = ((period.close.day - period.open_.day) * DAY_MINUTES + closes - opens) % WEEK_MINUTES
        if length:
            _add(spans, period.open_.day % 7, opens, length)
    return spans


def _add(spans: dict[str, list[list[str]]], day: int, opens: int, length: int) -> None:
    """A span that begins on `day`; what is longer than a day is cut at midnights."""
    while length > DAY_MINUTES:
        spans[DAYS[day]].append([_clock(opens), "24:00"])
        length, opens, day = length - (DAY_MINUTES - opens), 0, (day + 1) % 7
    closes = opens + length
    spans[DAYS[day]].append([_clock(opens), _clock(closes if closes <= DAY_MINUTES else closes - DAY_MINUTES)])


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def distance_m(one: Any, other: Any) -> int:
    """As the crow flies, between two points with latitude and longitude."""
    lat_1, lat_2 = radians(one.latitude), radians(other.latitude)
    half = sin((lat_2 - lat_1) / 2) ** 2 + cos(lat_1) * cos(lat_2) * sin(radians(other.longitude - one.longitude) / 2) ** 2
    return round(2 * EARTH_M * asin(sqrt(min(1.0, half))))


def make_directory(settings: Any) -> GooglePlaces:
    """From GOOGLE_MAPS_API_KEY and GOOGLE_PLACES_ENDPOINT.

    Raises:
        ProviderError: there is no key.
    """
    if not settings.GOOGLE_MAPS_API_KEY:
        raise ProviderError("GOOGLE_MAPS_API_KEY is not set", permanent=True)
    return GooglePlaces(settings.GOOGLE_MAPS_API_KEY, settings.GOOGLE_PLACES_ENDPOINT)

"""What a text search of Places must look like; what does not is refused in the service's own words.

https://developers.google.com/maps/documentation/places/web-service/text-search
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from aiohttp import web

#: The form of Google's keys.
KEY = re.compile(r"AIza[\w-]{35}")
UNREGISTERED = (
    "Method doesn't allow unregistered callers (callers without established identity). "
    "Please use API Key or other form of API consumer identity to call this API."
)
NO_MASK = (
    "FieldMask is a required parameter. See https://cloud.google.com/apis/docs/system-parameters on how to provide it. "
    "As an example, you can set the header 'X-Goog-FieldMask' to value 'places.displayName,places.id' to ask for the display name and the "
    "place id of a place. You can also set the value to '*' in manual testing to get all the available response fields."
)
MOST_RESULTS, WIDEST_M = 20, 50_000
NAMES = frozenset(
    """textQuery languageCode regionCode rankPreference includedType openNow minRating maxResultCount pageSize pageToken priceLevels
    strictTypeFiltering locationBias locationRestriction evOptions routingParameters searchAlongRouteParameters
    includePureServiceAreaBusinesses includeFutureOpeningBusinesses""".split()  # noqa: SIM905
)
#: Of `Place`, all that there is, as JSON names.
PLACE_FIELDS = frozenset(
    """name id displayName types primaryType primaryTypeDisplayName googleMapsTypeLabel nationalPhoneNumber internationalPhoneNumber formattedAddress
    shortFormattedAddress postalAddress addressComponents plusCode location viewport rating googleMapsUri websiteUri reviews regularOpeningHours
    utcOffsetMinutes timeZone photos adrFormatAddress businessStatus openingDate priceLevel attributions userRatingCount iconMaskBaseUri
    iconBackgroundColor takeout delivery dineIn curbsidePickup reservable servesBreakfast servesLunch servesDinner servesBeer servesWine servesBrunch
    servesVegetarianFood currentOpeningHours currentSecondaryOpeningHours regularSecondaryOpeningHours editorialSummary outdoorSeating liveMusic
    menuForChildren servesCocktails servesDessert servesCoffee goodForChildren allowsDogs restroom goodForGroups goodForWatchingSports paymentOptions
    parkingOptions subDestinations accessibilityOptions fuelOptions evChargeOptions generativeSummary containingPlaces pureServiceAreaBusiness
    addressDescriptor googleMapsLinks priceRange reviewSummary
    evChargeAmenitySummary neighborhoodSummary consumerAlert movedPlace movedPlaceId""".split()  # noqa: SIM905
)
_TEXT = frozenset({"text", "languageCode"})
_HOURS = frozenset({"openNow", "periods", "weekdayDescriptions", "secondaryHoursType", "specialDays", "nextOpenTime", "nextCloseTime"})
#: Fields of fields, where they are known here.
PARTS = {
    "displayName": _TEXT,
    "primaryTypeDisplayName": _TEXT,
    "location": frozenset({"latitude", "longitude"}),
    "timeZone": frozenset({"id", "version"}),
    "regularOpeningHours": _HOURS,
    "currentOpeningHours": _HOURS,
}
Mask = dict[str, Any]  # name → mask of what is in it; empty: all of it


class Refused(Exception):  # noqa: N818  it is what the service does
    """The request is refused.

    Args:
        code: of HTTP.
        status: canonical code.
        details: more, as JSON.
    """

    def __init__(self, code: int, status: str, message: str, details: list[dict[str, Any]] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.body = {"error": {"code": code, "message": message, "status": status, **({"details": details} if details else {})}}

    def response(self) -> web.Response:
        """As it goes over the wire."""
        return web.json_response(self.body, status=self.code)


def invalid(message: str, field: str = "", description: str = "") -> Refused:
    """INVALID_ARGUMENT, with what is wrong with a field."""
    violation = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [{"field": field, "description": description or message}]}
    return Refused(400, "INVALID_ARGUMENT", message, [violation] if field else None)


@dataclass(frozen=True, slots=True)
class TextSearch:
    """A text search that is in order.

    Attributes:
        mask: what of each place is wanted.
        most: how many places.
        whole_numbers: enums are wanted as numbers.
    """

    query: str
    mask: Mask
    most: int
    open_now: bool
    service_areas: bool
    whole_numbers: bool


async def read(request: web.Request) -> TextSearch:
    """The search that a request asks for.

    Raises:
        Refused: by key, mask or body.
    """
    _check_key(request)
    body = await _body(request)
    if unknown := sorted(set(body) - NAMES):
        raise invalid(f'Invalid JSON payload received. Unknown name "{unknown[0]}": Cannot find field.', unknown[0])
    mask = _mask(request.headers.get("X-Goog-FieldMask") or request.query.get("$fields") or request.query.get("fields") or "")
    query = body.get("textQuery")
    if not isinstance(query, str) or not query.strip():
        raise invalid("Empty text_query.", "text_query")
    _check_area(body)
    region = body.get("regionCode", "")
    if region and not re.fullmatch(r"[A-Za-z]{2}", str(region)):
        raise invalid(f"Invalid region_code: {region}", "region_code")
    return TextSearch(
        query=query,
        mask=mask,
        most=_most(body),
        open_now=_flag(body, "openNow"),
        service_areas=_flag(body, "includePureServiceAreaBusinesses"),
        whole_numbers="enum-encoding=int" in request.query.get("$alt", ""),
    )


def _check_key(request: web.Request) -> None:
    key = request.headers.get("X-Goog-Api-Key") or request.query.get("key") or ""
    if not key:
        raise Refused(403, "PERMISSION_DENIED", UNREGISTERED)
    if not KEY.fullmatch(key):
        reason = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com"}
        raise Refused(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", [reason])


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json() if request.content_type == "application/json" else None
    except (json.JSONDecodeError, UnicodeDecodeError):
        body = None
    if not isinstance(body, dict):
        raise invalid("Invalid JSON payload received. Expected an object.")
    return body


def _mask(text: str) -> Mask:
    if not text:
        raise Refused(400, "INVALID_ARGUMENT", NO_MASK)
    mask: Mask = {}
    for path in text.split(","):
        names = path.split(".")
        if not _is_path(names):
            described = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'."
            raise invalid("Request contains an invalid argument.", text, described)
        here = mask
        for name in names:
            here = here.setdefault(name, {})
    return mask


def _is_path(names: list[str]) -> bool:
    if names == ["*"] or names in (["places"], ["places", "*"]):
        return True
    if len(names) < 2 or names[0] != "places" or names[1] not in PLACE_FIELDS:
        return False
    return len(names) == 2 or names[1] not in PARTS or names[2] in PARTS[names[1]]


def _most(body: dict[str, Any]) -> int:
    given = body.get("pageSize", body.get("maxResultCount", 0))
    if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given <= MOST_RESULTS:
        raise invalid(f"max_result_count must be between 1 and {MOST_RESULTS}, inclusively.", "max_result_count")
    return given or MOST_RESULTS


def _flag(body: dict[str, Any], name: str) -> bool:
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise invalid(f"Invalid value at '{name}' (TYPE_BOOL), {json.dumps(value)}", name)
    return value


def _check_area(body: dict[str, Any]) -> None:
    if "locationBias" in body and "locationRestriction" in body:
        raise invalid("Only one of location_bias and location_restriction may be set.", "location_bias")
    circle = (body.get("locationBias") or {}).get("circle")
    if circle is None:
        return
    center = circle.get("center") or {}
    latitude, longitude, radius = center.get("latitude", 0), center.get("longitude", 0), circle.get("radius", 0)
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise invalid("Invalid LatLng.", "location_bias.circle.center")
    if not 0 <= radius <= WIDEST_M:
        raise invalid(f"Radius must be between 0 and {WIDEST_M}.", "location_bias.circle.radius")


def masked(value: Any, mask: Mask) -> Any:
    """What the mask lets through."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [masked(one, mask) for one in value]
    return {name: masked(part, mask[name]) for name, part in value.items() if name in mask}

"""Lookups v2: what kind of number it is. An invalid number is a normal answer, not an error.

https://www.twilio.com/docs/lookup/v2-api
"""

from __future__ import annotations

from typing import Any

import phonenumbers
from aiohttp import web
from phonenumbers import PhoneNumberType, ValidationResult

from sandbox.twilio.errors import bad_request, not_found

PACKAGES = (
    "caller_name",
    "sim_swap",
    "call_forwarding",
    "line_status",
    "line_type_intelligence",
    "identity_match",
    "reassigned_number",
    "sms_pumping_risk",
    "phone_number_quality_score",
    "pre_fill",
)
LINE_TYPES = {
    PhoneNumberType.FIXED_LINE: "landline",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "landline",
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.TOLL_FREE: "tollFree",
    PhoneNumberType.PREMIUM_RATE: "premium",
    PhoneNumberType.SHARED_COST: "sharedCost",
    PhoneNumberType.VOIP: "nonFixedVoip",
    PhoneNumberType.PERSONAL_NUMBER: "personal",
    PhoneNumberType.PAGER: "pager",
    PhoneNumberType.UAN: "uan",
    PhoneNumberType.VOICEMAIL: "voicemail",
}
REASONS = {
    ValidationResult.TOO_SHORT: "TOO_SHORT",
    ValidationResult.TOO_LONG: "TOO_LONG",
    ValidationResult.INVALID_COUNTRY_CODE: "INVALID_COUNTRY_CODE",
    ValidationResult.INVALID_LENGTH: "INVALID_LENGTH",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "TOO_SHORT",
}


async def fetch(request: web.Request) -> web.Response:
    """`GET /v2/PhoneNumbers/{number}?Fields=…`."""
    asked = request.match_info["number"].strip()
    wanted = [name for name in request.query.get("Fields", "").split(",") if name]
    if not asked:
        raise not_found(request.path)
    if unknown := sorted(set(wanted) - {*PACKAGES, "validation"}):
        raise bad_request(60600, f"Invalid Fields: {', '.join(unknown)}")
    body: dict[str, Any] = _basics(asked, request.query.get("CountryCode"))
    body |= dict.fromkeys(PACKAGES)
    for name in wanted:
        if name == "line_type_intelligence" and body["valid"]:
            body[name] = _line_type(body["phone_number"])
        elif name != "validation":
            body[name] = {"error_code": 60606}  # the account has no subscription to that package
    body["url"] = f"https://lookups.twilio.com/v2/PhoneNumbers/{body['phone_number']}"
    return web.json_response(body)


def _basics(asked: str, region: str | None) -> dict[str, Any]:
    try:
        number = phonenumbers.parse(asked, region or "US")
    except phonenumbers.NumberParseException:
        return _invalid(asked, "NOT_A_NUMBER")
    reason = REASONS.get(phonenumbers.is_possible_number_with_reason(number))
    if reason is not None:
        return _invalid(asked, reason)
    if not phonenumbers.is_valid_number(number):
        return _invalid(asked, "INVALID_BUT_POSSIBLE")
    return {
        "calling_country_code": str(number.country_code),
        "country_code": phonenumbers.region_code_for_number(number),
        "phone_number": phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        "national_format": phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL),
        "valid": True,
        "validation_errors": [],
    }


def _invalid(asked: str, reason: str) -> dict[str, Any]:
    return {
        "calling_country_code": None,
        "country_code": None,
        "phone_number": asked,
        "national_format": None,
        "valid": False,
        "validation_errors": [reason],
    }


def _line_type(number: str) -> dict[str, Any]:
    kind = phonenumbers.number_type(phonenumbers.parse(number))
    return {
        "mobile_country_code": None,
        "mobile_network_code": None,
        "carrier_name": "Sandbox Telephone",
        "type": LINE_TYPES.get(kind, "unknown"),
        "error_code": None,
    }

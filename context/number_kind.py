"""What sort of number it is, and why some are never dialled."""

from __future__ import annotations

import phonenumbers
from django.utils.translation import gettext_noop as noop
from phonenumbers import PhoneNumber, PhoneNumberType, shortnumberinfo

ORDINARY = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.VOIP,
        PhoneNumberType.UAN,
    }
)
NORTH_AMERICA = 1
EMERGENCY = noop("That is an emergency number. Floyd never calls those: please dial it yourself.")
NOT_A_NUMBER = noop("That is not a valid phone number. A number with its country code is needed, like +1 519 555 0110.")
SPECIAL = noop("That is a premium or special-rate number, which Floyd does not call.")
SHORT = noop("That is a short service number, which Floyd does not call.")


def trouble(number: str, countries: frozenset[str]) -> str:
    """Why Floyd may not dial `number` (E.164), as a sentence; empty when it may.

    Args:
        countries: allowed ISO region codes, e.g. US and CA.
    """
    digits = "".join(character for character in number if character.isdigit())
    if _emergency(digits, countries):
        return EMERGENCY
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return SHORT if 0 < len(digits) <= 6 else NOT_A_NUMBER
    national = phonenumbers.national_significant_number(parsed)
    if _emergency(national, countries):
        return EMERGENCY
    if phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) != number or not phonenumbers.is_valid_number(parsed):
        return SHORT if len(national) <= 6 else NOT_A_NUMBER
    if phonenumbers.number_type(parsed) not in ORDINARY or _pay_per_call(parsed, national):
        return SPECIAL
    region = phonenumbers.region_code_for_number(parsed)
    if region not in countries:
        return noop("Floyd may not call numbers in that country.")
    return ""


def _emergency(digits: str, countries: frozenset[str]) -> bool:
    # 911, 112 and 999 are understood by networks far from home, so they count everywhere.
    if digits in {"911", "112", "999", "988"}:
        return True
    return any(shortnumberinfo.is_emergency_number(digits, region) for region in countries)


def _pay_per_call(parsed: PhoneNumber, national: str) -> bool:
    """North American numbers that cost extra though their area code looks ordinary; metadata does not know them."""
    if parsed.country_code != NORTH_AMERICA or len(national) != 10:
        return False
    exchange, line = national[3:6], national[6:]
    # 976 is pay-per-call in every area; 555-1212 directory assistance; N11 are service codes.
    return exchange in {"976", "950"} or (exchange == "555" and line == "1212") or exchange[1:] == "11"

"""Phone numbers as people write them."""

from __future__ import annotations

import phonenumbers


def read_number(text: str, region: str) -> str | None:
    """A phone number in E.164, read the way it is dialled in `region`; None when there is no valid one in the text."""
    try:
        match = next(iter(phonenumbers.PhoneNumberMatcher(text, region)), None)
        number = match.number if match else phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

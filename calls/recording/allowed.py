"""Whether a call may be recorded: pure functions from facts to a yes or no. No model is asked, and none can overrule them."""

from __future__ import annotations

import re
from collections.abc import Collection

import phonenumbers
from phonenumbers import PhoneNumberType

#: A country (ISO 3166), or the beginning of numbers: +1212 stands for one area code of North America.
REGION = re.compile(r"[A-Z]{2}|\+[1-9]\d{0,10}")
#: Numbers that tell where their owner is, at least the country. Toll-free ones are answered anywhere.
_SOMEWHERE = frozenset({PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.VOIP})
#: Lines whose sound passes through us.
_WITH_SOUND = frozenset({"media_stream", "realtime"})


def may_record(*, switched_on: bool, allowed: bool, regions: Collection[str], numbers: Collection[str], line: str, secrets: bool = False) -> bool:
    """Whether a call may be recorded, once it was announced. Asked when it is dialled or answered; a running call keeps the answer.

    Args:
        switched_on: the operator wants it at all.
        allowed: whom it is for allowed it: the user in their settings, the use case in its description.
        regions: where the operator allows it, as in `REGION`.
        numbers: of the other side, in E.164: the intended one and the one that rings. Each must be in such a region; a withheld one is in none.
        line: as in `calls.models.LINES`.
        secrets: something may be said in it that nobody may keep, such as a PIN.
    """
    if not (switched_on and allowed) or secrets or line not in _WITH_SOUND:
        return False
    return bool(numbers) and all(in_regions(number, regions) for number in numbers)


def in_regions(number: str, regions: Collection[str]) -> bool:
    """Whether a number (E.164) is in one of these regions, as far as numbers tell."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return False
    if not phonenumbers.is_valid_number(parsed) or phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) != number:
        return False
    if any(number.startswith(region) for region in regions if region.startswith("+")):
        return True
    return phonenumbers.number_type(parsed) in _SOMEWHERE and phonenumbers.region_code_for_number(parsed) in regions

"""How the carrier writes things: identifiers, dates, numbers."""

from __future__ import annotations

import math
import re
import secrets
from datetime import datetime
from email.utils import format_datetime

import phonenumbers

API_VERSION = "2010-04-01"
GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED = frozenset("^{}\\[~]|€")


#: A call's identifier.
CALL_SID = re.compile(r"CA[0-9a-f]{32}")


def sid(prefix: str) -> str:
    """A new identifier: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


def rfc2822(moment: datetime | None) -> str | None:
    """`Tue, 31 Aug 2010 20:36:28 +0000`, or None."""
    return None if moment is None else format_datetime(moment.replace(microsecond=0))


def iso8601(moment: datetime) -> str:
    """`2026-11-21T10:00:05.123Z`."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def country(number: str) -> str:
    """Two-letter country of an E.164 number, or empty."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
    except phonenumbers.NumberParseException:
        return ""


def formatted(number: str) -> str:
    """The national form that resources show beside the number."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.NATIONAL)
    except phonenumbers.NumberParseException:
        return number


def is_e164(text: str) -> bool:
    """Whether it is a possible number in E.164 form."""
    if not text.startswith("+"):
        return False
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(text))
    except phonenumbers.NumberParseException:
        return False


def segments(body: str) -> int:
    """How many parts a text is sent in (3GPP TS 23.038: 160 or 153 septets; 70 or 67 UCS-2 units)."""
    if all(char in GSM_BASIC or char in GSM_EXTENDED for char in body):
        length, single, several = sum(2 if char in GSM_EXTENDED else 1 for char in body), 160, 153
    else:
        length, single, several = len(body.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= single else math.ceil(length / several)

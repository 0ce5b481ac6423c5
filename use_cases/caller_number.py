"""What a caller's number is worth: withheld, forged, or vouched for by their carrier. Pure."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
#: What the carrier writes for callers who withhold their number: ANONYMOUS, RESTRICTED, UNAVAILABLE, UNKNOWN … on a telephone's keys.
_WITHHELD = frozenset({"+266696687", "+7378742833", "+86282452253", "+2562533", "+8656696", "+464"})
#: How the carrier's attestations begin for which a call's signature was checked, and does not hold; without a level it may say NULL.
#: https://www.twilio.com/docs/voice/trusted-calling-with-shakenstir
_FORGED = ("TN-Validation-Failed", "NULL")
#: What it says when the signature holds, and the caller's own carrier knows the caller and that the number is theirs. Behind "-Diverted" the
#: signature is that of whoever forwarded the call.
_ATTESTED = "TN-Validation-Passed-A"


def is_telephone(number: str) -> bool:
    """Whether a caller's number is one, and not withheld."""
    return _NUMBER.fullmatch(number) is not None and number not in _WITHHELD


def is_forged(attested: str) -> bool:
    """Whether the carrier found that the number is not the caller's."""
    return attested.startswith(_FORGED)


def is_vouched_for(attested: str) -> bool:
    """Whether the caller's own carrier says in full that the number is theirs."""
    return attested == _ATTESTED

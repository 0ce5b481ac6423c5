"""The number that a user asks to be called at: "Call Sweet Violet's at 519 555 0117 and ask …". Read in code, from the user's own words only."""

from __future__ import annotations

import re

from context.phone import read_number
from requests_app.models import Channel, Request

#: Where an ask is what its user said or wrote to Floyd, and not what stood in a mail or what a caller wanted.
OWN_WORDS = frozenset({Channel.WEB, Channel.VOICE, Channel.API, Channel.SMS, Channel.COMMAND, Channel.ROW})
_DIGITS = r"(?P<number>\+?\(?\d[\d\s().\-/]{5,20}\d)"
#: The number belongs to the call, not to what is to be told: "call the school and give them my number 519 …" names none.
_CALL_AT = re.compile(
    rf"\b(?:call|phone|ring|dial|try|reach|ruf(?:e|en)?)\b(?:(?!\b(?:and|und|my|mein\w*)\b)[^.;!?,\d]){{0,80}}\s{_DIGITS}(?!\d)",
    re.I,
)


def named_number(request: Request) -> str | None:
    """The number in E.164; None when the ask names none for the call, or more than one, or is not in the user's own words."""
    if request.channel not in OWN_WORDS:
        return None
    found = {read_number(match["number"], request.user.region) for match in _CALL_AT.finditer(request.ask)}
    return found.pop() if len(found) == 1 else None

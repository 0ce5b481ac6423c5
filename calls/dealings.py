"""What earlier calls to a number came to, for `requests_app.dealings`: typed values alone, each held against what it should look like."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from calls.conversation.purse import item_name
from calls.models import MADE, Call
from context.dates import zone
from context.models import User
from requests_app.dealings import MOST_OF_ONE, Agreed, Dealing
from requests_app.models import Request

#: Calls that are looked through, newest first, however many numbers are asked about.
MOST_CALLS = 200
_REFERENCE_ITEM = re.compile(r"\b(?:reference|confirmation|order|booking|case|ticket|job)(?: (?:number|code|no|id))?\b", re.I)
_REFERENCE = re.compile(r"(?=[\w-]*\d)[A-Za-z0-9][A-Za-z0-9-]{1,19}")
#: Words of which a date or time consists; a `when` with any other word in it is not passed on.
_TIME_WORDS = frozenset(
    """january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun today tomorrow tonight next this at on by
    before after between and to the of in from until noon midnight morning afternoon evening night am pm a p m o clock oclock half past quarter
    one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty first second third fourth fifth sixth
    seventh eighth ninth tenth week day days hour hours minutes""".split()  # noqa: SIM905
)
_FIGURES = re.compile(r"\d{1,4}(?:st|nd|rd|th|am|pm)?")


def with_numbers(user: User, numbers: Collection[str], without: Request) -> dict[str, list[Dealing]]:
    """The user's calls to these numbers in which a person was reached, newest first."""
    calls = Call.objects.filter(MADE, user=user, number__in=numbers, disclosure_played_at__isnull=False).exclude(request=without)
    rows = calls.order_by("-id").values_list("number", "disclosure_played_at", "brief__kind", "slots")[:MOST_CALLS]
    own = zone(user.time_zone)
    found: dict[str, list[Dealing]] = {}
    for number, reached_at, kind, slots in rows:
        past = found.setdefault(number, [])
        if reached_at is not None and len(past) < MOST_OF_ONE:
            past.append(Dealing(reached_at.astimezone(own).date(), str(kind or ""), _agreed(slots), _reference(slots)))
    return found


def _agreed(slots: list[dict[str, Any]]) -> tuple[Agreed, ...]:
    return tuple(
        Agreed(item_name(slot.get("item")), slot.get("amount_minor"), str(slot.get("currency") or ""), typed_when(str(slot.get("when") or "")))
        for slot in slots
        if slot.get("kind") == "agreed"
    )[:MOST_OF_ONE]


def typed_when(text: str) -> str:
    """The text if it is a date or time and nothing else; empty otherwise."""
    words = re.findall(r"\w+", text.casefold())
    return text.strip() if words and all(word in _TIME_WORDS or _FIGURES.fullmatch(word) for word in words) else ""


def _reference(slots: list[dict[str, Any]]) -> str:
    learned = [slot for slot in slots if slot.get("kind") == "learned" and _REFERENCE_ITEM.search(str(slot.get("item", "")))]
    values = [str(slot.get("value", "")).strip() for slot in learned]
    return next((value for value in reversed(values) if _REFERENCE.fullmatch(value)), "")

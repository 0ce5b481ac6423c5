"""Typed details of a business that a call brought: hours, a price, a reference. Only what reads as such and was heard from the callee.

Pure. What is written here is kept on the contact, marked with the call, and can be taken back there one by one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from calls.conversation.brief import Slot
from context.hours import hours_in_words, parse_hours

_HOURS = re.compile(r"\b(?:hours|open|opening|closing)\b", re.I)
_REFERENCE = re.compile(r"\b(?:reference|confirmation|booking|order|ticket|case|claim)\b.*\b(?:number|code|no|id)\b|\breference\b", re.I)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{2,19}")
MOST_AMOUNT_MINOR = 10_000_000


def details_of(slots: Sequence[Slot], heard: str) -> list[dict[str, Any]]:
    """The details in a call's typed values.

    Args:
        heard: all that the callee said; what a model noted counts only if it was said.
    """
    found: list[dict[str, Any]] = []
    for slot in slots:
        if slot.kind == "learned" and _HOURS.search(slot.item) and (hours := parse_hours(slot.value)) and _said(slot.value, heard):
            found.append({"kind": "hours", "item": "", "value": hours_in_words(hours)})
        elif slot.kind == "learned" and _REFERENCE.search(slot.item) and _is_code(slot.value) and _said(slot.value, heard):
            found.append({"kind": "reference", "item": slot.item, "value": slot.value.upper()})
        elif slot.kind == "agreed" and slot.item and slot.amount_minor is not None and 0 < slot.amount_minor <= MOST_AMOUNT_MINOR:
            found.append({"kind": "price", "item": slot.item, "value": "", "amount_minor": slot.amount_minor, "currency": slot.currency})
    return found


def _is_code(value: str) -> bool:
    return _CODE.fullmatch(value) is not None and any(sign.isdigit() for sign in value)


def _said(value: str, heard: str) -> bool:
    """Whether every number and code of a value was said, with or without spaces and dashes between its signs."""
    squeezed = re.sub(r"[^a-z0-9]", "", heard.casefold())
    parts = [re.sub(r"[^a-z0-9]", "", part) for part in re.findall(r"[^\s:]*\d[^\s:]*", value.casefold())]
    return bool(parts) and all(part in squeezed for part in parts)

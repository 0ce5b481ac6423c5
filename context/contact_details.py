"""Typed details of a contact that calls brought: kept with their call, shown, and taken back one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from context.dates import date_in_words
from context.hours import parse_hours
from context.keeping import change_contact, publish_knowledge
from context.models import Contact
from context.money import format_amount
from context.page_dates import hours_on_a_page

MOST = 20
WORDS = {"hours": "open", "price": "price", "reference": "reference"}


@transaction.atomic
def keep_details(*, contact: Contact, details: Sequence[dict[str, Any]], call: str) -> list[dict[str, Any]]:
    """Keeps details of a call; the newest of a kind and item counts. Safe to do again. Hours that the user gave are not overwritten.

    Returns:
        Those that are new.
    """
    locked = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    kept: list[dict[str, Any]] = list(locked.details)
    new = []
    for detail in details:
        same = [one for one in kept if (one["kind"], one["item"]) == (detail["kind"], detail["item"])]
        if any(one["call"] == call for one in same):
            continue
        if detail["kind"] == "hours" and (not locked.hours or any(parse_hours(one["value"]) == locked.hours for one in same)):
            change_contact(contact=contact, hours=parse_hours(detail["value"]))
        kept = [one for one in kept if one not in same]
        new.append({**detail, "call": call, "at": timezone.now().isoformat()})
        kept.append(new[-1])
    if new:
        change_contact(contact=contact, details=kept[-MOST:])
    return new


@transaction.atomic
def drop_detail(*, contact: Contact, place: int, at: str) -> bool:
    """Takes back the detail at `place`, if it is the one of that moment; hours that came with it go, too."""
    locked = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    if place >= len(locked.details) or locked.details[place]["at"] != at:
        return False
    detail = locked.details.pop(place)
    if detail["kind"] == "hours" and parse_hours(detail["value"]) == locked.hours:
        locked.hours = {}
    locked.save(update_fields=["details", "hours"])
    publish_knowledge(locked)
    return True


def detail_in_words(detail: dict[str, Any]) -> str:
    """E.g. "open Mon-Fri 08:00-17:00", "price of oil change: $120.00"."""
    value = detail["value"] if detail["kind"] != "price" else format_amount(detail["amount_minor"], detail["currency"])
    of = f" of {detail['item']}: " if detail["kind"] == "price" else " "
    return f"{WORDS[detail['kind']]}{of}{value}"


def _hours(detail: dict[str, Any]) -> dict[str, Any] | None:
    return parse_hours(detail["value"]) if detail["kind"] == "hours" else None


def details_shown(contact: Contact) -> list[dict[str, Any]]:
    """As the contact's page shows them, newest first."""
    shown = [
        {
            "place": place,
            "at": detail["at"],
            "words": detail_in_words(detail | {"value": hours_on_a_page(hours)} if (hours := _hours(detail)) else detail),
            "on": noop("from a call, %(date_in_words)s") % {"date_in_words": date_in_words(datetime.fromisoformat(detail["at"]).date())},
        }
        for place, detail in enumerate(contact.details)
    ]
    return shown[::-1]

"""Typed details of a contact that calls brought: kept with their call, shown, and taken back one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from context.dates import date_in_words
from context.figures import amount
from context.hours import parse_hours
from context.keeping import change_contact, publish_knowledge
from context.models import Contact
from context.money import format_amount
from context.page_dates import hours_on_a_page

MOST = 20


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


def remembered(name: str, detail: dict[str, Any]) -> str:
    """A sentence for the timeline, kept in English: "Floyd remembers of Brock Road Garage, from this call: price of oil change: $120."."""
    if detail["kind"] == "price":
        places = {"name": name, "item": detail["item"], "amount": format_amount(detail["amount_minor"], detail["currency"])}
        return noop("Floyd remembers of %(name)s, from this call: price of %(item)s: %(amount)s.") % places
    if detail["kind"] == "hours":
        return noop("Floyd remembers of %(name)s, from this call: open %(week)s.") % {"name": name, "week": detail["value"]}
    return noop("Floyd remembers of %(name)s, from this call: reference %(code)s.") % {"name": name, "code": detail["value"]}


def _read_on_a_page(detail: dict[str, Any]) -> str:
    """One detail for the reader of a page, e.g. "open Mon-Fri 8:00 am-5:00 pm", "price of oil change: $120"."""
    if detail["kind"] == "price":
        return _("price of %(item)s: %(amount)s") % {"item": detail["item"], "amount": amount(detail["amount_minor"], detail["currency"])}
    if detail["kind"] == "hours":
        hours = parse_hours(detail["value"])
        return _("open %(week)s") % {"week": hours_on_a_page(hours) if hours else detail["value"]}
    return _("reference %(code)s") % {"code": detail["value"]}


def details_shown(contact: Contact) -> list[dict[str, Any]]:
    """As the contact's page shows them, newest first."""
    shown = [
        {
            "place": place,
            "at": detail["at"],
            "words": _read_on_a_page(detail),
            "on": noop("from a call, %(date_in_words)s") % {"date_in_words": date_in_words(datetime.fromisoformat(detail["at"]).date())},
        }
        for place, detail in enumerate(contact.details)
    ]
    return shown[::-1]

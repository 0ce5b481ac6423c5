"""What is known about a user at one moment, as JSON: frozen on a request, so that later edits never change it.

Ids are those that plans use: `fact:12`, `contact:3`, `calendar:7`. Facts that are never shared are not copied at all.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from context import selectors
from context.models import CalendarEntry, Contact, Fact, Sensitivity, User

Snapshot = dict[str, Any]


def take_snapshot(*, user: User, now: datetime) -> Snapshot:
    """Profile, facts, contacts and calendar of `user` at `now` (aware)."""
    facts = selectors.confirmed_facts(user).exclude(sensitivity=Sensitivity.NEVER)
    return {
        "taken_at": now.isoformat(),
        "user": {
            "name": user.name,
            "home_area": user.home_area,
            "currency": user.currency,
            "language": user.language,
            "region": user.region,
            "time_zone": user.time_zone,
        },
        "facts": [_fact(fact) for fact in facts],
        "contacts": [_contact(contact) for contact in selectors.contacts(user)],
        "calendar": [_entry(entry) for entry in selectors.calendar_around(user, now)],
    }


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "id": f"fact:{fact.pk}",
        "statement": fact.statement,
        "about": fact.about,
        "topic": fact.topic,
        "sensitivity": fact.sensitivity,
    }


def _contact(contact: Contact) -> dict[str, Any]:
    return {
        "id": f"contact:{contact.pk}",
        "name": contact.name,
        "kind": contact.kind,
        "phone": contact.phone,
        "preferred": contact.preferred,
    }


def _entry(entry: CalendarEntry) -> dict[str, Any]:
    return {
        "id": f"calendar:{entry.pk}",
        "title": entry.title,
        "starts_at": entry.starts_at.isoformat(),
        "ends_at": entry.ends_at.isoformat() if entry.ends_at else None,
        "place": entry.place,
        "contact": f"contact:{entry.contact_id}" if entry.contact_id else None,
    }


def find(snapshot: Snapshot, item_id: str) -> dict[str, Any] | None:
    """The fact, contact or calendar entry with that id."""
    part = {"fact": "facts", "contact": "contacts", "calendar": "calendar"}.get(item_id.partition(":")[0], "")
    return next((item for item in snapshot.get(part, ()) if item["id"] == item_id), None)

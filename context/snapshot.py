"""What is known about a user at one moment and may matter for an ask, as JSON: frozen for a request, so that later edits never change it.

It holds the bounded catalogue of `relevance` and how much was known in all, not a copy of everything (decision 22).
Ids are those that plans use: `fact:12`, `contact:3`, `calendar:7`. Facts that are never shared are not copied at all.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from context import relevance
from context.dates import zone
from context.models import CalendarEntry, Contact, Fact, User

Snapshot = dict[str, Any]


def take_snapshot(*, user: User, now: datetime, ask: str = "") -> Snapshot:
    """Profile, and of facts, contacts and calendar of `user` at `now` (aware) what may matter for `ask`."""
    chosen = relevance.choose(user=user, ask=ask, now=now)
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
        "known": chosen.known,
        "heard": [{"words": words, "name": name} for name, words in chosen.heard.items()],
        "facts": [_fact(fact, user) for fact in chosen.facts],
        "contacts": [as_known(contact) for contact in chosen.contacts],
        "calendar": [_entry(entry) for entry in chosen.entries],
    }


def day_of(snapshot: Snapshot) -> date:
    """The user's own day on which it was taken: what "today" means in the ask."""
    return datetime.fromisoformat(snapshot["taken_at"]).astimezone(zone(snapshot["user"]["time_zone"])).date()


def left_out(snapshot: Snapshot) -> dict[str, int]:
    """How many facts, contacts and appointments were known beyond those in it."""
    known = snapshot.get("known") or {}
    missing = {kind: count - len(snapshot.get(kind, ())) for kind, count in known.items()}
    return {kind: count for kind, count in missing.items() if count > 0}


def ids_in(snapshot: Snapshot) -> set[str]:
    """Of everything in it that a plan may name."""
    return {str(item["id"]) for kind in ("facts", "contacts", "calendar") for item in snapshot.get(kind, ())}


def _fact(fact: Fact, user: User) -> dict[str, Any]:
    return {
        "id": f"fact:{fact.pk}",
        "statement": fact.statement,
        "about": fact.about,
        "topic": fact.topic,
        "sensitivity": fact.sensitivity,
        "noted": fact.created_at.astimezone(zone(user.time_zone)).date().isoformat(),
    }


def as_known(contact: Contact) -> dict[str, Any]:
    """A contact as a snapshot has it."""
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
        "all_day": entry.all_day,
        "place": entry.place,
        "contact": f"contact:{entry.contact_id}" if entry.contact_id else None,
    }


def find(snapshot: Snapshot, item_id: str) -> dict[str, Any] | None:
    """The fact, contact or calendar entry with that id."""
    part = {"fact": "facts", "contact": "contacts", "calendar": "calendar"}.get(item_id.partition(":")[0], "")
    return next((item for item in snapshot.get(part, ()) if item["id"] == item_id), None)

"""What is pushed to open pages when Floyd learns something: the page of what it knows. One query or two each."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from context.kept_words import speaking
from context.known_kinds import Known, kind_of
from context.models import CalendarEntry, Contact, Fact, FactStatus
from context.provenance import came_from
from context.signed_in import zone_of
from live.fragments import register

LISTS = "context/parts/lists.html"


def _placed(target: str, html: str) -> str:
    return f'<hx-partial hx-target="{target}" hx-swap="place">{html}</hx-partial>'


def _gone(place: str) -> str:
    return f'<li id="{place}" hx-swap-oob="delete"></li>'


def _drawn(row: Known | None, ref: str, kind: str, part: str, target: str) -> str:
    """A row where it belongs by its status, and its absence where it does not."""
    in_list, waiting = f"{part}-{ref}", f"proposal-{kind}-{ref}"
    if row is None or row.status == FactStatus.RETIRED:
        return _gone(in_list) + _gone(waiting)
    with timezone.override(zone_of(row.user)), speaking(row.user):
        return _in_its_list(row, in_list, waiting, part, target)


def _in_its_list(row: Known, in_list: str, waiting: str, part: str, target: str) -> str:
    if row.status == FactStatus.PROPOSED:
        shown: dict[str, Any] = {"row": row, "kind": kind_of(row), "source": came_from(row), "pushed": True}
        return _gone(in_list) + _placed("#proposals", render_to_string(f"{LISTS}#proposal", shown))
    return _gone(waiting) + _placed(target, render_to_string(f"{LISTS}#{part}", {part: row, "pushed": True}))


def fact_fragment(ref: str) -> str:
    """A fact, its proposal, or its absence once it is retired or deleted."""
    return _drawn(Fact.objects.select_related("supersedes", "user").filter(pk=ref).first(), ref, "facts", "fact", "#facts")


def contact_fragment(ref: str) -> str:
    """Somebody whom Floyd may call, their proposal, or their absence."""
    return _drawn(Contact.objects.select_related("user").filter(pk=ref).first(), ref, "contacts", "contact", "#contacts")


def calendar_fragment(ref: str) -> str:
    """An appointment, its proposal, or its absence."""
    return _drawn(CalendarEntry.objects.select_related("user").filter(pk=ref).first(), ref, "calendar", "entry", "#calendar")


def register_all() -> None:
    """Called when the app starts."""
    register("fact", fact_fragment)
    register("contact", contact_fragment)
    register("calendar_entry", calendar_fragment)

"""What is pushed to open pages when Floyd learns something: the page of what it knows. One query each."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils import timezone

from context.models import CalendarEntry, Contact, Fact, FactStatus
from context.signed_in import zone_of
from live.fragments import register


def _placed(target: str, html: str) -> str:
    return f'<hx-partial hx-target="{target}" hx-swap="place">{html}</hx-partial>'


def _gone(place: str) -> str:
    return f'<li id="{place}" hx-swap-oob="delete"></li>'


def fact_fragment(ref: str) -> str:
    """A fact, or its absence once it is retired or deleted."""
    fact = Fact.objects.exclude(status=FactStatus.RETIRED).filter(pk=ref).first()
    if fact is None:
        return _gone(f"fact-{ref}")
    return _placed("#facts", render_to_string("context/knows.html#fact", {"fact": fact}))


def contact_fragment(ref: str) -> str:
    """Somebody whom Floyd may call, or their absence."""
    contact = Contact.objects.exclude(status=FactStatus.RETIRED).filter(pk=ref).first()
    return _placed("#contacts", render_to_string("context/knows.html#contact", {"contact": contact})) if contact else _gone(f"contact-{ref}")


def calendar_fragment(ref: str) -> str:
    """An appointment, or its absence."""
    entry = CalendarEntry.objects.exclude(status=FactStatus.RETIRED).select_related("user").filter(pk=ref).first()
    if entry is None:
        return _gone(f"entry-{ref}")
    with timezone.override(zone_of(entry.user)):
        return _placed("#calendar", render_to_string("context/knows.html#entry", {"entry": entry}))


def register_all() -> None:
    """Called when the app starts."""
    register("fact", fact_fragment)
    register("contact", contact_fragment)
    register("calendar_entry", calendar_fragment)

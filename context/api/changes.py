"""What a stream tells when something that Floyd knows changes; of removed contacts and appointments, that they are gone.

The kinds are those of `live.publish`.
"""

from __future__ import annotations

from typing import Any

from context.api.shapes import ContactShape, EntryShape, FactShape
from context.models import CalendarEntry, Contact, Fact, FactStatus


def fact(ref: str) -> dict[str, Any]:
    """A fact."""
    return dict(FactShape(Fact.objects.get(pk=ref)).data)


def contact(ref: str) -> dict[str, Any]:
    """A contact."""
    return dict(ContactShape(Contact.objects.exclude(status=FactStatus.RETIRED).get(pk=ref)).data)


def calendar_entry(ref: str) -> dict[str, Any]:
    """An appointment."""
    return dict(EntryShape(CalendarEntry.objects.exclude(status=FactStatus.RETIRED).get(pk=ref)).data)

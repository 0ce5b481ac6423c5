"""What a correction of an outcome changes besides: the calendar's entry, and what is due at that time."""

from __future__ import annotations

from datetime import datetime

from calls.appointments import add, moment
from context import services as knowledge
from context.models import CalendarEntry, FactStatus
from context.when import When
from requests_app.aftermath import source_ref
from requests_app.next_step import Correction, NextStep
from requests_app.next_steps import WAITING, change_step
from requests_app.outcome import ItemKind
from requests_app.plan import PlanKind


def follow(correction: Correction) -> None:
    """Brings up to date what was derived from a corrected time. Words that name no time change nothing but themselves."""
    request, index = correction.request, correction.item
    if correction.field != "when" or index is None:
        return
    when = moment(request, correction.now)
    if when is None:
        return
    item = (request.outcome or {})["items"][index]
    entry = CalendarEntry.objects.filter(user=request.user, source_ref=source_ref(request, correction.attempt, index)).first()
    if entry is not None and entry.status != FactStatus.RETIRED:
        _move(entry, when)
    elif entry is None and item.get("kind") == ItemKind.AGREED and (request.plan or {}).get("kind") in (PlanKind.BOOK, PlanKind.CHANGE):
        add(request, index, when)
    for step in NextStep.objects.filter(request=request, status__in=WAITING).exclude(due_at=None):
        if step.item == index or (set(step.lines) & set(item.get("lines") or ()) and step.said):
            change_step(step=step, due_at=_at(when, step.due_at))


def _move(entry: CalendarEntry, when: When) -> None:
    starts_at = _at(when, entry.starts_at)
    length = entry.ends_at - entry.starts_at if entry.ends_at else None
    # The user's own word settles what was only proposed.
    knowledge.change_calendar_entry(
        entry=entry, starts_at=starts_at, ends_at=when.end or (starts_at + length if length else None), status=FactStatus.CONFIRMED
    )


def _at(when: When, before: datetime | None) -> datetime:
    """The corrected moment; the hour stays where only a day was named."""
    if when.timed or before is None:
        return when.start
    hour = before.astimezone(when.start.tzinfo)
    return when.start.replace(hour=hour.hour, minute=hour.minute)

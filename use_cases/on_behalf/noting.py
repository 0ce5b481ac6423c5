"""A yes to what a caller wants at a time goes into the calendar of the user who said it, once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop as noop

from context.models import CalendarEntry, Source
from context.services import add_calendar_entry
from requests_app.aftermath import source_ref
from requests_app.life import record_event
from requests_app.models import Question, Request
from requests_app.steps import has_condition

TITLE_LENGTH = 200


def slots_for(*, who: str, about: str, at: datetime | None) -> dict[str, Any]:
    """What the question keeps of an appointment that its yes would make; nothing where no moment was named."""
    return {} if at is None else {"at": at.isoformat(), "title": f"{about[:1].upper()}{about[1:]}, {who}"[:TITLE_LENGTH]}


@transaction.atomic
def note_appointment(question: Question) -> None:
    """Writes down what the user agreed to. A no, and a yes that depends on something, leave the calendar as it is; safe to run again."""
    at = question.slots.get("at")
    if not at or not (question.answer or {}).get("yes") or has_condition(question):
        return
    request = Request.objects.select_for_update(of=("self",), no_key=True).select_related("user").get(pk=question.request_id)
    ref = source_ref(request, request.attempt, 0)
    if CalendarEntry.objects.filter(user=request.user, source_ref=ref).exists():
        return
    title = str(question.slots["title"])
    add_calendar_entry(user=request.user, title=title, starts_at=datetime.fromisoformat(at), source=Source.CALL, source_ref=ref)
    record_event(request_id=request.pk, kind="calendar", text=noop("“%(title)s” is in your calendar.") % {"title": title})

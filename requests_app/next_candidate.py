"""From a business of the directory that could not do it to the next one, or to the user. Each is called once, and a few at most (`candidates`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from requests_app import candidates
from requests_app.candidates import State
from requests_app.hints import hint
from requests_app.life import record_event, transition
from requests_app.models import Request
from requests_app.status import Status


def others_left(request: Request) -> bool:
    """Whether the request is at a business from the directory, and another may be called after it."""
    listed = candidates.read(request.candidates)
    is_listed = candidates.current_of(request.candidates, request.number) is not None
    # The one that is being called will count as called.
    return bool(is_listed and listed and len(listed.tried) + 1 < candidates.MOST_CALLED and listed.left(timezone.now()))


@transaction.atomic
def give_up_on(*, request_id: UUID | str, number: str, why: str, called: bool = True) -> bool:
    """Notes why the business at `number` will not do, and has the next one found, or the user asked.

    Args:
        why: for the user, e.g. "nobody answered".
        called: False when it was not even called, because something forbids it.

    Returns:
        False when the number is not that of a business from the directory, or the request has moved on: nothing was done.
    """
    request = Request.objects.select_for_update(no_key=True).filter(pk=request_id, number=number).first()
    listed = candidates.read(request.candidates) if request else None
    current = candidates.current_of(request.candidates, number) if request else None
    if request is None or listed is None or current is None:
        return False
    listed.set_state(number, State.TRIED if called else State.LEFT_OUT, why)
    columns: dict[str, Any] = {"candidates": candidates.write(listed), "number": "", "number_evidence": ""}
    text = noop("%(name)s: %(why)s. Floyd looks for another.") % {"name": current.name, "why": why.rstrip(". ")}
    if request.status == Status.FINDING_NUMBER:
        Request.objects.filter(pk=request.pk).update(**columns, lease_until=None, updated_at=Now())
        record_event(request_id=request.pk, kind="number", text=text)
    elif request.status not in (Status.SCHEDULED, Status.WRAPPING_UP) or not transition(
        request_id=request.pk, before=Status(request.status), after=Status.FINDING_NUMBER, text=text, **columns
    ):
        return False
    hint("requests.find_number", request.pk)
    return True

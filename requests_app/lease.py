"""A claim on a request: whoever holds the lease works on it, and renews it while it works.

Time is the database's. The end of the lease also tells the holder from a later one: each claim has another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as noop

from live.publish import publish
from requests_app import snapshots
from requests_app.life import topics, transition
from requests_app.models import Request
from requests_app.status import Status

#: Short, so that what a killed worker left is taken up soon; renewed every few seconds.
LEASE = timedelta(seconds=15)


class LeaseLostError(Exception):
    """Somebody else has the request now, or the user stopped it: whatever was being done is of no use any more."""


@dataclass(slots=True)
class Lease:
    """The right to work on one request that is being planned."""

    request: Request
    until: datetime

    def renew(self, **fields: Any) -> None:
        """Stores `fields`, shows them, and holds the request for another while.

        Raises:
            LeaseLostError: the row is no longer ours.
        """
        with transaction.atomic():
            rows = Request.objects.filter(pk=self.request.pk, status=Status.PLANNING, lease_until=self.until)
            if rows.update(lease_until=Now() + LEASE, updated_at=Now(), **fields) != 1:
                raise LeaseLostError
            self.until = _lease_of(self.request.pk)
            if fields:
                publish(topics=topics(self.request.pk, self.request.user_id), kind="request", ref=self.request.pk)


def _lease_of(request_id: UUID | str) -> datetime:
    until = Request.objects.values_list("lease_until", flat=True).get(pk=request_id)
    if until is None:
        raise LeaseLostError
    return until


def due_for_planning() -> Q:
    """Pending requests whose time has come, and resumed ones that nobody has taken yet."""
    now = Now()
    pending = Q(status=Status.PENDING) & (Q(not_before__isnull=True) | Q(not_before__lte=now))
    return pending | Q(status=Status.PLANNING, lease_until__isnull=True)


@transaction.atomic
def claim_for_planning(*, request_id: UUID | str, now: datetime) -> Lease | None:
    """Takes a request to plan it, and freezes what is known at this moment. None: it is not due, or somebody has it."""
    rows = Request.objects.select_for_update(no_key=True, skip_locked=True, of=("self",)).select_related("user", "current_snapshot")
    request = rows.filter(due_for_planning(), pk=request_id).first()
    if request is None:
        return None
    if request.status == Status.PENDING:
        transition(request_id=request.pk, before=Status.PENDING, after=Status.PLANNING, text=noop("Floyd is making a plan."))
    taken = snapshots.current(request=request, now=now)
    Request.objects.filter(pk=request.pk).update(lease_until=Now() + LEASE, not_before=None, current_snapshot=taken, planned_ask=request.ask)
    request.refresh_from_db()
    return Lease(request=request, until=_lease_of(request.pk))

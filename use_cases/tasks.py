"""What is done from time to time, as Celery tasks."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task
from django.db import OperationalError

from use_cases import holdings, missed
from use_cases.on_behalf import telling


@shared_task(name="use_cases.forget_old")
def forget_old() -> None:
    """Forgets calls that came in, and callers that nothing is kept of, when their time is over."""
    holdings.forget_old()


@shared_task(name="use_cases.tell_missed", autoretry_for=(OperationalError,), retry_backoff=30, max_retries=12)
def tell_missed(sid: str, from_: str, to: str) -> None:
    """Tells a caller whose call could not be taken that it works again; tried for hours, as long as the database is away."""
    missed.tell(sid=sid, from_=from_, to=to)


@shared_task(name="use_cases.tell_caller")
def tell_caller(request_id: str) -> None:
    """Tells a caller who did not wait what the user answered."""
    telling.tell_caller(UUID(request_id))

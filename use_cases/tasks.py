"""What is done from time to time, as Celery tasks."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from use_cases import holdings
from use_cases.on_behalf import telling


@shared_task(name="use_cases.forget_old")
def forget_old() -> None:
    """Forgets calls that came in, and callers that nothing is kept of, when their time is over."""
    holdings.forget_old()


@shared_task(name="use_cases.tell_caller")
def tell_caller(request_id: str) -> None:
    """Tells a caller who did not wait what the user answered."""
    telling.tell_caller(UUID(request_id))

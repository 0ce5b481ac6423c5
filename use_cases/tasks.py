"""What is done from time to time, as Celery tasks."""

from __future__ import annotations

from celery import shared_task

from use_cases import holdings


@shared_task(name="use_cases.forget_old")
def forget_old() -> None:
    """Forgets calls that came in, and callers that nothing is kept of, when their time is over."""
    holdings.forget_old()

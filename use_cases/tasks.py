"""What is done from time to time, as Celery tasks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from celery import shared_task
from django.db import OperationalError

from use_cases import holdings, missed, ringing_back, rung_in_vain
from use_cases.on_behalf import telling


@shared_task(name="use_cases.forget_old")
def forget_old() -> None:
    """Forgets calls that came in, and callers that nothing is kept of, when their time is over."""
    holdings.forget_old()


@shared_task(name="use_cases.tell_missed", autoretry_for=(OperationalError,), retry_backoff=30, max_retries=12)
def tell_missed(sid: str, from_: str, to: str, at: str = "") -> None:
    """Tells a caller whose call could not be taken that it works again, or has them called back; tried for hours, as long as the database is away."""
    missed.tell(sid=sid, from_=from_, to=to, at=datetime.fromisoformat(at) if at else None)


@shared_task(name="use_cases.ring_back")
def ring_back(missed_id: str) -> None:
    """Calls somebody back whose call could not be taken, if the gates let it."""
    ringing_back.place(int(missed_id))


@shared_task(name="use_cases.conclude_ring_back")
def conclude_ring_back(call_id: str) -> None:
    """Tells whoever was called back in vain."""
    rung_in_vain.conclude(call_id)


@shared_task(name="use_cases.sweep_missed")
def sweep_missed() -> None:
    """Finds who is to be called back by now, and who is to be told that they were."""
    ringing_back.sweep()


@shared_task(name="use_cases.tell_caller")
def tell_caller(request_id: str) -> None:
    """Tells a caller who did not wait what the user answered."""
    telling.tell_caller(UUID(request_id))

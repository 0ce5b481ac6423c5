"""The reason that a reviewer gave, kept with their session for a working day's half: each call that is opened is logged under it."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

KEPT_FOR = timedelta(hours=4)
_KEY = "review_reason"


def given(request: HttpRequest) -> str:
    """The reason; empty when none was given lately."""
    kept = request.session.get(_KEY) or {}
    return str(kept.get("reason", "")) if kept.get("until", 0) > timezone.now().timestamp() else ""


def give(request: HttpRequest, reason: str) -> None:
    """Keeps the reason."""
    request.session[_KEY] = {"reason": reason, "until": (timezone.now() + KEPT_FOR).timestamp()}

"""The reason that a member of staff gave, kept with their session for a working day's half: what they open is logged under it."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

KEPT_FOR = timedelta(hours=4)
#: A form that was opened under a reason may be sent for so long: what somebody typed into it is not lost to the clock.
FORMS_KEPT_FOR = timedelta(hours=24)
_KEY = "review_reason"


def given(request: HttpRequest) -> str:
    """The reason; empty when none was given lately."""
    return _kept(request, timedelta())


def given_for_form(request: HttpRequest) -> str:
    """The reason under which a form that is sent now may have been opened; empty when there is none."""
    return _kept(request, FORMS_KEPT_FOR - KEPT_FOR)


def _kept(request: HttpRequest, longer: timedelta) -> str:
    kept = request.session.get(_KEY) or {}
    return str(kept.get("reason", "")) if kept.get("until", 0) > (timezone.now() - longer).timestamp() else ""


def give(request: HttpRequest, reason: str) -> None:
    """Keeps the reason."""
    request.session[_KEY] = {"reason": reason, "until": (timezone.now() + KEPT_FOR).timestamp()}

"""Who may see a call: whoever may look at its request."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from calls.models import Call
from requests_app.access import may_watch_request


def may_watch_call(user: Any, call_id: str) -> bool:
    """Whether the live topic `call.<id>` is open to this user."""
    try:
        request_id = Call.objects.values_list("request_id", flat=True).filter(pk=call_id).first()
    except (ValidationError, ValueError):  # not an id at all
        return False
    return request_id is not None and may_watch_request(user, str(request_id))

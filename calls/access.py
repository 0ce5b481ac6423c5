"""Who may see a call: whoever may look at its request. Who may do something with it: its user alone.

A call that came in about nobody's request is shown to staff alone, in the admin.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_noop as noop

from calls.models import MADE, Call
from requests_app.access import Viewer, get_request, look_of, may_watch_request, own_request
from requests_app.errors import NeedsReason, NotFound


def get_call(user: Viewer, call_id: UUID) -> Call:
    """One call, for whoever may look at its request.

    Raises:
        NotFound: there is none, or it is somebody else's; as NeedsReason to staff that did not open its request.
    """
    call = Call.objects.filter(pk=call_id).first()
    if call is None or call.request_id is None:
        raise NotFound(noop("There is no such call."))
    try:
        get_request(user, call.request_id)
    except NeedsReason:
        raise
    except NotFound:
        raise NotFound(noop("There is no such call.")) from None
    return call


def own_call(user: Viewer, call_id: UUID) -> Call:
    """One's own call, to do something with it.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    call = Call.objects.filter(MADE, pk=call_id).first()
    if call is None:
        raise NotFound(noop("There is no such call."))
    try:
        own_request(user, call.made_for.pk)
    except NotFound:
        raise NotFound(noop("There is no such call.")) from None
    return call


def call_in_look(user: Viewer, call_id: UUID) -> Call | None:
    """A call of somebody's request that this member of staff has open; None: of none."""
    call = Call.objects.select_related("request").filter(pk=call_id, request__isnull=False).first()
    return call if call is not None and call.request is not None and look_of(user, call.request) is not None else None


def own_sound(user: Viewer, call_id: UUID) -> Call:
    """A call whose recording this user may hear: it is theirs, made for them or taken for them. Staff hear one by a review.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    call = Call.objects.filter(pk=call_id, user=user.pk).first() if user.is_active else None
    if call is None or call.request_id is None:
        raise NotFound(noop("There is no such call."))
    return call


def may_watch_call(user: Any, call_id: str) -> bool:
    """Whether the live topic `call.<id>` is open to this user."""
    try:
        request_id = Call.objects.values_list("request_id", flat=True).filter(pk=call_id).first()
    except (ValidationError, ValueError):  # not an id at all
        return False
    return request_id is not None and may_watch_request(user, str(request_id))

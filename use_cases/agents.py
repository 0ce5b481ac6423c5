"""Calls that a person took over, or is to take over: what they read of them. The number that they hear in the whisper leads there."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop as noop

from calls.models import OPEN_STATUSES
from calls.review import readings
from context.models import User
from requests_app.access import Viewer, is_staff
from requests_app.errors import NeedsReason, NotFound
from use_cases.models import HandOff, HandOffState

SHOWN = 50
#: What the log calls such a page, and the reason that it gives for whoever has the caller on the phone.
WHAT = "hand-off"
TOOK_OVER = noop("Took over the call")


def hand_offs(user: Viewer) -> QuerySet[HandOff]:
    """The latest ones, without a word of what was said. Raises NotFound for who is not staff."""
    if not is_staff(user):
        raise NotFound(noop("There is no such page."))
    return HandOff.objects.select_related("call__inbound__version").order_by("-pk")[:SHOWN]


def takes_it(user: User, asked: HandOff) -> bool:
    """Whether the call is handed to this very person right now: the phone that rings for it, or took it, is theirs, and the call is on."""
    theirs = user.phone_verified_at is not None and user.phone == asked.call.inbound.version.live_agent != ""
    return theirs and asked.state in (HandOffState.RINGING, HandOffState.TAKEN) and asked.call.status in OPEN_STATUSES


@transaction.atomic
def open_hand_off(user: Viewer, number: int, *, reason: str = "") -> HandOff:
    """One of them, with its call. That somebody reads it is written down before anything is shown.

    Args:
        reason: why; whoever takes the call over just now needs none.

    Raises:
        NotFound: not staff, or no such hand-off; as NeedsReason to staff without a reason.
    """
    rows = HandOff.objects.select_related("call__request", "call__inbound__version", "call__inbound__caller")
    if not is_staff(user) or (found := rows.filter(pk=number).first()) is None:
        raise NotFound(noop("There is no such hand-off."))
    why = TOOK_OVER if takes_it(user, found) else readings.tidy(reason)
    if not why:
        raise NeedsReason(str(found.pk))
    call, whose = found.call, found.call.user_id or found.call.inbound.caller.user_id
    readings.note_request(staff=user, wish=call.request, reason=why)
    readings.note(staff=user, reason=why, what=WHAT, whose=[whose], call=call, row=str(found.pk))
    return found

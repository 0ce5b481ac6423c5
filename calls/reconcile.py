"""Finding out at the carrier what no callback has told: calls of which nobody knows, calls that went quiet, calls nobody wants."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

import requests
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop as noop
from twilio.base.exceptions import TwilioException

from calls import briefing, fault, services
from calls.models import OPEN_STATUSES, Call
from calls.reports import Report
from calls.status import CallStatus
from calls.telephony import live_calls
from requests_app import services as requests_services
from requests_app.models import QuestionKind
from requests_app.status import ENDED, Status

log = logging.getLogger(__name__)

#: The carrier's clock and ours may differ by this much.
CLOCK_SKEW = timedelta(seconds=60)
#: Between two looks at one call, and the next look once the user has been asked.
LOOK_AGAIN = timedelta(seconds=10)
LOOK_AGAIN_ASKED = timedelta(seconds=60)
CARRIER_ERRORS = (TwilioException, requests.RequestException)


def mark_abandoned(call_id: UUID | str) -> None:
    """The process that was ordering this call is dead: nobody knows whether the order left."""
    services.doubt(call_id, why="the process that placed it ended", ask_user_after=timedelta(seconds=settings.DIAL_UNKNOWN_AFTER_S))
    fault.point("doubted")


def look_for(client: Any, call_id: UUID | str) -> None:
    """Looks for a call of which nobody knows; when it was long enough not to be found, asks the user. Never dials."""
    call = Call.objects.filter(pk=call_id, status=CallStatus.UNKNOWN, carrier_sid=None).first()
    if call is None:
        return
    try:
        found = live_calls.find(client, to=call.dialled, from_=call.caller_id or settings.TWILIO_NUMBER, since=call.created_at - CLOCK_SKEW)
    except CARRIER_ERRORS as error:
        log.warning("call %s: the carrier's list could not be read: %s", call_id, type(error).__name__)
        found = []
    fault.point("listed")
    mine = _only_one_it_can_be(call, found)
    if mine:
        report = Report(status=mine.status, at=mine.ended_at, seconds=mine.seconds, certain=False)
        services.take_report(call_id=call.pk, sid=mine.sid, report=report)
        fault.point("found")
    elif call.lease_until is None or call.lease_until <= timezone.now():
        ask_user(call.pk)


def _only_one_it_can_be(call: Call, found: list[live_calls.CarrierCall]) -> live_calls.CarrierCall | None:
    """The one listed call that belongs to no other row. With any doubt nothing is taken: callbacks tell for sure.

    Rows are read after the list, and unresolved ones before the owned ones: a call that another process places meanwhile
    is either still unresolved here, or has its sid by then.
    """
    unresolved = [CallStatus.SENDING, CallStatus.UNKNOWN]
    if Call.objects.filter(dialled=call.dialled, status__in=unresolved, carrier_sid=None).exclude(pk=call.pk).exists():
        return None
    owned = set(Call.objects.filter(carrier_sid__in=[each.sid for each in found]).values_list("carrier_sid", flat=True))
    free = [each for each in found if each.sid not in owned]
    return free[0] if len(free) == 1 else None


@transaction.atomic
def ask_user(call_id: UUID | str) -> None:
    """Nothing was seen of the call: only the user can say whether to call again. Asked once for each call."""
    call = services.lock(call_id)
    if call is None or call.status != CallStatus.UNKNOWN or call.carrier_sid:
        return
    # Who was to be rung back is not rung again, and nobody is asked.
    if call.is_rung_back or call.made_for.status in ENDED:
        services.save(call, status=CallStatus.FAILED, error="never seen at the carrier", ended_at=timezone.now(), lease_until=None)
        return
    request = call.made_for
    services.save(call, lease_until=timezone.now() + LOOK_AGAIN_ASKED)
    if request.status != Status.CALLING:
        return
    name = briefing.callee_name(request)
    fault.point("asking")
    requests_services.transition(
        request_id=request.pk,
        before=Status.CALLING,
        after=Status.WAITING_FOR_USER,
        text=noop("Floyd can't tell whether %(name)s was called.") % {"name": name},
    )
    requests_services.ask_question(
        request=request,
        kind=QuestionKind.YES_NO,
        text=noop("I can't tell whether %(name)s was called. Call again?") % {"name": name},
        step="dial",
        slots={"call": str(call.pk)},
        question_id=uuid5(call.pk, "dial"),
    )


def look_up(client: Any, call_id: UUID | str, *, end_it: bool) -> None:
    """Asks the carrier how a quiet call stands and takes that in; `end_it`: hangs up first.

    A call that the carrier does not know (any more) counts as ended.
    """
    due = Q(lease_until=None) | Q(lease_until__lt=Now())
    if not Call.objects.filter(due, pk=call_id, status__in=OPEN_STATUSES).update(lease_until=Now() + LOOK_AGAIN):
        return
    call = Call.objects.get(pk=call_id)
    if call.carrier_sid is None:
        return
    try:
        if end_it:
            live_calls.hang_up(client, call.carrier_sid)
        seen = live_calls.look_up(client, call.carrier_sid)
    except CARRIER_ERRORS as error:
        log.warning("call %s: the carrier could not be asked: %s", call_id, type(error).__name__)
        return
    now = timezone.now()
    if seen is None:
        seen = live_calls.CarrierCall(sid=call.carrier_sid, status=CallStatus.COMPLETED if call.started_at else CallStatus.FAILED)
    report = Report(status=seen.status, at=seen.ended_at or now, seconds=seen.seconds)
    services.take_report(call_id=call.pk, sid=seen.sid, report=report)

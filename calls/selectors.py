"""What is due. Each sweep reads these; whoever acts on a row claims it first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import DateTimeField, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Now

from calls.conversation.effects import EndReason
from calls.models import MADE, RUNG_BACK, Call, CarrierEvent
from calls.status import ENDS, CallStatus
from requests_app.models import Request
from requests_app.opt_out import OptOut
from requests_app.status import ENDED, Status

BATCH = 200
#: Hints get this long before the sweep takes a row for forgotten.
HINT_GRACE = timedelta(seconds=2)
#: The media process writes a heartbeat every 5 s; silent for longer than this, the call is nobody's (closed within a minute).
HEARTBEAT_SILENT = timedelta(seconds=40)
#: A ringing call is told about at least this often: 45 s of ringing, and the carrier's own delay.
RINGING_SILENT = timedelta(seconds=75)
#: Rings back somebody who said STOP. Who has picked up hangs up.
_UNWANTED = RUNG_BACK & Q(Exists(OptOut.objects.filter(number=OuterRef("number"))), status__in=[CallStatus.PLACED, CallStatus.RINGING])
#: What a stopped call may take to say goodbye.
GOODBYE = timedelta(seconds=10)
#: How long a call that nobody ever saw is looked for.
LOOKED_FOR = timedelta(hours=1)


def _ago(span: timedelta) -> Any:
    return ExpressionWrapper(Now() - Value(span, output_field=DurationField()), output_field=DateTimeField())


def requests_to_place() -> list[UUID]:
    """Requests with a number that wait for nothing but their call."""
    found = Q(status=Status.FINDING_NUMBER, updated_at__lt=_ago(HINT_GRACE)) & (Q(lease_until=None) | Q(lease_until__lt=Now()))
    due = Q(status=Status.SCHEDULED) & (Q(not_before=None) | Q(not_before__lte=Now()))
    return list(Request.objects.filter(found | due).exclude(number="").order_by("not_before", "pk").values_list("pk", flat=True)[:BATCH])


def calls_to_order() -> list[UUID]:
    """New calls that nobody has ordered, though their process had the time."""
    return _ids(Call.objects.filter(status=CallStatus.NEW, created_at__lt=_ago(HINT_GRACE)))


def calls_abandoned() -> list[UUID]:
    """Calls whose process died between claim and record."""
    return _ids(Call.objects.filter(status=CallStatus.SENDING, lease_until__lt=Now()))


def calls_to_look_for() -> list[UUID]:
    """Calls of which nobody knows whether they were placed: at every sweep until the user is asked, seldom after."""
    unknown = Call.objects.filter(status=CallStatus.UNKNOWN, carrier_sid=None)
    waiting = Q(request__status=Status.WAITING_FOR_USER) & (Q(lease_until__gt=Now()) | Q(created_at__lt=_ago(LOOKED_FOR)))
    return _ids(unknown.exclude(waiting))


def calls_gone_quiet() -> list[UUID]:
    """Calls that nobody has answered and of which nothing was heard for longer than a telephone rings."""
    ringing = [CallStatus.PLACED, CallStatus.RINGING]
    return _ids(_not_just_looked_at().filter(status__in=ringing, created_at__lt=_ago(RINGING_SILENT)))


def calls_to_end() -> list[UUID]:
    """Calls that go on though they may not: stopped by the user or by STOP, abandoned by their media process, or longer than any may be."""
    live = [CallStatus.PLACED, CallStatus.RINGING, CallStatus.IN_PROGRESS]
    stopped = MADE & Q(request__status__in=ENDED) & (Q(status__in=[CallStatus.PLACED, CallStatus.RINGING]) | Q(request__ended_at__lt=_ago(GOODBYE)))
    silent = Q(heartbeat_at__lt=_ago(HEARTBEAT_SILENT)) | Q(heartbeat_at=None, started_at__lt=_ago(HEARTBEAT_SILENT))
    # Nobody waits on hold for more than half an hour, whatever the plan says.
    too_long = Q(started_at__lt=_ago(timedelta(minutes=settings.MAX_CALL_MINUTES + 30)))
    # One that was handed to a person has no media process; the carrier tells its end.
    abandoned = Q(status=CallStatus.IN_PROGRESS) & silent & ~Q(end_reason=EndReason.HANDED_OFF)
    return _ids(_not_just_looked_at().filter(stopped | _UNWANTED | abandoned | too_long, status__in=live))


def calls_stopped_by_text(opt_out_id: int) -> list[UUID]:
    """Calls back that ring at a number whose owner said STOP."""
    return _ids(_not_just_looked_at().filter(_UNWANTED, number__in=OptOut.objects.filter(pk=opt_out_id).values("number")))


def calls_to_wrap_up() -> list[UUID]:
    """Ended calls whose request does not know it yet, or whose wrap-up died."""
    calling = Q(request__status=Status.CALLING)
    died = Q(request__status=Status.WRAPPING_UP) & (Q(request__lease_until=None) | Q(request__lease_until__lt=Now()))
    latest = Call.objects.filter(MADE, status__in=ENDS, attempt=F("request__attempt"))
    return _ids(latest.filter(calling | died).filter(Q(ended_at=None) | Q(ended_at__lt=_ago(HINT_GRACE))))


def events_to_process() -> list[int]:
    """Carrier's callbacks that were stored but not processed."""
    return list(CarrierEvent.objects.filter(processed_at=None, received_at__lt=_ago(HINT_GRACE)).order_by("pk").values_list("pk", flat=True)[:BATCH])


def _not_just_looked_at() -> QuerySet[Call]:
    return Call.objects.exclude(carrier_sid=None).filter(Q(lease_until=None) | Q(lease_until__lt=Now()))


def _ids(calls: QuerySet[Call]) -> list[UUID]:
    return list(calls.order_by("pk").values_list("pk", flat=True)[:BATCH])

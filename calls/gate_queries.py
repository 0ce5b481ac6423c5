"""Gathers what the gates want to know about one dial."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from calls.briefing import hold_minutes
from calls.gates import Callee, Dial, Others, Rules, Usage
from calls.models import MADE, OPEN_STATUSES, RUNG_BACK, Call, Suppression
from calls.reserving import day_of, wanted_minutes
from calls.status import CallStatus
from context.dates import start_of_day
from context.models import User
from requests_app.models import Request
from requests_app.opening import opening_of
from requests_app.status import Status


def dial_facts(request: Request) -> Dial:
    """All facts about calling for `request` now."""
    return Dial(
        callee=_callee(request),
        rules=rules(),
        usage=usage_of(request.user, wanted_minutes(hold_minutes(request))),
        others=_others(request),
        user_time_zone=request.user.time_zone,
        now=timezone.now(),
        put_off_until=request.put_off_until if request.put_off_number in ("", request.number) else None,
    )


def _callee(request: Request) -> Callee:
    contact, known = request.contact, opening_of(request)
    return Callee(
        number=request.number,
        # Marked on any of the user's contacts with this number, also where the request found the number by another way.
        do_not_call=request.user.contacts.filter(phone=request.number, do_not_call=True).exists() or bool(contact and contact.do_not_call),
        suppressed=Suppression.objects.filter(number=request.number).exists(),
        time_zone=known.time_zone,
        hours=known.hours,
        closed_until=known.closed_until,
    )


def rules() -> Rules:
    """What the site allows."""
    return Rules(
        countries=frozenset(settings.ALLOWED_COUNTRIES),
        calling_hours=settings.CALLING_HOURS,
        has_line=bool(settings.TWILIO_ACCOUNT_SID and settings.TWILIO_NUMBER),
        own_number=settings.TWILIO_NUMBER,
        dial_only=settings.DIAL_ONLY,
    )


def usage_of(user: User, wanted: int) -> Usage:
    """What the user's day came to so far. `wanted`: minutes that the next call takes at most."""
    today = Call.objects.filter(MADE, user=user, created_at__gte=start_of_day(user.time_zone, timezone.now()))
    day = day_of(user)
    caps = [settings.MAX_CALLS_PER_DAY, *([] if user.calls_per_day is None else [user.calls_per_day])]
    return Usage(
        # What the carrier refused never rang anywhere.
        calls=today.exclude(status=CallStatus.FAILED, carrier_sid=None).count(),
        max_calls=min(caps),
        minutes=day.minutes,
        max_minutes=day.max_minutes,
        wanted_minutes=wanted,
        spending=day.spending,
    )


def _others(request: Request) -> Others:
    open_calls = Call.objects.filter(MADE, status__in=OPEN_STATUSES)
    return Others(
        call_open_for_request=open_calls.filter(request=request).exists(),
        call_open_for_number=open_calls.filter(user=request.user, number=request.number).exclude(request=request).exists()
        or Call.objects.filter(RUNG_BACK, number=request.number, status__in=OPEN_STATUSES).exists(),
        same_ask_under_way=_same_ask(request).exists(),
    )


def _same_ask(request: Request) -> QuerySet[Request]:
    """Earlier requests with the same words to the same number that were still going on when this one came in."""
    return (
        Request.objects.filter(user=request.user, number=request.number, ask__iexact=request.ask, pk__lt=request.pk)
        .filter(Q(ended_at=None) | Q(ended_at__gt=request.created_at))
        .exclude(status__in=[Status.FAILED, Status.CANCELLED])
    )

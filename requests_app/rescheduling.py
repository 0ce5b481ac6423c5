"""The user's word about a request that waits for its time: call now, or not today. The gates look at it all the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from context import opening_hours
from context.dates import soon_in_words, zone
from context.models import User
from live.publish import publish
from requests_app.errors import NotFound, NotPossibleNow
from requests_app.hints import hint
from requests_app.life import put_off, record_event, topics, transition
from requests_app.models import Request
from requests_app.opening import hindrance, opening_of, overrule
from requests_app.status import Status

NOT_WAITING = noop("Only a request that waits for its time can be put off or called at once.")
NOT_FOR_TODAY = noop("It isn't planned for today.")
WAITS_ON = noop("The request waits for the next hour at which it may.")
MAY_OVERRULE = noop("Say “call anyway” if you know better.")


def waits(request: Request, now: datetime) -> bool:
    """Whether it waits for a time, and nothing else."""
    starts_later = request.status == Status.PENDING and request.not_before is not None and request.not_before > now
    return request.status == Status.SCHEDULED or starts_later


def is_for_today(request: Request, now: datetime) -> bool:
    """Whether it waits for a time of the user's own day."""
    here = zone(request.user.time_zone)
    return waits(request, now) and (request.not_before or now).astimezone(here).date() <= now.astimezone(here).date()


@transaction.atomic
def call_now(*, request_id: UUID | str, user: User, though_closed: bool = False) -> Request:
    """Does at once what waits for its time. The caps of the day still hold, and say so.

    Args:
        though_closed: call also when they are listed as closed; calling hours hold all the same.

    Raises:
        NotFound: not this user's.
        NotPossibleNow: it does not wait for a time, or the hour forbids it; the message says which.
    """
    request = _waiting(request_id, user)
    if (found := hindrance(request, timezone.now())) is not None:
        if not (found.listed and though_closed):
            raise NotPossibleNow(f"{found.words} {MAY_OVERRULE if found.listed else WAITS_ON}")
        overrule(request)
    text = noop("You asked Floyd to go on at once.")
    if request.status == Status.SCHEDULED:
        transition(request_id=request.pk, before=Status.SCHEDULED, after=Status.FINDING_NUMBER, text=text, **put_off(None))
        hint("requests.find_number", request.pk)
    else:
        _move(request, None, text)
        hint("requests.pick_up", request.pk)
    request.refresh_from_db()
    return request


@transaction.atomic
def not_today(*, request_id: UUID | str, user: User) -> Request:
    """Puts a request off to the next day, at the same time or as soon after as they can be called.

    Raises:
        NotFound: not this user's.
        NotPossibleNow: it does not wait for a time of today.
    """
    request, now = _waiting(request_id, user), timezone.now()
    if not is_for_today(request, now):
        raise NotPossibleNow(NOT_FOR_TODAY)
    tomorrow = _tomorrow(request, now)
    _move(request, tomorrow, noop("You said not today. Next try %(tomorrow)s.") % {"tomorrow": soon_in_words(tomorrow, user.time_zone, now)})
    request.refresh_from_db()
    return request


def _waiting(request_id: UUID | str, user: User) -> Request:
    rows = Request.objects.select_for_update(no_key=True, of=("self",)).select_related("user", "contact")
    request = rows.filter(pk=request_id, user=user).first()
    if request is None:
        raise NotFound(noop("There is no such request."))
    if not waits(request, timezone.now()):
        raise NotPossibleNow(NOT_WAITING)
    return request


def _tomorrow(request: Request, now: datetime) -> datetime:
    """The same time on the clocks of the user's next day, also across a change of the clocks."""
    local = max(request.not_before or now, now).astimezone(zone(request.user.time_zone))
    same_time = datetime.combine(local.date() + timedelta(days=1), local.time(), local.tzinfo)
    if not request.number:
        return same_time
    known = opening_of(request)
    where = opening_hours.zones(request.number, known.time_zone, request.user.time_zone)
    return opening_hours.next_time(max(same_time, known.closed_until or same_time), where, settings.CALLING_HOURS, known.hours) or same_time


def _move(request: Request, not_before: datetime | None, text: str) -> None:
    Request.objects.filter(pk=request.pk).update(not_before=not_before, lease_until=None, updated_at=Now(), **put_off(not_before))
    record_event(request_id=request.pk, kind="rescheduled", text=text)
    publish(topics=topics(request.pk, request.user_id), kind="request", ref=request.pk)

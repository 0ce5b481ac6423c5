"""How long ended requests are kept, and forgetting them: with all that was written, said and known for them.

The site sets bounds, as the law at its place asks; within them each user chooses. What a user marks as kept stays until they let it go. Facts,
contacts and appointments are no records: they stay, and only lose their link to where they came from.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import DurationField, Exists, F, Func, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Greatest, Least, Now
from django.utils.translation import gettext_noop as noop

from context.models import CalendarEntry, Contact, Fact, User
from live.models import Change, Topic
from live.publish import publish
from requests_app.errors import NotFound
from requests_app.life import topics
from requests_app.models import Message, MessageStatus, Request
from requests_app.next_step import NextStep, StepStatus
from requests_app.status import ENDED

Row = TypeVar("Row", bound=Model)

log = logging.getLogger(__name__)

MOST_AT_ONCE = 200
MOST_MESSAGES_AT_ONCE = 1000
#: A message that may still be sent is left alone.
UNDER_WAY = (MessageStatus.NEW, MessageStatus.SENDING)

#: Forgets what an app keeps beside a request, before its row goes; False: not yet.
Step = Callable[[Request], bool]
_steps: list[Step] = []


def register(step: Step) -> None:
    """Has `step` done before a request goes, in the same transaction. Call it from an app's `ready`."""
    if step not in _steps:
        _steps.append(step)


def days_of(user: User | None) -> int | None:
    """For how many days this user's ended requests are kept; None: for good."""
    bounds = [days for days in (settings.KEEP_RECORDS_DAYS, user.keep_days if user else None) if days]
    return max(min(bounds), settings.KEEP_RECORDS_LEAST_DAYS) if bounds else None


def goes_at(wish: Request) -> datetime | None:
    """When an ended request is deleted; None: not at all, as things are."""
    days = days_of(wish.user)
    return None if wish.kept or wish.ended_at is None or days is None else wish.ended_at + timedelta(days=days)


def past(rows: QuerySet[Row], *, ended: str, keep_days: str = "user__keep_days") -> QuerySet[Row]:
    """Those of some rows whose time is over.

    Args:
        ended: column that says when they ended.
        keep_days: path to the preference of whose they are, if they are a user's.
    """
    most, least = settings.KEEP_RECORDS_DAYS, Value(settings.KEEP_RECORDS_LEAST_DAYS)
    # Named first: rows of nobody are to be among them.
    named = rows.annotate(chosen_days=F(keep_days))
    if not most:
        named = named.filter(chosen_days__isnull=False)
    # The database takes the least of what is known: who chose nothing has the site's bound.
    days = Greatest(Least(F("chosen_days"), Value(most)) if most else F("chosen_days"), least)
    over: QuerySet[Any] = named.filter(
        **{f"{ended}__lt": Now() - Func(days, template="make_interval(days => %(expressions)s)", output_field=DurationField())}
    )
    return over


def due() -> QuerySet[Request]:
    """Requests whose time is over. One that something still hangs on is left: a reminder to come, a follow-up that is not done."""
    steps = NextStep.objects.filter(request=OuterRef("pk"), status__in=(StepStatus.PROPOSED, StepStatus.OPEN), due_at__gt=Now())
    goes_on = Request.objects.filter(parent=OuterRef("pk")).exclude(status__in=ENDED)
    ended = Request.objects.filter(status__in=ENDED, kept=False, learn_after=None)
    return past(ended, ended="ended_at").exclude(Exists(steps)).exclude(Exists(goes_on))


@transaction.atomic
def keep(*, request_id: UUID | str, user: User, kept: bool = True) -> Request:
    """Keeps a request for good, or lets it go when its time comes.

    Raises:
        NotFound: not this user's.
    """
    wish = Request.objects.select_for_update(no_key=True, of=("self",)).select_related("user").filter(pk=request_id, user=user).first()
    if wish is None:
        raise NotFound(noop("There is no such request."))
    if wish.kept != kept:
        Request.objects.filter(pk=wish.pk).update(kept=kept, updated_at=Now())
        publish(topics=topics(wish.pk, user.pk), kind="request", ref=wish.pk)
        wish.refresh_from_db()
    return wish


def forget_old() -> int:
    """Deletes requests whose time is over, and messages about none. Returns how many requests went."""
    found = list(due().order_by("ended_at").values_list("pk", flat=True)[:MOST_AT_ONCE])
    gone = sum(_forget(pk) for pk in found)
    old = past(Message.objects.filter(request=None, copy_of=None).exclude(status__in=UNDER_WAY), ended="created_at")
    Message.objects.filter(pk__in=list(old.order_by("created_at").values_list("pk", flat=True)[:MOST_MESSAGES_AT_ONCE])).delete()
    if gone:
        log.info("%s requests were kept long enough and are deleted", gone)
    return gone


@transaction.atomic
def _forget(request_id: Any) -> bool:
    wish = due().select_for_update(skip_locked=True, of=("self",)).select_related("user").filter(pk=request_id).first()
    if wish is None or not all(step(wish) for step in _steps):
        return False
    wish.messages.all().delete()
    ref = f"request:{wish.pk}"
    for model in (Fact, Contact, CalendarEntry):
        rows: QuerySet[Any] = model._default_manager.filter(Q(source_ref=ref) | Q(source_ref__startswith=f"{ref}:"), user=wish.user)
        rows.update(source_ref="")
    LogEntry.objects.filter(object_id=str(wish.pk)).delete()
    user_id = wish.user_id
    wish.delete()
    # Topics last: whoever writes about a request has its row first and its topic then.
    forget_topic(f"request.{request_id}")
    publish(topics=[f"user.{user_id}"], kind="request_gone", ref=request_id)
    return True


def forget_topic(name: str) -> None:
    """The live changes of something that is gone."""
    Change.objects.filter(topic=name).delete()
    Topic.objects.filter(name=name).delete()

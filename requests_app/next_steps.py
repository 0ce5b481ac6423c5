"""Making, changing and delivering what comes after a request. Each step happens when it is due, exactly once, whatever dies in between.

A step's moment is taken by one conditional UPDATE, in the same transaction that queues its message: either both are there or none.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from context.dates import moment_in_words
from context.models import User
from live.publish import publish
from requests_app.errors import NotFound, NotPossibleNow
from requests_app.intake import take_request
from requests_app.life import record_event, stop_request, topics
from requests_app.messages import queue_message
from requests_app.models import Channel, Request
from requests_app.next_step import NextStep, StepKind, StepStatus
from requests_app.status import Status

log = logging.getLogger(__name__)

TEXT_LENGTH = 300
MOST_OPEN = 200
BATCH = 50
#: A request that follows from one that follows from one … ends somewhere, whatever callees say.
LONGEST_CHAIN = 3
FARTHEST = timedelta(days=400)
WAITING = (StepStatus.PROPOSED, StepStatus.OPEN)


def _show(step: NextStep) -> None:
    if step.request_id is not None:
        publish(topics=topics(step.request_id, step.user_id), kind="request", ref=step.request_id)


def _check_due(due_at: datetime | None) -> None:
    now = timezone.now()
    if due_at is not None and not now - timedelta(minutes=1) <= due_at <= now + FARTHEST:
        raise NotPossibleNow(noop("Give a moment that lies ahead, within a year."))


@transaction.atomic
def add_step(*, user: User, request: Request | None, kind: StepKind, text: str, key: str | None = None, **fields: Any) -> NextStep:
    """Notes a step. The same `key` gives the step that is there. Further fields as on the model."""
    if key is not None and (known := NextStep.objects.filter(key=key).first()):
        return known
    step = NextStep.objects.create(user=user, request=request, kind=kind, text=text.strip()[:TEXT_LENGTH], key=key, **fields)
    if step.kind == StepKind.CALL_AGAIN and step.status == StepStatus.OPEN:
        _make_follow_up(step)
    _show(step)
    return step


def add_reminder(*, user: User, text: str, due_at: datetime, request: Request | None = None) -> NextStep:
    """The user wants to be reminded.

    Raises:
        NotPossibleNow: nothing to remind of, a moment that has passed, or too many reminders.
    """
    _check_due(due_at)
    if not any(character.isalnum() for character in text):
        raise NotPossibleNow(noop("Say what Floyd is to remind you of."))
    if NextStep.objects.filter(user=user, status__in=WAITING).count() >= MOST_OPEN:
        raise NotPossibleNow(noop("You have %(most_open)s reminders. Cancel some that you no longer need.") % {"most_open": MOST_OPEN})
    return add_step(user=user, request=request, kind=StepKind.REMINDER, text=text, due_at=due_at)


@transaction.atomic
def change_step(*, step: NextStep, text: str | None = None, due_at: datetime | None = None) -> NextStep:
    """The user puts a step off, or words it anew. A proposed one is accepted by that.

    Raises:
        NotPossibleNow: it is over, or the moment has passed.
    """
    locked = _waiting(step)
    _check_due(due_at)
    if text is not None and text.strip():
        locked.text = text.strip()[:TEXT_LENGTH]
    locked.due_at = due_at or locked.due_at
    if locked.kind != StepKind.NOTE and locked.due_at is None:
        raise NotPossibleNow(noop("Say when."))
    locked.status, locked.updated_at = StepStatus.OPEN, timezone.now()
    locked.save(update_fields=["text", "due_at", "status", "updated_at"])
    if locked.kind == StepKind.CALL_AGAIN:
        _make_follow_up(locked)
    _show(locked)
    return locked


@transaction.atomic
def cancel_step(*, step: NextStep) -> NextStep:
    """The user does not want it; a call that was to follow is not made.

    Raises:
        NotPossibleNow: it is over.
    """
    locked = _waiting(step)
    NextStep.objects.filter(pk=locked.pk).update(status=StepStatus.CANCELLED, updated_at=Now())
    if locked.follow_up is not None and locked.follow_up.status == Status.PENDING:
        stop_request(request_id=locked.follow_up.pk, user=locked.user)
    _show(locked)
    locked.refresh_from_db()
    return locked


def own_step(user: Any, step_id: int, *, lock: bool = False) -> NextStep:
    """One of the user's own; with `lock` held until the transaction ends.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    rows = NextStep.objects.select_related("user", "request", "follow_up").filter(pk=step_id, user_id=user.pk)
    step = (rows.select_for_update(no_key=True, of=("self",)) if lock else rows).first()
    if step is None:
        raise NotFound(noop("There is no such reminder or follow-up."))
    return step


def _waiting(step: NextStep) -> NextStep:
    locked = NextStep.objects.select_for_update(no_key=True, of=("self",)).select_related("user", "request", "follow_up").get(pk=step.pk)
    if locked.status not in WAITING:
        raise NotPossibleNow(noop("This is over: it cannot be changed any more."))
    return locked


# --- another call ---


def chain_length(request: Request) -> int:
    """How many requests a request follows from, one after the other."""
    length, parent = 0, request.parent
    while parent is not None and length <= LONGEST_CHAIN:
        length, parent = length + 1, parent.parent
    return length


def _make_follow_up(step: NextStep) -> None:
    """The request that calls again, waiting for its time: the user's own words, and what came of the first. Made once; moved with its step."""
    first = step.request
    if first is None or step.due_at is None:
        return
    wish = step.follow_up
    if wish is None:
        wish, _ = take_request(user=step.user, ask=first.ask, channel=Channel(first.channel), client_key=f"follow-up:{step.pk}")
        step.follow_up = wish
        NextStep.objects.filter(pk=step.pk).update(follow_up=wish)
        when = moment_in_words(step.due_at, step.user.time_zone)
        record_event(
            request_id=first.pk, kind="follow_up", text=noop("Floyd calls again on %(when)s.") % {"when": when}, data={"request": str(wish.pk)}
        )
    # It is planned when it is due, with what is known by then.
    waiting = Request.objects.filter(pk=wish.pk, status=Status.PENDING)
    if waiting.update(parent=first, not_before=step.due_at, updated_at=Now()):
        publish(topics=topics(wish.pk, step.user_id), kind="request", ref=wish.pk)


# --- when it is time ---


def deliver_due() -> int:
    """Delivers what is due. Returns how many."""
    due = NextStep.objects.filter(status=StepStatus.OPEN, due_at__lte=Now()).exclude(kind=StepKind.NOTE)
    return sum(deliver(pk) for pk in due.order_by("due_at").values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def deliver(step_id: int) -> bool:
    """Delivers one step, if it is due and nobody has: many may try at once."""
    taken = NextStep.objects.filter(pk=step_id, status=StepStatus.OPEN, due_at__lte=Now())
    if taken.update(status=StepStatus.DONE, done_at=Now(), updated_at=Now()) != 1:
        return False
    step = NextStep.objects.select_related("user", "request").get(pk=step_id)
    if step.kind == StepKind.REMINDER:
        queue_message(user=step.user, body=noop("Reminder: %(text)s") % {"text": step.text}, request=step.request, dedupe_key=f"step:{step.pk}")
        if step.request_id is not None:
            record_event(request_id=step.request_id, kind="reminder", text=noop("Floyd reminded you: %(text)s") % {"text": step.text})
    _show(step)
    return True

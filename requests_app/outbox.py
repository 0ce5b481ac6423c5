"""The outbox, whatever the way: each message is sent at most once, and where nobody knows whether it was, that is known."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from requests_app.hints import hint
from requests_app.messages import TASKS, fall_back, publish_message, try_again
from requests_app.models import Message, MessageStatus, Way

M = MessageStatus
LEASE = timedelta(seconds=30)
RETRY_AFTER = timedelta(seconds=5)
#: What cannot be handed over for so long goes another way.
PATIENCE = timedelta(minutes=30)
MOST_AT_ONCE = 200
#: Reports come doubled and reordered: a state only moves to a higher rank, so every order ends alike.
RANK: dict[str, int] = {M.NEW: 0, M.SENDING: 1, M.UNKNOWN: 2, M.SENT: 3, M.FAILED: 4, M.DELIVERED: 5}


def _due() -> Q:
    free = Q(lease_until=None) | Q(lease_until__lte=Now())
    return free & (Q(not_before=None) | Q(not_before__lte=Now())) & Q(status=M.NEW, outbound=True)


def claim(message_id: UUID | str, way: Way) -> Message | None:
    """Takes a message to send it. None: it is not due, or somebody has it. Safe to run any number of times at once."""
    if Message.objects.filter(_due(), pk=message_id, way=way).update(status=M.SENDING, lease_until=Now() + LEASE) != 1:
        return None
    return Message.objects.select_related("user", "request", "question").get(pk=message_id)


@transaction.atomic
def give_back(message: Message) -> None:
    """It certainly did not leave us: it is tried again soon, and after half an hour of that goes another way."""
    too_old = Q(created_at__lt=Now() - PATIENCE) & (Q(not_before=None) | Q(not_before__lt=Now() - PATIENCE))
    if Message.objects.filter(too_old, pk=message.pk, status=M.SENDING).exists():
        settle(message, M.FAILED, error_code="too-long")
        return
    Message.objects.filter(pk=message.pk, status=M.SENDING).update(status=M.NEW, lease_until=Now() + RETRY_AFTER)


@transaction.atomic
def settle(message: Message, status: MessageStatus, *, carrier_sid: str = "", error_code: str = "") -> None:
    """Raises a message to a state, once. What a report has told since stays. One that failed goes another way, else is tried again."""
    row = Message.objects.select_for_update(no_key=True, of=("self",)).get(pk=message.pk)
    before = (row.status, row.carrier_sid, row.error_code)
    if RANK.get(status, 0) > RANK.get(row.status, 0):
        row.status = status
        row.error_code = error_code[:10]
    if carrier_sid and row.carrier_sid is None:
        row.carrier_sid = carrier_sid
    if before == (row.status, row.carrier_sid, row.error_code):
        return
    row.lease_until = None
    row.save(update_fields=["status", "carrier_sid", "error_code", "lease_until"])
    publish_message(row)
    if row.status == M.FAILED and before[0] != M.FAILED and fall_back(row) is None:
        try_again(row, timezone.now())


def sweep() -> None:
    """Messages whose hint was lost, or whose morning has come, are hinted; those whose sender died are unknown, and not sent again."""
    for message in Message.objects.filter(status=M.SENDING, lease_until__lt=Now())[:MOST_AT_ONCE]:
        settle(message, M.UNKNOWN)
    for message_id, way in due():
        hint(TASKS[way], message_id)


def due() -> list[tuple[UUID, Way]]:
    """Messages to be sent now, and how."""
    rows = Message.objects.filter(_due()).order_by("created_at").values_list("pk", "way")[:MOST_AT_ONCE]
    return [(message_id, Way(way)) for message_id, way in rows]

"""Sends the outbox's text messages, each at most once, and reads what the carrier says became of them."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

import requests
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from twilio.base.exceptions import TwilioException

from calls import fault
from calls.models import Call
from calls.telephony.client import make_client
from calls.telephony.placing import NotNow, Refused, read_error
from requests_app.hints import hint
from requests_app.messages import publish_message
from requests_app.models import Message, MessageStatus

log = logging.getLogger(__name__)

M = MessageStatus
LEASE = timedelta(seconds=30)
RETRY_AFTER = timedelta(seconds=5)
NO_LINE = "no-line"
#: Reports come doubled and reordered: a state only moves to a higher rank, so every order ends alike.
RANK: dict[str, int] = {M.NEW: 0, M.SENDING: 1, M.UNKNOWN: 2, M.SENT: 3, M.FAILED: 4, M.DELIVERED: 5}
#: The carrier's words for it.
FROM_CARRIER: dict[str, MessageStatus] = {
    **dict.fromkeys(("accepted", "queued", "sending", "sent", "scheduled"), M.SENT),
    **dict.fromkeys(("delivered", "read"), M.DELIVERED),
    **dict.fromkeys(("failed", "undelivered", "canceled"), M.FAILED),
}


def send(message_id: UUID | str) -> None:
    """Sends a message of the outbox. Safe to run any number of times at once: one of them sends."""
    due = Message.objects.filter(Q(lease_until=None) | Q(lease_until__lte=Now()), pk=message_id, outbound=True, status=M.NEW)
    if due.update(status=M.SENDING, lease_until=Now() + LEASE) != 1:
        return
    message = Message.objects.get(pk=message_id)
    if not (settings.TWILIO_ACCOUNT_SID and settings.TWILIO_NUMBER):
        _settle(message, M.FAILED, error_code=NO_LINE)
        return
    fault.point("text-claimed")
    try:
        sent = make_client(settings).messages.create(
            to=message.peer,
            from_=settings.TWILIO_NUMBER,
            body=message.body,
            status_callback=f"{settings.PUBLIC_URL}/twilio/message-status/{message.pk}",
        )
    except (TwilioException, requests.RequestException, ValueError) as error:
        _record_error(message, error)
        return
    fault.point("text-answered")
    _settle(message, M.SENT, carrier_sid=sent.sid)


def _record_error(message: Message, error: Exception) -> None:
    answer = read_error(error)
    if isinstance(answer, NotNow):
        # Nothing left us, or the carrier says that it did not process it: the one case in which sending again is safe.
        Message.objects.filter(pk=message.pk, status=M.SENDING).update(status=M.NEW, lease_until=Now() + RETRY_AFTER)
    elif isinstance(answer, Refused):
        log.warning("message %s refused by the carrier: %s", message.pk, answer.code)
        _settle(message, M.FAILED, error_code=str(answer.code))
    else:
        log.warning("message %s: not known whether it was sent", message.pk)
        _settle(message, M.UNKNOWN)


@transaction.atomic
def _settle(message: Message, status: MessageStatus, *, carrier_sid: str = "", error_code: str = "") -> None:
    """Raises a message to a state, once. What a callback has told since stays."""
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


def take_report(*, message_id: UUID | str, sid: str, status: str, error_code: str = "") -> None:
    """Takes in what the carrier says became of a message. Reports of unknown messages and unknown words are dropped."""
    message = Message.objects.filter(pk=message_id, outbound=True).first()
    known = FROM_CARRIER.get(status)
    if message and known and message.carrier_sid in {None, sid}:
        _settle(message, known, carrier_sid=sid, error_code=error_code)


def sweep() -> None:
    """Messages whose hint was lost are hinted again; those whose sender died are marked unknown, and not sent again."""
    for message in Message.objects.filter(status=M.SENDING, lease_until__lt=Now())[:200]:
        _settle(message, M.UNKNOWN)
    for message_id in due_ids():
        hint("calls.send_message", message_id)


def due_ids() -> list[UUID]:
    """Messages to be sent now."""
    due = Message.objects.filter(Q(lease_until=None) | Q(lease_until__lte=Now()), status=M.NEW, outbound=True)
    return list(due.order_by("created_at").values_list("pk", flat=True)[:200])


def tell_whom_to_play(call: Call, name: str) -> None:
    """Where one developer's phone stands for every callee: a text there says who is being called. Part of the caller's transaction."""
    message = Message.objects.create(
        user=call.user,
        request=call.request,
        outbound=True,
        peer=call.dialled,
        body=f"Floyd is about to call you in place of {name}. Please play their part.",
        dedupe_key=f"play:{call.pk}",
    )
    publish_message(message)
    hint("calls.send_message", message.pk)

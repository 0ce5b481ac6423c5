"""Sends the outbox's text messages, each at most once, and reads what the carrier says became of them."""

from __future__ import annotations

import logging
from uuid import UUID

import requests
from django.conf import settings
from django.utils.translation import gettext_noop as noop
from twilio.base.exceptions import TwilioException

from calls import fault
from calls.models import Call
from calls.telephony.client import make_client
from calls.telephony.placing import NotNow, Refused, read_error
from context.kept_words import said, speaking
from requests_app.hints import hint
from requests_app.messages import BODY_LENGTH, TASKS, publish_message
from requests_app.models import Message, MessageStatus, Way
from requests_app.opt_out import CARRIER_REFUSES, WANTS_NONE, Word, take_word, wants_texts
from requests_app.outbox import claim, give_back, settle

log = logging.getLogger(__name__)

M = MessageStatus
NO_LINE = "no-line"
#: The carrier's words for it.
FROM_CARRIER: dict[str, MessageStatus] = {
    **dict.fromkeys(("accepted", "queued", "sending", "sent", "scheduled"), M.SENT),
    **dict.fromkeys(("delivered", "read"), M.DELIVERED),
    **dict.fromkeys(("failed", "undelivered", "canceled"), M.FAILED),
}


def send(message_id: UUID | str) -> None:
    """Sends a message of the outbox. Safe to run any number of times at once: one of them sends."""
    message = claim(message_id, Way.TEXT)
    if message is None:
        return
    if not (settings.TWILIO_ACCOUNT_SID and settings.TWILIO_NUMBER):
        settle(message, M.FAILED, error_code=NO_LINE)
        return
    if not wants_texts(message.peer):
        settle(message, M.FAILED, error_code=WANTS_NONE)
        return
    fault.point("text-claimed")
    try:
        sent = make_client(settings).messages.create(
            to=message.peer,
            from_=settings.TWILIO_NUMBER,
            body=body_of(message),
            status_callback=f"{settings.PUBLIC_URL}/twilio/message-status/{message.pk}",
        )
    except (TwilioException, requests.RequestException, ValueError) as error:
        _record_error(message, error)
        return
    fault.point("text-answered")
    settle(message, M.SENT, carrier_sid=sent.sid)


def body_of(message: Message) -> str:
    """What is texted: the words, and where they lead to, unless they say so themselves."""
    address = f"{settings.SITE_URL}{message.link}" if message.link else ""
    if not address or address in message.body:
        return message.body[:BODY_LENGTH]
    return f"{message.body[: BODY_LENGTH - len(address) - 1]}\n{address}"


def _record_error(message: Message, error: Exception) -> None:
    answer = read_error(error)
    if isinstance(answer, NotNow):
        # Nothing left us, or the carrier says that it did not process it: the one case in which sending again is safe.
        give_back(message)
    elif isinstance(answer, Refused):
        log.warning("message %s refused by the carrier: %s", message.pk, answer.code)
        if str(answer.code) == CARRIER_REFUSES:
            take_word(number=message.peer, word=Word.STOP)
        settle(message, M.FAILED, error_code=str(answer.code))
    else:
        log.warning("message %s: not known whether it was sent", message.pk)
        settle(message, M.UNKNOWN)


def take_report(*, message_id: UUID | str, sid: str, status: str, error_code: str = "") -> None:
    """Takes in what the carrier says became of a message. Reports of unknown messages and unknown words are dropped."""
    message = Message.objects.filter(pk=message_id, outbound=True).first()
    known = FROM_CARRIER.get(status)
    if message and known and message.carrier_sid in {None, sid}:
        settle(message, known, carrier_sid=sid, error_code=error_code)


def tell_whom_to_play(call: Call, name: str) -> None:
    """Where one developer's phone stands for every callee: a text there says who is being called. Part of the caller's transaction."""
    with speaking(call.user):
        words = said(noop("Floyd is about to call you in place of %(name)s. Please play their part.") % {"name": name})
    message = Message.objects.create(
        user=call.user,
        request=call.request,
        outbound=True,
        peer=call.dialled,
        body=words,
        dedupe_key=f"play:{call.pk}",
    )
    publish_message(message)
    hint(TASKS[Way.TEXT], message.pk)

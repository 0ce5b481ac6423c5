"""Text messages of users: an answer to what Floyd asked, or a new request. The sender's number is a hint for routing, not proof."""

from __future__ import annotations

import re

from django.db import transaction

from context.models import User
from requests_app.answers import AnswerResult, Taken, answer_question
from requests_app.errors import InvalidAsk
from requests_app.intake import create_request
from requests_app.life import UNANSWERED
from requests_app.messages import BODY_LENGTH, publish_message, queue_message
from requests_app.models import Channel, Message, MessageStatus, Question

#: Words that carriers act on themselves: no answer, and no request.
CARRIER_WORDS = frozenset(
    {"stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "start", "unstop", "help", "info"}
)


def is_carrier_word(body: str) -> bool:
    """Whether a message is nothing but a word with which people steer the carrier."""
    return re.sub(r"[^a-z ]", "", body.casefold()).strip() in CARRIER_WORDS


@transaction.atomic
def receive_message(*, peer: str, body: str, carrier_sid: str) -> Message:
    """Takes a text message in, once per `carrier_sid`.

    From a user's verified number it answers the newest open question, else it is a new request. From any other number it
    is stored, and nothing else happens.

    Args:
        peer: sender in E.164, as the carrier's signed callback says.
    """
    user = User.objects.filter(phone=peer, phone_verified_at__isnull=False, is_active=True).first() if peer else None
    if user is not None:
        # One message of a user at a time, so that a repeat of the carrier waits for the first and finds it.
        User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    body = body.replace("\x00", "")[:BODY_LENGTH]
    message, is_new = Message.objects.get_or_create(
        carrier_sid=carrier_sid,
        defaults={"user": user, "peer": peer[:16], "body": body, "outbound": False, "status": MessageStatus.RECEIVED},
    )
    if not is_new or user is None:
        return message
    if not is_carrier_word(body):
        _act_on(message, user)
    publish_message(message)
    return message


def _act_on(message: Message, user: User) -> None:
    question = Question.objects.filter(request__user=user, status__in=UNANSWERED).select_related("request").order_by("-pk").first()
    if question is not None:
        message.question, message.request = question, question.request
        message.save(update_fields=["question", "request"])
        result = answer_question(question_id=question.pk, text=message.body, by="sms")
        _reply_when_needed(message, user, result)
        return
    try:
        message.request = create_request(user=user, ask=message.body, channel=Channel.SMS, client_key=f"sms:{message.carrier_sid}")
        message.save(update_fields=["request"])
    except InvalidAsk as error:
        queue_message(user=user, body=str(error), dedupe_key=f"reply:{message.pk}")


def _reply_when_needed(message: Message, user: User, result: AnswerResult) -> None:
    """Says what was not understood. A taken answer shows in what happens next, and the way to the tap was sent already."""
    if result.taken in {Taken.NOT_UNDERSTOOD, Taken.TOO_LATE}:
        queue_message(user=user, body=result.text, request=result.question.request, question=result.question, dedupe_key=f"reply:{message.pk}")

"""The outbox and the inbox of text messages. Rows only: whoever talks to the carrier sends what is due."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from context.models import User
from live.publish import publish
from requests_app.hints import hint
from requests_app.models import Message, MessageStatus, Question, Request

BODY_LENGTH = 1600


def publish_message(message: Message) -> None:
    """Shows a new or changed message on the pages of its user and its request."""
    topics = [f"user.{message.user_id}"] if message.user_id else []
    if message.request_id:
        topics.append(f"request.{message.request_id}")
    if topics:
        publish(topics=topics, kind="message", ref=message.pk)


@transaction.atomic
def queue_message(
    *, user: User, body: str, request: Request | None = None, question: Question | None = None, dedupe_key: str | None = None
) -> Message | None:
    """Puts a text message to the user into the outbox.

    Args:
        dedupe_key: names what is said; a second message of the same key is the first one.

    Returns:
        The message, or None when the user has no verified number: then pages are the only way.
    """
    if not user.phone or user.phone_verified_at is None:
        return None
    message = Message(
        user=user,
        request=request,
        question=question,
        outbound=True,
        peer=user.phone,
        body=body[:BODY_LENGTH],
        status=MessageStatus.NEW,
        dedupe_key=dedupe_key or None,
    )
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        if not dedupe_key:
            raise
        return Message.objects.get(dedupe_key=dedupe_key)
    publish_message(message)
    hint("calls.send_message", message.pk)
    return message

"""Telling a user something: the outbox and the inbox of texts, emails and notifications. Rows only: senders take what is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from context.choices import TellBy
from context.kept_words import said, speaking
from context.models import User
from context.signed_in import zone_of
from live.publish import publish
from requests_app.hints import hint
from requests_app.models import Message, MessageStatus, Question, Request, Way
from requests_app.telling import Matters, quiet_until, waits_until, ways_for

#: What one text message holds; what is longer is cut for the carrier only.
BODY_LENGTH = 1600
LONGEST = 20_000
SUBJECT_LENGTH = 200
#: Who sends: a task per way.
TASKS = {Way.TEXT: "calls.send_message", Way.EMAIL: "requests.send_email", Way.PUSH: "requests.send_push"}

#: What carriers say of troubles that pass: a full queue, a phone that is off, an unknown trouble, a jam.
#: https://www.twilio.com/docs/api/errors
PASSING = frozenset({"30001", "30003", "30008", "30017"})
#: How long a text waits that is sent again for one of these.
AGAIN_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
#: What goes out sooner than this does not wait for a morning.
A_MOMENT = timedelta(seconds=30)


def publish_message(message: Message) -> None:
    """Shows a new or changed message on the pages of its user and its request."""
    topics = [f"user.{message.user_id}"] if message.user_id else []
    if message.request_id:
        topics.append(f"request.{message.request_id}")
    if topics:
        publish(topics=topics, kind="message", ref=message.pk)


@transaction.atomic
def queue_message(
    *,
    user: User,
    body: str,
    request: Request | None = None,
    question: Question | None = None,
    dedupe_key: str | None = None,
    subject: str = "",
    link: str = "",
    matters: Matters = Matters.SOON,
    came_by: Way | None = None,
) -> Message | None:
    """Tells the user something once, by the way they like best; by all they have when they chose so.

    Args:
        body, subject: kept sentences are said in the user's language.
        dedupe_key: names what is said; a second message of the same key is the first one, whatever its way.
        subject: of an email; empty: made from what it is about.
        link: path of the page it leads to; empty: the request's.
        matters: whether it may wait for the end of the user's quiet hours.
        came_by: the way by which the user wrote, for a reply.

    Returns:
        The message, or None when no way leads to the user: then pages are the only one.
    """
    ways = ways_for(user, request, came_by)
    if not ways:
        return None
    about: dict[str, Any] = {"request": request, "question": question, "link": link or (request.get_absolute_url() if request else "")}
    when: dict[str, Any] = {"urgent": matters is Matters.NOW, "not_before": _earliest(user, request, matters)}
    first = _written(user, ways[0], body=body, subject=subject, dedupe_key=dedupe_key or None, **about, **when)
    if not saved(first):
        return Message.objects.get(dedupe_key=dedupe_key)
    publish_message(first)
    _hint(first)
    for way in ways[1:] if user.tell_by == TellBy.ALL else ():
        repeat(first, way)
    return first


def _written(user: User, way: Way, *, body: str, subject: str, **fields: Any) -> Message:
    """A message to the user by that way, in their language, not yet saved. Further fields as on the model."""
    with speaking(user):
        words, title = said(body), said(subject)
    return Message(user=user, outbound=True, way=way, peer=peer_of(user, way), subject=title[:SUBJECT_LENGTH], body=words[:LONGEST], **fields)


def saved(message: Message) -> bool:
    """Inserts it; False when one with its key is there."""
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        if not message.dedupe_key:
            raise
        return False
    return True


def _earliest(user: User, request: Request | None, matters: Matters) -> datetime | None:
    """When it may go out; None: now. As long as its request can be taken back, nothing of it leaves Floyd."""
    undo_until = request.undo_until if request is not None and request.undo_left_s else None
    return max(filter(None, (undo_until, waits_until(user, matters, timezone.now()))), default=None)


@transaction.atomic
def follow_quiet_hours(user: User) -> None:
    """What waits for the user's morning goes out when their quiet hours end by now: at once, when it is in none of them."""
    now = timezone.now()
    until = quiet_until(now.astimezone(zone_of(user)), user.quiet_from, user.quiet_to)
    # A text that is tried again, and what can be taken back for a moment, wait for something else.
    is_try = Q(copy_of__isnull=False, copy_of__way=F("way"))
    waiting = Message.objects.filter(~is_try, user=user, outbound=True, urgent=False, status=MessageStatus.NEW, not_before__gt=now + A_MOMENT)
    for message in waiting.select_for_update(no_key=True, of=("self",)):
        if message.not_before != until:
            message.not_before = until
            message.save(update_fields=["not_before"])
            publish_message(message)
            _hint(message)


def peer_of(user: User, way: Way | str) -> str:
    """Where a message goes by that way; a notification goes to whatever browsers the user has then."""
    return {Way.TEXT: user.phone, Way.EMAIL: user.email, Way.PUSH: ""}[Way(way)]


@transaction.atomic
def repeat(message: Message, way: Way) -> Message | None:
    """Says the same by another way, once; None when that was done before."""
    assert message.user is not None
    first = message.copy_of or message
    copy = Message(
        user=message.user,
        request_id=first.request_id,
        question_id=first.question_id,
        outbound=True,
        way=way,
        peer=peer_of(message.user, way),
        subject=first.subject,
        body=first.body,
        link=first.link,
        urgent=first.urgent,
        template=first.template,
        not_before=first.not_before,
        dedupe_key=f"{first.pk}:{way}",
        copy_of=first,
    )
    if not saved(copy):
        return None
    _hint(copy)
    return copy


@transaction.atomic
def try_again(message: Message, now: datetime) -> Message | None:
    """Sends a text again that the carrier could not deliver for a reason that passes; None when it is final, or was tried enough."""
    if message.status != MessageStatus.FAILED or message.way != Way.TEXT or message.error_code not in PASSING:
        return None
    first = message.copy_of or message
    tries = Message.objects.filter(copy_of=first, way=message.way, peer=message.peer).count()
    if tries >= len(AGAIN_AFTER):
        return None
    same = ("user_id", "request_id", "question_id", "way", "peer", "subject", "body", "link", "urgent", "template")
    copy = Message(
        **{name: getattr(message, name) for name in same},
        outbound=True,
        copy_of=first,
        not_before=now + AGAIN_AFTER[tries],
        dedupe_key=f"{first.pk}:{message.way}:{tries + 1}",
    )
    return copy if saved(copy) else None


def _hint(message: Message) -> None:
    if message.not_before is None:
        hint(TASKS[Way(message.way)], message.pk)


@transaction.atomic
def fall_back(message: Message) -> Message | None:
    """What did not reach the user by one way goes by the next; None when there is no other, or all were tried."""
    user = message.user
    if user is None or message.status != MessageStatus.FAILED:
        return None
    first = message.copy_of or message
    tried = {first.way, *Message.objects.filter(copy_of=first).values_list("way", flat=True)}
    left = [way for way in ways_for(user, first.request) if way not in tried]
    return repeat(message, left[0]) if left else None

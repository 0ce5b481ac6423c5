"""Texts and emails to people who are no users: one message to one address, said once. Users are told things by `messages.queue_message`."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_noop as noop

from context.bounced import is_bounced
from requests_app.hints import hint
from requests_app.message_templates import Words
from requests_app.messages import LONGEST, SUBJECT_LENGTH, TASKS, publish_message, saved
from requests_app.models import Message, Way
from requests_app.opt_out import wants_texts


class CannotSendError(Exception):
    """There is no way to that person; the message says why, in words that they may be told."""


def send_text(*, to: str, words: Words, dedupe_key: str) -> Message:
    """Texts somebody, once per key: a second time gives the first message, whatever its words.

    Args:
        to: in E.164; empty: they withheld their number.

    Raises:
        CannotSendError: there is no number, or its owner wants no texts; the message says so.
    """
    if not to:
        raise CannotSendError(noop("There is no number to send a text to."))
    if not wants_texts(to):
        raise CannotSendError(noop("Texts to that number were stopped by its owner. They can text START to get them again."))
    return _queue(way=Way.TEXT, peer=to, words=words, dedupe_key=dedupe_key)


def send_email(*, to: str, words: Words, dedupe_key: str) -> Message:
    """Mails somebody, once per key. `to` is an address that they gave before.

    Raises:
        CannotSendError: that is no address, or nobody gets mail there.
    """
    try:
        validate_email(to)
    except ValidationError:
        raise CannotSendError(noop("There is no email address on file.")) from None
    if is_bounced(to):
        raise CannotSendError(noop("Mail to the address on file came back: nobody has it."))
    return _queue(way=Way.EMAIL, peer=to, words=words, dedupe_key=dedupe_key)


@transaction.atomic
def _queue(*, way: Way, peer: str, words: Words, dedupe_key: str) -> Message:
    message = Message(
        outbound=True,
        way=way,
        peer=peer,
        subject=words.subject[:SUBJECT_LENGTH],
        body=words.text[:LONGEST],
        template=words.template,
        dedupe_key=dedupe_key,
    )
    if not saved(message):
        return Message.objects.get(dedupe_key=dedupe_key)
    publish_message(message)
    hint(TASKS[way], message.pk)
    return message

"""A mail has come in. To a question's address it is an answer, from the user to their own address a request; the rest is read for facts.

The address of a question is a secret of that one mail, and a user's own address one of theirs; who sent a mail is believed only as far
as the receiving server could prove it. Words of strangers are kept as words: none of them becomes an answer or a request.
"""

from __future__ import annotations

import logging
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from context.choices import Learning
from context.mail.invitations import read_appointments
from context.mail.parse import ParsedMail
from context.mail.proof import is_proven
from context.mail_address import is_email_verified, user_at
from context.mail_models import Mail, Mailbox, MailStatus
from context.models import User
from context.signed_in import zone_of
from requests_app.answers import Taken, answer_question
from requests_app.errors import RequestError
from requests_app.hints import hint
from requests_app.intake import create_request
from requests_app.mail.own_words import ask_in, own_words
from requests_app.mail.returned import take_returned
from requests_app.messages import publish_message, queue_message
from requests_app.models import Channel, Message, MessageStatus, Question, Way
from requests_app.reply_address import read_local_part
from requests_app.telling import Matters

log = logging.getLogger(__name__)


def take_in(mail: ParsedMail, *, mailbox: Mailbox) -> None:
    """What came to Floyd's own mailbox. Mail for nobody we know is left where it is."""
    if take_returned(mail):
        return
    for name in _names_at_floyd(mail.recipients):
        if (question_id := read_local_part(name)) is not None:
            _answer(mail, question_id)
            return
        if (user := user_at(name)) is not None:
            if not _ask(mail, user):
                keep(mail, user=user, mailbox=mailbox)
            return


def _names_at_floyd(recipients: tuple[str, ...]) -> list[str]:
    ours = [address.rpartition("@")[0] for address in recipients if address.rpartition("@")[2] == settings.MAIL_DOMAIN]
    return [name.removeprefix(settings.MAIL_PREFIX) for name in ours if name.startswith(settings.MAIL_PREFIX)]


def _is_from(user: User, mail: ParsedMail) -> bool:
    return mail.sender == user.email.lower() and is_email_verified(user) and user.is_active


def _received(mail: ParsedMail, user: User, words: str, question: Question | None = None) -> Message | None:
    """The user's words in their thread with Floyd, once; None when this mail was there before."""
    message = Message(
        user=user,
        question=question,
        request=question.request if question else None,
        outbound=False,
        way=Way.EMAIL,
        peer=mail.sender,
        subject=mail.subject,
        body=words,
        status=MessageStatus.RECEIVED,
        dedupe_key=f"mail:{mail.digest}",
    )
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        return None
    return message


@transaction.atomic
def _answer(mail: ParsedMail, question_id: UUID) -> None:
    """An answer to exactly the question that was asked. It counts from the user's own address only, and never from a program."""
    question = Question.objects.select_related("request__user").filter(pk=question_id).first()
    if question is None or mail.automatic or not _is_from(question.request.user, mail):
        log.info("a reply to question %s is not from its user", question_id)
        return
    user, words = question.request.user, own_words(mail.text)
    message = _received(mail, user, words, question)
    if message is None:
        return
    publish_message(message)
    result = answer_question(question_id=question.pk, text=words, by="email")
    if result.taken in {Taken.NOT_UNDERSTOOD, Taken.TOO_LATE}:
        _reply(message, user, result.text)


@transaction.atomic
def _ask(mail: ParsedMail, user: User) -> bool:
    """Makes a request of what the user asks for; False when the mail is no ask, or nobody can say whether it is theirs."""
    if mail.automatic or not _is_from(user, mail) or not is_proven(mail.results, mail.sender, settings.MAIL_AUTHSERV_ID):
        return False
    ask = ask_in(mail.subject, mail.text)
    if not ask:
        return False
    message = _received(mail, user, ask)
    if message is None:
        return True
    try:
        message.request = create_request(user=user, ask=ask, channel=Channel.EMAIL, client_key=f"mail:{mail.digest}")
        message.save(update_fields=["request"])
    except RequestError as error:
        _reply(message, user, str(error))
    publish_message(message)
    return True


def _reply(message: Message, user: User, text: str) -> None:
    queue_message(
        user=user,
        body=text,
        request=message.request,
        question=message.question,
        dedupe_key=f"reply:{message.pk}",
        matters=Matters.NOW,
        came_by=Way.EMAIL,
    )


def keep(mail: ParsedMail, *, user: User, mailbox: Mailbox | None) -> Mail | None:
    """Keeps a mail to be read for facts, once by its Message-ID and its content; None when it was there, is our own, or none is wanted."""
    if user.mail_learning == Learning.NEVER or _is_ours(mail):
        return None
    appointments = read_appointments(mail.calendar, zone_of(user), timezone.now()) if mail.calendar else []
    row = Mail(
        user=user,
        mailbox=mailbox,
        message_id=mail.message_id,
        digest=mail.digest,
        sender=mail.sender,
        sender_name=mail.sender_name,
        subject=mail.subject,
        text=mail.text,
        cut=mail.cut,
        attachments=list(mail.attachments),
        events=[one.as_json() for one in appointments],
        sent_at=mail.sent_at,
        status=MailStatus.NEW if mail.text or appointments else MailStatus.SKIPPED,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return None
    hint("requests.learn_from_mail", row.pk)
    return row


def _is_ours(mail: ParsedMail) -> bool:
    """Floyd learns nothing from what it wrote itself."""
    own = settings.MAIL_FROM.rpartition("<")[2].rstrip(">").lower()
    return bool(own) and mail.sender == own

"""Sends the outbox's emails, each at most once."""

from __future__ import annotations

import logging
import re
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from context.bounced import is_bounced, note_bounce
from context.kept_words import speaking
from context.mail.delivery_status import means_nobody
from context.mail_address import forwarding_address
from providers import registry
from providers.mailer import NotSentError, OutgoingMail
from providers.types import ProviderError
from requests_app.life import UNANSWERED
from requests_app.messages import SUBJECT_LENGTH
from requests_app.models import BOUNCED, Message, MessageStatus, Way
from requests_app.outbox import claim, give_back, settle
from requests_app.reply_address import reply_address

log = logging.getLogger(__name__)

M = MessageStatus
NO_SENDER = "no-sender"
SUBJECT_WORDS = 60
FOOTER_OF_A_CALL = "You asked for this on the phone. It was sent by an AI assistant; nothing else is sent to this address."
FOOTER = noop("Floyd wrote this because you asked it to tell you things by email: %(settings)s")


def send(message_id: UUID | str) -> None:
    """Sends an email of the outbox. Safe to run any number of times at once: one of them sends."""
    message = claim(message_id, Way.EMAIL)
    if message is None:
        return
    if not settings.MAIL_FROM:
        settle(message, M.FAILED, error_code=NO_SENDER)
        return
    if is_bounced(message.peer):
        settle(message, M.FAILED, error_code=BOUNCED)
        return
    try:
        registry.mailer(settings).send(mail_of(message))
    except NotSentError as error:
        log.warning("message %s not sent by email: %s", message.pk, error.code)
        if error.permanent:
            if means_nobody(error.code):
                note_bounce(address=message.peer, code=error.code)
            settle(message, M.FAILED, error_code=error.code)
        else:
            give_back(message)
    except ProviderError:
        log.warning("message %s: not known whether it was sent", message.pk)
        settle(message, M.UNKNOWN)
    else:
        settle(message, M.SENT)


def mail_of(message: Message) -> OutgoingMail:
    """The mail in the user's language: words, the link, how to answer. Text only, so that nothing in it can be more than words."""
    with speaking(message.user):
        return _mail_of(message)


def _mail_of(message: Message) -> OutgoingMail:
    domain = settings.MAIL_DOMAIN or settings.MAIL_FROM.rpartition("@")[2].rstrip(">")
    link = f"{settings.SITE_URL}{message.link}" if message.link else ""
    parts = [message.body]
    if link and link not in message.body:
        parts.append(link)
    answerable = message.question is not None and message.question.status in UNANSWERED and bool(settings.MAIL_DOMAIN)
    if answerable:
        parts.append(_("You can answer by replying to this email; only what you write above the quoted text counts."))
    parts.append("-- \n" + (_(FOOTER) % {"settings": f"{settings.SITE_URL}/settings/#telling"} if message.user_id else FOOTER_OF_A_CALL))
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if message.request_id:
        # Mail programs show what has the same first reference as one conversation.
        headers["References"] = f"<request-{message.request_id}@{domain}>"
    return OutgoingMail(
        sender=f"Floyd <{settings.MAIL_FROM}>" if "<" not in settings.MAIL_FROM else settings.MAIL_FROM,
        to=message.peer,
        subject=subject_of(message),
        text="\n\n".join(parts) + "\n",
        message_id=f"<{message.pk}@{domain}>",
        reply_to=_reply_to(message, answerable=answerable),
        headers=headers,
    )


def _reply_to(message: Message, *, answerable: bool) -> str:
    if answerable and message.question_id:
        return reply_address(message.question_id)
    return forwarding_address(message.user) if message.user is not None else ""


def subject_of(message: Message) -> str:
    """One line: the given one, else the request's title, else the beginning of the words."""
    plan = (message.request.plan if message.request else None) or {}
    words = message.subject or str(plan.get("title") or "") or (message.request.ask if message.request else message.body)
    line = re.sub(r"[\s\x00-\x1f]+", " ", words).strip()
    if not message.subject and len(line) > SUBJECT_WORDS:
        line = line[:SUBJECT_WORDS].rpartition(" ")[0] + "…"
    return (_("Floyd asks: %(line)s") % {"line": line} if message.question_id else line)[:SUBJECT_LENGTH]

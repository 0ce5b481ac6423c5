"""Visits to mailboxes: claimed, read a few mails at a time, put off when something is wrong, and paused when only the owner can mend it."""

from __future__ import annotations

import logging
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as noop
from imapclient import IMAPClient

from context.mail.imap import Fetched, Login, MailboxError, Place, new_mails, opened
from context.mail.parse import UnreadableError, parse
from context.mail_models import Mailbox, MailboxStatus
from requests_app.hints import hint
from requests_app.mail import arriving
from requests_app.messages import queue_message

log = logging.getLogger(__name__)

#: Longer than a visit can take.
LEASE = timedelta(minutes=5)
#: A wrong password is tried so often, for servers refuse good ones now and then; more would lock the account.
MOST_REFUSALS = 3
LONGEST_BACK_OFF = timedelta(hours=6)
MOST_AT_ONCE = 100
PAUSED = noop("Floyd can't read your mailbox any more: {why} It is tried again when you have looked at it.")


def sweep() -> None:
    """Hints the mailboxes that are due."""
    _own()
    due = Mailbox.objects.filter(_due()).order_by("due_at").values_list("pk", flat=True)[:MOST_AT_ONCE]
    for mailbox_id in due:
        hint("requests.read_mailbox", mailbox_id)


def _due() -> Q:
    return Q(status=MailboxStatus.ACTIVE, due_at__lte=Now()) & (Q(lease_until=None) | Q(lease_until__lte=Now()))


def _own() -> None:
    """The row of Floyd's own mailbox follows the settings."""
    if not settings.MAIL_INBOX:
        Mailbox.objects.filter(user=None).delete()
        return
    login, folder = own_login()
    fields = {"host": login.host, "port": login.port, "username": login.username, "folders": [folder]}
    mailbox, _ = Mailbox.objects.get_or_create(user=None, defaults=fields)
    if any(getattr(mailbox, name) != value for name, value in fields.items()):
        Mailbox.objects.filter(pk=mailbox.pk).update(**fields, places={}, status=MailboxStatus.ACTIVE, failures=0)


def own_login() -> tuple[Login, str]:
    """How to get into Floyd's own mailbox, as MAIL_INBOX says, and its folder."""
    url = urlsplit(settings.MAIL_INBOX)
    port = url.port or (993 if url.scheme == "imaps" else 143)
    return Login(url.hostname or "", port, unquote(url.username or ""), unquote(url.password or "")), unquote(url.path.strip("/")) or "INBOX"


def visit(mailbox_id: int | str) -> None:
    """Reads what is new in a mailbox that is due. Safe to run any number of times at once: one of them reads."""
    if Mailbox.objects.filter(_due(), pk=mailbox_id).update(lease_until=Now() + LEASE) != 1:
        return
    mailbox = Mailbox.objects.select_related("user").get(pk=mailbox_id)
    login = own_login()[0] if mailbox.user is None else Login(mailbox.host, mailbox.port, mailbox.username, mailbox.password or "")
    try:
        with opened(login) as client:
            for folder in mailbox.folders:
                _read_folder(mailbox, client, folder)
    except MailboxError as error:
        _put_off(mailbox, error)
        return
    pause = settings.MAIL_INTERVAL_S if mailbox.user is None else settings.MAILBOX_INTERVAL_S
    Mailbox.objects.filter(pk=mailbox.pk, status=MailboxStatus.ACTIVE).update(
        lease_until=None, failures=0, trouble="", read_at=Now(), due_at=Now() + timedelta(seconds=pause)
    )


def _read_folder(mailbox: Mailbox, client: IMAPClient, folder: str) -> None:
    kept = mailbox.places.get(folder)
    place, mails = new_mails(client, folder, Place(kept["validity"], kept["uid"]) if kept else None)
    _note_place(mailbox, folder, place.validity, place.uid)
    for fetched in mails:
        _take_in(mailbox, fetched)
        _note_place(mailbox, folder, place.validity, fetched.uid)


def _take_in(mailbox: Mailbox, fetched: Fetched) -> None:
    """One mail. One that cannot be read is passed over: it would be the same the next time."""
    try:
        mail = parse(fetched.beginning, whole=fetched.size <= len(fetched.beginning))
    except UnreadableError:
        log.warning("mailbox %s: a mail of %d bytes cannot be read", mailbox.pk, fetched.size)
        return
    if mailbox.user is None:
        arriving.take_in(mail, mailbox=mailbox)
    else:
        arriving.keep(mail, user=mailbox.user, mailbox=mailbox)


def _note_place(mailbox: Mailbox, folder: str, validity: int, uid: int) -> None:
    mailbox.places[folder] = {"validity": validity, "uid": uid}
    Mailbox.objects.filter(pk=mailbox.pk).update(places=mailbox.places, lease_until=Now() + LEASE)


@transaction.atomic
def _put_off(mailbox: Mailbox, error: MailboxError) -> None:
    """Later and later; a user's mailbox that keeps refusing is paused, and the user is told once."""
    failures = mailbox.failures + 1
    log.warning("mailbox %s: not read (%d in a row, permanent: %s)", mailbox.pk, failures, error.permanent)
    back_off = min(timedelta(minutes=2 ** min(failures, 10)) / 2, LONGEST_BACK_OFF)
    fields = {"failures": failures, "trouble": str(error)[:300], "lease_until": None, "due_at": Now() + back_off}
    pause = error.permanent and failures >= MOST_REFUSALS and mailbox.user is not None
    if pause:
        fields["status"] = MailboxStatus.PAUSED
    if Mailbox.objects.filter(pk=mailbox.pk, status=MailboxStatus.ACTIVE).update(**fields) and pause and mailbox.user is not None:
        queue_message(
            user=mailbox.user,
            body=PAUSED.format(why=str(error)),
            subject=noop("Floyd can't read your mailbox"),
            link="/settings/mailbox/",
            dedupe_key=f"mailbox:{mailbox.pk}:{mailbox.read_at.timestamp() if mailbox.read_at else 0:.0f}",
        )

"""Mail out and in, and notifications: what carries what Floyd tells and is told, besides text messages."""

from __future__ import annotations

from typing import Any

from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection

from context.mail.imap import MailboxError, folder_names
from context.push import public_key
from floyd_site.doctor.finding import Finding, failed, ok, warning
from requests_app.mail.visiting import own_login

#: Backends that hand mail to nobody.
NOBODY = ("console", "dummy", "locmem", "filebased")


def check_mail_out() -> list[Finding]:
    """Opens the way by which mail leaves; sends nothing."""
    part = "mail out"
    if settings.EMAIL_BACKEND.split(".")[-2] in NOBODY:
        return [warning(part, "no mail leaves: EMAIL_BACKEND hands it to nobody", "Set EMAIL_BACKEND with its server or service, see .env.example.")]
    connection: Any = get_connection()
    try:
        connection.open()
    except (OSError, AnymailError, ImproperlyConfigured) as error:  # smtplib's errors are OSErrors
        return [failed(part, f"does not open: {error}", "Check EMAIL_HOST and what belongs to it, or the ANYMAIL_ variables of the service.")]
    connection.close()
    if not settings.MAIL_FROM:
        return [warning(part, "opens, but MAIL_FROM is not set", "Set MAIL_FROM to an address that your mail server may send for.")]
    return [ok(part, f"opens, as {settings.MAIL_FROM}")]


def check_mail_in() -> list[Finding]:
    """Looks into the mailbox in which mail to Floyd ends; reads none."""
    part = "mail in"
    if not settings.MAIL_INBOX:
        return [warning(part, "MAIL_INBOX is not set: nobody can write to Floyd", "Set MAIL_DOMAIN and MAIL_INBOX, see .env.example.")]
    login, folder = own_login()
    try:
        folders = folder_names(login)
    except MailboxError as error:
        return [failed(part, str(error), "Check MAIL_INBOX.")]
    if folder not in folders:
        return [failed(part, f"the mailbox has no folder {folder}", f"End MAIL_INBOX in one of: {', '.join(folders)[:120]}.")]
    if not settings.MAIL_AUTHSERV_ID:
        fix = "Set MAIL_AUTHSERV_ID to the name that your receiving server writes at the beginning of Authentication-Results."
        return [warning(part, "opens, but without MAIL_AUTHSERV_ID no mail counts as its user's own: all of it is only proposed", fix)]
    if settings.MAIL_FROM and not settings.MAIL_FROM.rstrip(">").lower().endswith(f"@{settings.MAIL_DOMAIN}"):
        fix = "Set MAIL_FROM to an address of MAIL_DOMAIN."
        return [warning(part, "opens, but mail that comes back to MAIL_FROM does not end there: nobody notices that it did not arrive", fix)]
    return [ok(part, f"{login.host} opens, and has {folder}")]


def check_push() -> list[Finding]:
    """Reads the key that signs notifications."""
    part = "notifications"
    make = "Make a pair with `.venv/bin/vapid --gen` and set VAPID_PRIVATE_KEY; browsers that were asked before must be asked again."
    try:
        public = public_key()
    except (ValueError, TypeError) as error:
        return [failed(part, f"VAPID_PRIVATE_KEY is no key: {error}", make)]
    if not public:
        return [warning(part, "VAPID_PRIVATE_KEY is not set: no browser can be notified", make)]
    if not (settings.VAPID_SUBJECT or settings.MAIL_FROM):
        return [warning(part, "the key is there; neither VAPID_SUBJECT nor MAIL_FROM says whom a push service may write to", "Set VAPID_SUBJECT.")]
    return [ok(part, "the key is there")]

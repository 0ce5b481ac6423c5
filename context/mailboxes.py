"""Connecting a mailbox, and forgetting it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from context.mail_models import Mail, Mailbox, MailboxStatus
from context.models import User


def mailbox_of(user: User) -> Mailbox | None:
    """The mailbox that a user connected."""
    return Mailbox.objects.filter(user=user).first()


@transaction.atomic
def connect(*, user: User, given: dict[str, Any]) -> Mailbox:
    """Has a mailbox read, in place of the one before.

    Args:
        given: host, port, username, password and folders, tried before (`mailbox_form.MailboxForm`).
    """
    known = Mailbox.objects.select_for_update(no_key=True).filter(user=user).first()
    same = known is not None and (known.host, known.port, known.username) == (given["host"], given["port"], given["username"])
    fresh = {"status": MailboxStatus.ACTIVE, "failures": 0, "trouble": "", "due_at": Now()}
    places = {name: place for name, place in known.places.items() if name in given["folders"]} if known is not None and same else {}
    mailbox, _ = Mailbox.objects.update_or_create(user=user, defaults={**given, **fresh, "places": places})
    mailbox.refresh_from_db()
    return mailbox


@transaction.atomic
def disconnect(*, user: User, mails: bool) -> None:
    """Forgets the mailbox and its password, and with `mails` what was read as well."""
    Mailbox.objects.filter(user=user).delete()
    if mails:
        Mail.objects.filter(user=user).delete()

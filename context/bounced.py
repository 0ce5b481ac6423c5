"""Addresses at which nobody gets mail any more, as a mail server said. Nothing is sent to them, so that servers go on taking Floyd's mail."""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Now

from context.mail_models import BouncedAddress

#: Then it is tried again: mailboxes come back, and what is about nobody is not kept for ever.
FOR = timedelta(days=180)


def is_bounced(address: str) -> bool:
    """Whether mail to it is in vain."""
    return BouncedAddress.objects.filter(address=address.lower(), created_at__gt=Now() - FOR).exists()


def note_bounce(*, address: str, code: str) -> None:
    """Keeps that nobody gets mail there.

    Args:
        code: what the server said (RFC 3463).
    """
    BouncedAddress.objects.update_or_create(address=address.lower(), defaults={"code": code, "created_at": Now()})


def try_again(address: str) -> None:
    """Forgets it: its owner says that mail arrives there."""
    BouncedAddress.objects.filter(address=address.lower()).delete()


def forget_old() -> None:
    """Deletes what does not count any more."""
    BouncedAddress.objects.filter(created_at__lte=Now() - FOR).delete()

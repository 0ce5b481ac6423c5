"""A user's addresses: their own, and the one at Floyd to which they forward mail."""

from __future__ import annotations

import secrets

from allauth.account.models import EmailAddress
from django.conf import settings

from context.models import User

#: Easily told apart when copied by hand.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
TOKEN_LENGTH = 12


def is_email_verified(user: User) -> bool:
    """Whether the address with which the user signs in was shown to be theirs."""
    return bool(EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists())


def forwarding_address(user: User) -> str:
    """The user's own address at Floyd; empty when Floyd gets no mail. Made when it is first asked for."""
    if not settings.MAIL_DOMAIN:
        return ""
    if user.mail_token is None:
        token = "".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LENGTH))
        User.objects.filter(pk=user.pk, mail_token=None).update(mail_token=token)
        user.refresh_from_db(fields=["mail_token"])
    return f"{settings.MAIL_PREFIX}{user.mail_token}@{settings.MAIL_DOMAIN}"


def renew_forwarding_address(user: User) -> str:
    """Another address in place of one that strangers found out."""
    User.objects.filter(pk=user.pk).update(mail_token=None)
    user.mail_token = None
    return forwarding_address(user)


def user_at(name: str) -> User | None:
    """The user to whom a forwarding address (without prefix and domain) belongs."""
    return User.objects.filter(mail_token=name, is_active=True).first() if name else None

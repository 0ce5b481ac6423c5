"""Tokens with which programs use the API for a user. A token is shown once; the database has its hash only."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as noop

from context.access_models import ApiToken
from context.models import User
from context.user_lock import lock_user

NAME_LENGTH = 60
MOST_PER_USER = 20
#: Tokens look like `floyd_<8 hex digits>_<secret>`, so that people and secret scanners know one when they see it.
BRAND = "floyd"
SECRET_BYTES = 32
#: The last use is noted to this precision, so that reading costs no write.
USED_PRECISION = timedelta(minutes=1)


class TokenError(Exception):
    """A token cannot be made. The message says what to do instead."""

    permanent = True


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def create_token(*, user: User, name: str) -> tuple[ApiToken, str]:
    """Makes a token.

    Returns:
        Its row, and the token itself: show it now, nobody can find it again.

    Raises:
        TokenError: no name, a name in use, or too many.
    """
    name = " ".join(name.split())
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        raise TokenError(noop("Give the token a name of up to %(name_length)s letters that tells you what it is for.") % {"name_length": NAME_LENGTH})
    lock_user(user.pk)
    if ApiToken.objects.filter(user=user, revoked_at=None).count() >= MOST_PER_USER:
        raise TokenError(
            noop("You have %(most_per_user)s tokens. Revoke one that you no longer use, then make this one.") % {"most_per_user": MOST_PER_USER}
        )
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(SECRET_BYTES)
    try:
        with transaction.atomic():
            token = ApiToken.objects.create(user=user, name=name, prefix=prefix, secret_sha256=_hash(secret))
    except IntegrityError:
        raise TokenError(noop("You already have a token called “%(name)s”. Take another name, or revoke that one first.") % {"name": name}) from None
    return token, f"{BRAND}_{prefix}_{secret}"


def find_token(text: str) -> ApiToken | None:
    """The token that `text` is, with its user, if it may be used now."""
    brand, _, rest = text.partition("_")
    prefix, _, secret = rest.partition("_")
    if brand != BRAND or not secret or "\x00" in prefix:
        return None
    token = ApiToken.objects.select_related("user").filter(prefix=prefix, revoked_at=None, user__is_active=True).first()
    if token is None or not hmac.compare_digest(token.secret_sha256, _hash(secret)):
        return None
    return token


def note_use(*, token: ApiToken) -> None:
    """Notes that the token was used just now."""
    stale = Q(last_used_at=None) | Q(last_used_at__lt=Now() - Value(USED_PRECISION))
    ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=Now())


def token_user(token_id: int) -> User | None:
    """The user of a token that was used before, if it may be used still."""
    token = ApiToken.objects.select_related("user").filter(pk=token_id, revoked_at=None, user__is_active=True).first()
    return token.user if token else None


def revoke_token(*, user: User, token_id: int) -> bool:
    """Ends a token of this user's, for ever; False when there is none that could be ended."""
    return ApiToken.objects.filter(user=user, pk=token_id, revoked_at=None).update(revoked_at=Now()) == 1


def tokens_of(user: User) -> list[ApiToken]:
    """The user's tokens that can be used, newest first."""
    return list(ApiToken.objects.filter(user=user, revoked_at=None))

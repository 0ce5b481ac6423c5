"""The user's own number: theirs once they have shown that texts to it reach them. From then on a text from it acts for them.

A verified number belongs to one user; what others have merely typed in stands in nobody's way.
"""

from __future__ import annotations

import phonenumbers
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from phonenumbers import PhoneNumberType

from context.errors import KnowledgeError
from context.models import User
from context.number_kind import trouble
from context.phone import read_number

#: Kinds of numbers that take text messages. In North America nobody can tell a landline from a mobile.
TAKES_TEXTS = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.VOIP})


class NumberTakenError(Exception):
    """Somebody else has verified the number."""


def read_own_number(text: str, region: str) -> str:
    """The number that a user gave as theirs, in E.164.

    Args:
        region: the country in which a number without a code is read.

    Raises:
        KnowledgeError: it is none, or none that Floyd may text.
    """
    number = read_number(text, region)
    if number is None:
        raise KnowledgeError(_("That is not a phone number. Give it with its area code, like 519 555 0142."))
    if number == settings.TWILIO_NUMBER:
        raise KnowledgeError(_("That is Floyd's own number."))
    if trouble(number, settings.ALLOWED_COUNTRIES) or phonenumbers.number_type(phonenumbers.parse(number)) not in TAKES_TEXTS:
        raise KnowledgeError(_("Floyd cannot send texts to that number."))
    return number


def user_with(number: str) -> User | None:
    """Whoever has verified this number."""
    return User.objects.filter(phone=number, phone_verified_at__isnull=False).first()


def take_number(*, user: User, number: str) -> None:
    """Makes a number that the user has shown to be theirs their own, in place of the one before.

    Raises:
        NumberTakenError: somebody else was first.
    """
    now = timezone.now()
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(phone=number, phone_verified_at=now)
    except IntegrityError:
        raise NumberTakenError from None
    user.phone, user.phone_verified_at = number, now

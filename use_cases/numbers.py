"""The numbers that people ring, and what their users may set about them."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.db.models import Q

from context.models import User
from use_cases.models import InboundNumber


def answer_own_number() -> None:
    """Has a site without any number to ring answer its own, with the menu. Numbers that staff have set up stay as they are."""
    if settings.TWILIO_NUMBER and not InboundNumber.objects.exists():
        InboundNumber.objects.get_or_create(number=settings.TWILIO_NUMBER, defaults={"menu": True})


def floyds_number() -> str:
    """The number by which users reach Floyd, in E.164; empty: there is none."""
    numbers = InboundNumber.objects.filter(Q(menu=True) | Q(use_case="floyd_line"), user__isnull=True)
    return numbers.values_list("number", flat=True).first() or ""


def numbers_of(user: User) -> list[InboundNumber]:
    """The numbers that Floyd answers for a user."""
    return list(InboundNumber.objects.filter(user=user))


def tell_free_busy(*, user: User, on: Collection[str]) -> None:
    """On which of their numbers callers (another Floyd, too) may hear whether a user is free at a time."""
    for number in numbers_of(user):
        InboundNumber.objects.filter(pk=number.pk, user=user).update(tells_free_busy=number.number in on)

"""The numbers that people ring."""

from __future__ import annotations

from django.conf import settings

from use_cases.models import InboundNumber


def answer_own_number() -> None:
    """Has a site without any number to ring answer its own, with the menu. Numbers that staff have set up stay as they are."""
    if settings.TWILIO_NUMBER and not InboundNumber.objects.exists():
        InboundNumber.objects.get_or_create(number=settings.TWILIO_NUMBER, defaults={"menu": True})

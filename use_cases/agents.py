"""Calls that a person took over, or is to take over: what they read of them. The number that they hear in the whisper leads there."""

from __future__ import annotations

import logging

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop as noop

from calls.review_models import StaffReading
from requests_app.access import Viewer, is_staff
from requests_app.errors import NotFound
from use_cases.models import HandOff

log = logging.getLogger(__name__)

SHOWN = 50


def hand_offs(user: Viewer) -> QuerySet[HandOff]:
    """The latest ones, without a word of what was said. Raises NotFound for who is not staff."""
    if not is_staff(user):
        raise NotFound(noop("There is no such page."))
    return HandOff.objects.select_related("call__inbound__version").order_by("-pk")[:SHOWN]


@transaction.atomic
def open_hand_off(user: Viewer, number: int) -> HandOff:
    """One of them, with its call. That somebody reads it is written down before anything is shown.

    Raises:
        NotFound: not staff, or no such hand-off.
    """
    rows = HandOff.objects.select_related("call__inbound__version", "call__inbound__caller")
    if not is_staff(user) or (found := rows.filter(pk=number).first()) is None:
        raise NotFound(noop("There is no such hand-off."))
    reading = {"call": found.call, "staff": user, "what": "page", "reason": f"Hand-off {found.pk}"}
    if not StaffReading.objects.filter(**reading).exists():
        StaffReading.objects.create(**reading)
        log.info("staff %s read hand-off %s", user.pk, found.pk)
    return found

"""Whoever a rehearsal is played with: a household of its own each, so that scenarios do not meet, and gone afterwards."""

from __future__ import annotations

import secrets
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from context import leaving
from context.household import furnish
from context.models import User
from context.services import add_calendar_entry, add_fact
from floyd_site.rehearsal.scenario import Appointment, Scenario

NAME = "Tom Redmond"


@transaction.atomic
def make_guest(scenario: Scenario) -> User:
    """Somebody called Tom Redmond, with his household and what the scenario adds to it."""
    mark = secrets.token_hex(6)
    user = User.objects.create_user(
        f"{scenario.name}-{mark}@rehearsal.example",
        name=NAME,
        phone=_free_phone(),
        phone_verified_at=timezone.now(),
        home_area="Guelph, Ontario",
        spending_limit_minor=10_000,
        quiet_from=None,
        quiet_to=None,
    )
    furnish(user)
    for fact in scenario.facts:
        add_fact(user=user, statement=fact.statement, about=fact.about, topic=fact.topic, sensitivity=fact.sensitivity)
    for appointment in scenario.calendar:
        starts_at = _next(appointment, ZoneInfo(user.time_zone))
        add_calendar_entry(user=user, title=appointment.title, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
    return user


def _free_phone() -> str:
    """A number of the range that is kept for stories, which nobody else here has."""
    while True:
        number = f"+1226555{secrets.randbelow(10_000):04d}"
        if not User.objects.filter(phone=number).exists():
            return number


def _next(appointment: Appointment, zone: ZoneInfo) -> datetime:
    today = timezone.now().astimezone(zone).date()
    day = today + timedelta(days=(appointment.weekday - today.weekday() - 1) % 7 + 1)
    return datetime.combine(day, time.fromisoformat(appointment.at), tzinfo=zone)


def forget(user: User) -> None:
    """The guest leaves, with everything that is theirs, as soon as nobody writes about them any more."""
    leaving.begin(user=user)
    leaving.finish(user)  # what cannot go yet goes with the next sweep

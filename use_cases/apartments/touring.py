"""Tours: which slots are taken, booking one exactly once, and calling it off."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from use_cases.apartments.availability import Asked, Availability, Finding, check
from use_cases.apartments.models import Apartment, Tour
from use_cases.apartments.slots import Booked
from use_cases.apartments.stock import rules
from use_cases.models import Caller


class NotFreeError(Exception):
    """That slot cannot be had; `instead` says what can."""

    def __init__(self, instead: Availability) -> None:
        super().__init__(instead.finding)
        self.instead = instead


class BusyThenError(Exception):
    """The caller has another tour at that time."""


def taken(now: datetime) -> list[Booked]:
    """Slots from now on that somebody has."""
    return [tour.booked() for tour in Tour.objects.filter(cancelled_at=None, starts_at__gte=now).select_related("apartment")]


def look(asked: Asked, now: datetime) -> Availability:
    """What can be had of what was asked for."""
    return check(asked, booked=taken(now), rules=rules(), now=now)


def tours_of(caller: Caller, now: datetime) -> list[Tour]:
    """The caller's tours from now on, in order."""
    return list(Tour.objects.filter(caller=caller, cancelled_at=None, starts_at__gte=now).select_related("apartment"))


def book(*, caller: Caller, asked: Asked, key: str, now: datetime) -> Tour:
    """Books the very slot that was asked for. The same key gives the same tour.

    Of two who want one slot at once the database lets one have it; the other hears what else there is.

    Raises:
        NotFreeError: something is missing, or the slot is not free.
        BusyThenError: see there.
    """
    if (earlier := Tour.objects.filter(key=key).select_related("apartment").first()) is not None:
        return earlier
    found = look(asked, now)
    if found.finding is not Finding.FREE or asked.kind is None:
        raise NotFreeError(found)
    apartment = Apartment.objects.get(layout=asked.layout, offered=True)
    if Tour.objects.filter(caller=caller, cancelled_at=None, starts_at=found.slots[0]).exists():
        raise BusyThenError
    try:
        with transaction.atomic():
            return Tour.objects.create(apartment=apartment, caller=caller, kind=asked.kind.value, starts_at=found.slots[0], key=key)
    except IntegrityError:
        # Somebody was faster: this same wish, tried again meanwhile, or somebody else.
        if (same := Tour.objects.filter(key=key).select_related("apartment").first()) is not None:
            return same
        raise NotFreeError(look(asked, now)) from None


def cancel(tour: Tour, *, now: datetime) -> bool:
    """Calls a tour off for the business; False: it was called off before, or is over. The slot is free again."""
    return Tour.objects.filter(pk=tour.pk, cancelled_at=None, starts_at__gt=now).update(cancelled_at=now) == 1


def call_off(*, caller: Caller, starts_at: datetime, now: datetime) -> Tour | None:
    """Calls off the caller's tour at that time; None when there is none. The slot is free again."""
    tour = Tour.objects.filter(caller=caller, starts_at=starts_at, cancelled_at=None).select_related("apartment").first()
    if tour is None or Tour.objects.filter(pk=tour.pk, cancelled_at=None).update(cancelled_at=now) != 1:
        return None
    return tour

"""Reading what Floyd knows about a user. The user comes first, and everything is theirs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import QuerySet

from context.models import CalendarEntry, Contact, Fact, FactStatus, Sensitivity, User

CALENDAR_AHEAD = timedelta(days=90)
CALENDAR_BACK = timedelta(days=30)

Row = TypeVar("Row", Fact, Contact, CalendarEntry)


def confirmed_facts(user: User) -> QuerySet[Fact]:
    """What the user stands by, oldest first, whatever its sensitivity."""
    return Fact.objects.filter(user=user, status=FactStatus.CONFIRMED)


def tellable_facts(user: User) -> QuerySet[Fact]:
    """What the user stands by and a callee may hear, if need be after a word of the user; oldest first."""
    return confirmed_facts(user).exclude(sensitivity=Sensitivity.NEVER)


def secret_statements(user: User) -> list[str]:
    """Statements that no callee may hear unless the user says so: for checks in code, never for a prompt."""
    guarded = confirmed_facts(user).filter(sensitivity__in=[Sensitivity.ASK_FIRST, Sensitivity.NEVER])
    return list(guarded.values_list("statement", flat=True))


def contacts(user: User) -> QuerySet[Contact]:
    """Whom Floyd may call for the user, preferred ones first."""
    return Contact.objects.filter(user=user, status=FactStatus.CONFIRMED)


def appointments(user: User) -> QuerySet[CalendarEntry]:
    """All of the user's appointments that they stand by, in order of time."""
    return CalendarEntry.objects.filter(user=user, status=FactStatus.CONFIRMED)


def calendar_around(user: User, now: datetime) -> QuerySet[CalendarEntry]:
    """Appointments of the next ninety days and the last thirty, in order."""
    return appointments(user).filter(starts_at__gte=now - CALENDAR_BACK, starts_at__lte=now + CALENDAR_AHEAD)


def find_facts(user: User, *, status: str = "", topic: str = "", about: str = "") -> QuerySet[Fact]:
    """The user's facts that fit, oldest first; without a status, all that are not retired."""
    rows = _of_status(Fact.objects.filter(user=user), status)
    rows = rows.filter(topic__iexact=topic) if topic else rows
    return rows.filter(about__iexact=about) if about else rows


def find_contacts(user: User, *, status: str = "", kind: str = "", q: str = "") -> QuerySet[Contact]:
    """The user's contacts that fit; without a status, all that were not removed. `q` is part of the name."""
    rows = _of_status(Contact.objects.filter(user=user), status)
    rows = rows.filter(kind__iexact=kind) if kind else rows
    return rows.filter(name__icontains=q) if q else rows


def find_entries(
    user: User, *, status: str = "", starts_after: datetime | None = None, starts_before: datetime | None = None
) -> QuerySet[CalendarEntry]:
    """The user's appointments that start within the given moments; without a status, all that were not removed."""
    rows = _of_status(CalendarEntry.objects.filter(user=user), status)
    rows = rows.filter(starts_at__gte=starts_after) if starts_after else rows
    return rows.filter(starts_at__lt=starts_before) if starts_before else rows


def _of_status(rows: QuerySet[Row], status: str) -> QuerySet[Row]:
    return rows.filter(status=status) if status else rows.exclude(status=FactStatus.RETIRED)


def names_around(user: User) -> list[str]:
    """Names that a recogniser should expect when the user speaks: their people and whom they call."""
    about = confirmed_facts(user).exclude(about="").exclude(sensitivity=Sensitivity.NEVER).values_list("about", flat=True)
    names = [*contacts(user).values_list("name", flat=True)[:100], *about[:200]]
    return list(dict.fromkeys(names))

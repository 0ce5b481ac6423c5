"""Reading what Floyd knows about a user. The user comes first, and everything is theirs."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from context.models import CalendarEntry, Contact, Fact, FactStatus, Sensitivity, User

CALENDAR_AHEAD = timedelta(days=90)
CALENDAR_BACK = timedelta(days=30)


def confirmed_facts(user: User) -> QuerySet[Fact]:
    """What the user stands by, oldest first, whatever its sensitivity."""
    return Fact.objects.filter(user=user, status=FactStatus.CONFIRMED)


def secret_statements(user: User) -> list[str]:
    """Statements that no callee may hear unless the user says so: for checks in code, never for a prompt."""
    guarded = confirmed_facts(user).filter(sensitivity__in=[Sensitivity.ASK_FIRST, Sensitivity.NEVER])
    return list(guarded.values_list("statement", flat=True))


def contacts(user: User) -> QuerySet[Contact]:
    """Whom Floyd may call for the user, preferred ones first."""
    return Contact.objects.filter(user=user)


def calendar_around(user: User, now: datetime) -> QuerySet[CalendarEntry]:
    """Appointments of the next ninety days and the last thirty, in order."""
    return CalendarEntry.objects.filter(user=user, starts_at__gte=now - CALENDAR_BACK, starts_at__lte=now + CALENDAR_AHEAD)


def names_around(user: User) -> list[str]:
    """Names that a recogniser should expect when the user speaks: their people and whom they call."""
    about = confirmed_facts(user).exclude(about="").exclude(sensitivity=Sensitivity.NEVER).values_list("about", flat=True)
    names = [*contacts(user).values_list("name", flat=True)[:100], *about[:200]]
    return list(dict.fromkeys(names))

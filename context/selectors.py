"""Reading what Floyd knows about a user. The user comes first, and everything is theirs."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from context.models import CalendarEntry, Contact, Fact, FactStatus, Sensitivity, User

CALENDAR_AHEAD = timedelta(days=90)
CALENDAR_BACK = timedelta(days=30)
#: The most that a page shows of one kind; search finds the rest.
MOST_SHOWN = 200
MOST_HISTORY = 20

Row = TypeVar("Row", Fact, Contact, CalendarEntry)

_REPLACED = """
with recursive replaced (id) as (
    select supersedes_id from context_fact where user_id = %s and status = %s and supersedes_id is not null
    union
    select before.supersedes_id from context_fact before join replaced on before.id = replaced.id where before.supersedes_id is not null
)
select id from replaced
"""


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


# --- the page of what Floyd knows ---


def search_facts(user: User, q: str) -> QuerySet[Fact]:
    """Confirmed facts with all words of `q` in the statement, the topic or whom it is about; newest last."""
    return _with_words(confirmed_facts(user), q, "statement", "about", "topic")


def search_contacts(user: User, q: str) -> QuerySet[Contact]:
    """Confirmed contacts with all words of `q`, or its digits in the number."""
    rows = contacts(user)
    digits = "".join(sign for sign in q if sign.isdigit())
    if len(digits) >= 4 and not any(sign.isalpha() for sign in q):
        return rows.filter(phone__contains=digits[-10:])
    return _with_words(rows, q, "name", "kind", "address", "notes")


def search_entries(user: User, q: str, *, starts_after: datetime) -> QuerySet[CalendarEntry]:
    """Confirmed appointments with all words of `q`; without any, those from `starts_after` on."""
    rows = CalendarEntry.objects.filter(user=user, status=FactStatus.CONFIRMED)
    return _with_words(rows, q, "title", "place") if q.strip() else rows.filter(starts_at__gte=starts_after)


def _with_words(rows: QuerySet[Row], q: str, *columns: str) -> QuerySet[Row]:
    for word in q.split()[:10]:
        rows = rows.filter(reduce(or_, (Q(**{f"{column}__icontains": word}) for column in columns)))
    return rows


def proposals(user: User) -> list[Fact | Contact | CalendarEntry]:
    """What waits for the user's yes or no, oldest first of each kind."""
    facts = Fact.objects.filter(user=user, status=FactStatus.PROPOSED).select_related("supersedes")
    rest = [model.objects.filter(user=user, status=FactStatus.PROPOSED).order_by("pk")[:MOST_SHOWN] for model in (Contact, CalendarEntry)]
    return [*facts[:MOST_SHOWN], *rest[0], *rest[1]]


def taken_away(model: type[Row], user: User) -> QuerySet[Row]:
    """What was retired, newest first; without facts that others replaced, which their successors' pages show, and what a tap on a switch left."""
    rows = model._default_manager.filter(user=user, status=FactStatus.RETIRED).order_by("-pk")
    if model is not Fact:
        return rows
    same_words = Fact.objects.filter(supersedes=OuterRef("pk"), statement=OuterRef("statement"))
    return rows.exclude(pk__in=replaced_facts(user)).exclude(Exists(same_words))


def replaced_facts(user: User) -> RawSQL:
    """Keys of the facts whose place a fact has that counts now, in however many steps; for `pk__in`."""
    return RawSQL(_REPLACED, (user.pk, FactStatus.CONFIRMED))  # noqa: S611  a constant


def history(fact: Fact) -> list[Fact]:
    """What the fact replaced, step by step, newest first."""
    found: list[Fact] = []
    while (before := fact.supersedes) is not None and len(found) < MOST_HISTORY:
        found.append(before)
        fact = before
    return found


def unused_facts(user: User, *, since: datetime) -> QuerySet[Fact]:
    """Confirmed facts that nobody told, cited or reviewed since, oldest use first."""
    rows = confirmed_facts(user).annotate(used_at=Coalesce("last_used_at", "created_at"))
    return rows.filter(used_at__lt=since).order_by("used_at", "pk")

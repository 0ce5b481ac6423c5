"""What Floyd believes it learned, until its user says yes or no to it with one tap.

A proposal enters no snapshot, no list for calling and no answer. What is known already, waits already, or was refused before is not
proposed again. One that names what it `replaces` puts both before the user: the yes retires the old one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from context.contact_fields import checked_contact
from context.keeping import add_calendar_entry, add_contact, add_fact
from context.likeness import gist, same_contact
from context.models import CalendarEntry, Contact, Fact, FactStatus, Sensitivity, Source, User
from context.retiring import Known, move
from context.selectors import replaced_facts
from context.user_lock import lock_user


@transaction.atomic
def propose_fact(
    *,
    user: User,
    statement: str,
    source: Source | str,
    source_ref: str = "",
    replaces: Fact | None = None,
    sensitivity: Sensitivity | str = Sensitivity.SHARE,
    **fields: Any,
) -> Fact | None:
    """Puts a fact before the user. Further fields as on the model.

    Args:
        source_ref: where exactly it comes from, e.g. `request:<id>` or `mail:<id>`.
        replaces: the fact that would no longer hold; asked about together.

    Returns:
        The proposal; None when it is known, waits already or was refused.
    """
    lock_user(user.pk)
    if is_known_fact(user, statement):
        return None
    where = {"source": Source(source), "source_ref": source_ref, "status": FactStatus.PROPOSED}
    return add_fact(user=user, statement=statement, sensitivity=sensitivity, supersedes=replaces, **where, **fields)


def is_known_fact(user: User, statement: str, *, counting_only: bool = False) -> bool:
    """Whether a fact like that counts; unless `counting_only`, also whether it waits for a yes, was refused or was taken back.

    One that another replaced may hold again.
    """
    wanted = gist(statement)
    rows = Fact.objects.filter(user=user).exclude(status=FactStatus.RETIRED, pk__in=replaced_facts(user))
    rows = rows.filter(status=FactStatus.CONFIRMED) if counting_only else rows
    return any(gist(known) == wanted for known in rows.values_list("statement", flat=True).iterator())


@transaction.atomic
def propose_contact(*, user: User, name: str, source: Source | str, source_ref: str = "", **fields: Any) -> Contact | None:
    """Puts somebody whom Floyd might call before the user. Further fields as on the model.

    Returns:
        The proposal; None when they are known, wait already or were refused.

    Raises:
        KnowledgeError: the number, the hours or the time zone is none.
    """
    lock_user(user.pk)
    phone = checked_contact(user, fields).get("phone") or ""
    known = Contact.objects.filter(user=user).values_list("name", "phone")
    if any(same_contact(name, phone, other, number) for other, number in known.iterator()):
        return None
    return add_contact(user=user, name=name, source=Source(source), source_ref=source_ref, status=FactStatus.PROPOSED, **fields)


@transaction.atomic
def propose_calendar_entry(
    *, user: User, title: str, starts_at: datetime, source: Source | str, source_ref: str = "", **fields: Any
) -> CalendarEntry | None:
    """Puts an appointment before the user. Further fields as on the model; times aware.

    Returns:
        The proposal; None when one of that name at that moment is known, waits already or was refused.

    Raises:
        KnowledgeError: it ends before it starts, or the contact is somebody else's.
    """
    lock_user(user.pk)
    then = CalendarEntry.objects.filter(user=user, starts_at=starts_at).values_list("title", flat=True)
    if gist(title) in {gist(known) for known in then}:
        return None
    where = {"source": Source(source), "source_ref": source_ref, "status": FactStatus.PROPOSED}
    return add_calendar_entry(user=user, title=title, starts_at=starts_at, **where, **fields)


@transaction.atomic
def confirm(*, row: Known) -> bool:
    """The user stands by a proposal; the fact that it replaces is retired. False, and nothing is done, when it was none."""
    if not move(row, {FactStatus.PROPOSED}, FactStatus.CONFIRMED):
        return False
    if isinstance(row, Fact) and row.supersedes is not None:
        move(row.supersedes, {FactStatus.PROPOSED, FactStatus.CONFIRMED}, FactStatus.RETIRED)
    return True


@transaction.atomic
def propose_again(*, row: Known) -> bool:
    """Puts what was settled before the user once more: a yes or a no that was a slip. False when it waits already.

    Other words that the user gave a fact meanwhile, which took its place, go with it.
    """
    if not move(row, {FactStatus.RETIRED, FactStatus.CONFIRMED}, FactStatus.PROPOSED):
        return False
    if isinstance(row, Fact):
        for successor in Fact.objects.filter(supersedes=row):
            move(successor, {FactStatus.CONFIRMED}, FactStatus.RETIRED)
    return True


@transaction.atomic
def reinstate(*, row: Fact) -> bool:
    """Takes back a yes by which a fact replaced another: the other counts again, and this one waits. False when it waits already.

    Whoever offers this knows that it was the yes that retired the other one, and not the user before.
    """
    if not propose_again(row=row):
        return False
    if row.supersedes is not None:
        move(row.supersedes, {FactStatus.RETIRED}, FactStatus.CONFIRMED)
    return True


@transaction.atomic
def reject(*, row: Known) -> bool:
    """The user says no to a proposal, which is not made again; what it would have replaced stays. False when it was none."""
    return move(row, {FactStatus.PROPOSED}, FactStatus.RETIRED)

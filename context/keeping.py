"""Adding, changing and taking back what Floyd knows about a user. Keyword arguments only, one transaction each; all of it publishes.

What is taken back is retired: it counts no more, and can be brought back until it is deleted for good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from context.contact_fields import checked_contact
from context.errors import KnowledgeError
from context.models import CalendarEntry, Contact, Fact, FactStatus, Sensitivity, Source, User
from live.publish import publish

#: The fragment renderer of each kind of knowledge; also the first part of its id in snapshots and plans.
KINDS: dict[type[Fact] | type[Contact] | type[CalendarEntry], str] = {Fact: "fact", Contact: "contact", CalendarEntry: "calendar_entry"}

Row = TypeVar("Row", Contact, CalendarEntry)


def publish_knowledge(row: Fact | Contact | CalendarEntry) -> None:
    """Shows a new or changed row on its user's pages. Call it in the transaction of the change."""
    publish(topics=[f"user.{row.user_id}"], kind=KINDS[type(row)], ref=row.pk)


@transaction.atomic
def add_fact(*, user: User, statement: str, sensitivity: Sensitivity | str = Sensitivity.SHARE, **fields: Any) -> Fact:
    """Notes a fact about the user or their household. Further fields as on the model."""
    fact = Fact.objects.create(user=user, statement=statement.strip(), sensitivity=Sensitivity(sensitivity), **fields)
    publish_knowledge(fact)
    return fact


@transaction.atomic
def supersede_fact(*, fact: Fact, statement: str, source: Source | str, source_ref: str = "", **changes: Any) -> Fact:
    """Puts a new statement in place of an old one, which is retired and kept. What `changes` does not name stays as it was.

    Returns:
        The new fact; a fact that was superseded meanwhile gives its latest successor, unchanged.
    """
    if not Fact.objects.filter(pk=fact.pk).exclude(status=FactStatus.RETIRED).update(status=FactStatus.RETIRED):
        successor = Fact.objects.filter(supersedes=fact).exclude(status=FactStatus.PROPOSED).order_by("-pk").first()
        return successor or fact
    publish_knowledge(fact)
    kept = {"about": fact.about, "topic": fact.topic, "sensitivity": fact.sensitivity, **changes}
    return add_fact(user=fact.user, statement=statement, source=Source(source), source_ref=source_ref, supersedes=fact, **kept)


@transaction.atomic
def correct_fact(*, fact: Fact, **changes: Any) -> Fact:
    """The user's own correction of a fact: the new one takes its place, and that of the one which a mere proposal would have replaced.

    Raises:
        KnowledgeError: it was retired before.
    """
    if fact.status == FactStatus.RETIRED:
        raise KnowledgeError(noop("This fact is retired, and its place was taken or given up. Correct the one that counts now."))
    replaced = fact.supersedes if fact.status == FactStatus.PROPOSED else None
    if replaced is not None and Fact.objects.filter(pk=replaced.pk).exclude(status=FactStatus.RETIRED).update(status=FactStatus.RETIRED):
        publish_knowledge(replaced)
    statement = changes.pop("statement", fact.statement)
    return supersede_fact(fact=fact, statement=statement, source=Source.TOLD, **changes)


@transaction.atomic
def set_sensitivity(*, fact: Fact, sensitivity: str) -> Fact:
    """Whether a callee may hear a fact. It stays what it is, with its source and its day; what was known for requests before stays, too.

    Returns:
        The fact that counts now.

    Raises:
        KnowledgeError: there is no such sensitivity, or the fact does not count.
    """
    if sensitivity not in Sensitivity.values:
        raise KnowledgeError(noop("Say whether it may be shared: when needed, after asking you, or never."))
    if fact.status != FactStatus.CONFIRMED:
        raise KnowledgeError(noop("This fact does not count just now. Bring it back, or say yes to it first."))
    if fact.sensitivity == sensitivity:
        return fact
    kept: dict[str, Any] = {"source": fact.source, "source_ref": fact.source_ref, "created_at": fact.created_at, "last_used_at": fact.last_used_at}
    return supersede_fact(fact=fact, statement=fact.statement, sensitivity=sensitivity, **kept)


@transaction.atomic
def add_contact(*, user: User, name: str, **fields: Any) -> Contact:
    """Notes somebody whom Floyd may call. Further fields as on the model; the phone number as it is dialled where the user lives.

    Raises:
        KnowledgeError: the number, the hours or the time zone is none.
    """
    contact = Contact.objects.create(user=user, name=name.strip(), **checked_contact(user, fields))
    publish_knowledge(contact)
    return contact


@transaction.atomic
def change_contact(*, contact: Contact, **fields: Any) -> Contact:
    """Writes the given fields of a contact.

    Raises:
        KnowledgeError: as for a new one.
    """
    return _changed(contact, checked_contact(contact.user, fields))


@transaction.atomic
def add_calendar_entry(*, user: User, title: str, starts_at: datetime, **fields: Any) -> CalendarEntry:
    """Notes an appointment. Further fields as on the model; times aware.

    Raises:
        KnowledgeError: it ends before it starts, or the contact is somebody else's.
    """
    entry = CalendarEntry(user=user, title=title.strip(), starts_at=starts_at, **fields)
    _check_entry(entry)
    entry.save(force_insert=True)
    publish_knowledge(entry)
    return entry


@transaction.atomic
def change_calendar_entry(*, entry: CalendarEntry, **fields: Any) -> CalendarEntry:
    """Writes the given fields of an appointment.

    Raises:
        KnowledgeError: as for a new one.
    """
    # Calendar programs take over what has a higher number than what they know.
    return _changed(entry, {**fields, "sequence": entry.sequence + 1, "updated_at": timezone.now()}, _check_entry)


def _check_entry(entry: CalendarEntry) -> None:
    if entry.ends_at is not None and entry.ends_at < entry.starts_at:
        raise KnowledgeError(noop("An appointment cannot end before it starts. Give a later end, or none."), field="ends_at")
    if entry.contact_id is not None and not Contact.objects.filter(user=entry.user_id, pk=entry.contact_id).exists():
        raise KnowledgeError(noop("This is none of your contacts. Give the id of one of yours, or none."), field="contact")


def _changed(row: Row, fields: dict[str, Any], check: Callable[[Row], None] | None = None) -> Row:
    for name, value in fields.items():
        setattr(row, name, value)
    if check:
        check(row)
    row.save(update_fields=list(fields))
    publish_knowledge(row)
    return row


def note_use(*, user: User, fact_ids: Iterable[int]) -> None:
    """Notes that facts were told to a callee, cited in an answer, or found right by their user just now."""
    Fact.objects.filter(user=user, pk__in=list(fact_ids)).update(last_used_at=Now())

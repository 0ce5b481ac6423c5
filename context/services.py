"""Everything that writes what Floyd knows about a user. Keyword arguments only, one transaction each; all of it publishes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from context.models import CalendarEntry, Contact, Fact, FactStatus, Sensitivity, Source, User
from live.publish import publish

#: The fragment renderer of each kind of knowledge; also the first part of its id in snapshots and plans.
KINDS: dict[type[Fact] | type[Contact] | type[CalendarEntry], str] = {Fact: "fact", Contact: "contact", CalendarEntry: "calendar_entry"}


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
def supersede_fact(*, fact: Fact, statement: str, source: Source | str, source_ref: str = "") -> Fact:
    """Puts a new statement in place of an old one, which is retired and kept.

    Returns:
        The new fact; a fact that was superseded meanwhile gives its latest successor, unchanged.
    """
    if not Fact.objects.filter(pk=fact.pk).exclude(status=FactStatus.RETIRED).update(status=FactStatus.RETIRED):
        successor = Fact.objects.filter(supersedes=fact).order_by("-pk").first()
        return successor or fact
    publish_knowledge(fact)
    kept = {"about": fact.about, "topic": fact.topic, "sensitivity": fact.sensitivity}
    return add_fact(user=fact.user, statement=statement, source=Source(source), source_ref=source_ref, supersedes=fact, **kept)


@transaction.atomic
def retire_fact(*, fact: Fact) -> bool:
    """Has Floyd forget a fact from now on; False when it had already. Old requests keep what they knew."""
    if not Fact.objects.filter(pk=fact.pk).exclude(status=FactStatus.RETIRED).update(status=FactStatus.RETIRED):
        return False
    publish_knowledge(fact)
    return True


@transaction.atomic
def add_contact(*, user: User, name: str, **fields: Any) -> Contact:
    """Notes somebody whom Floyd may call. Further fields as on the model; the phone number in E.164."""
    contact = Contact.objects.create(user=user, name=name.strip(), **fields)
    publish_knowledge(contact)
    return contact


@transaction.atomic
def add_calendar_entry(*, user: User, title: str, starts_at: datetime, **fields: Any) -> CalendarEntry:
    """Notes an appointment. Further fields as on the model; times aware."""
    entry = CalendarEntry.objects.create(user=user, title=title.strip(), starts_at=starts_at, **fields)
    publish_knowledge(entry)
    return entry

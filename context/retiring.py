"""Taking back what Floyd knows, bringing it back, and deleting it for good.

What is retired enters no snapshot, no list and no answer. It stays findable until its user deletes it for good, so that a slip can be
undone and so that what was refused once is not proposed again.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_noop as noop

from context.errors import KnowledgeError
from context.keeping import publish_knowledge
from context.models import CalendarEntry, Contact, Fact, FactStatus

Known = Fact | Contact | CalendarEntry


@transaction.atomic
def retire(*, row: Known) -> bool:
    """Has Floyd forget a fact, call a contact no more, or take an appointment out of the calendar; False when that was done before.

    Requests keep what they knew; requests and appointments keep a contact that was retired.
    """
    return move(row, {FactStatus.PROPOSED, FactStatus.CONFIRMED}, FactStatus.RETIRED)


@transaction.atomic
def restore(*, row: Known) -> bool:
    """Brings back what was retired; a fact takes the place of those that had replaced it. False when it was never away."""
    if not move(row, {FactStatus.RETIRED}, FactStatus.CONFIRMED):
        return False
    if isinstance(row, Fact):
        for successor in _successors(row):
            move(successor, {FactStatus.PROPOSED, FactStatus.CONFIRMED}, FactStatus.RETIRED)
    return True


def _successors(fact: Fact) -> list[Fact]:
    """What took its place, and the place of that, step by step: a tap on its switch is a step as well."""
    found: dict[int, Fact] = {}
    newest = list(Fact.objects.filter(supersedes=fact))
    while newest := [one for one in newest if one.pk not in found and one.pk != fact.pk]:
        found |= {one.pk: one for one in newest}
        newest = list(Fact.objects.filter(supersedes__in=newest))
    return list(found.values())


@transaction.atomic
def delete_for_good(*, row: Known) -> None:
    """Deletes a retired row; nothing brings it back, and what it said may be proposed again. Of a fact also what taps on its switch left.

    Raises:
        KnowledgeError: it still counts.
    """
    locked = type(row)._default_manager.select_for_update().filter(pk=row.pk).first()
    if locked is None:
        return
    if locked.status != FactStatus.RETIRED:
        raise KnowledgeError(noop("This still counts. Take it back first, then delete it for good."))
    for gone in (*_same_words_before(locked), locked) if isinstance(locked, Fact) else (locked,):
        publish_knowledge(gone)
        gone.delete()


def _same_words_before(fact: Fact) -> list[Fact]:
    """The versions that its switch left: no list shows them, so they go with it."""
    found: list[Fact] = []
    before = fact.supersedes
    while before is not None and before.status == FactStatus.RETIRED and before.statement == fact.statement:
        found.append(before)
        before = before.supersedes
    return found


def move(row: Known, before: set[FactStatus], after: FactStatus) -> bool:
    """Gives a row another status, if it has one of `before`. Call it in a transaction."""
    if not type(row)._default_manager.filter(pk=row.pk, status__in=before).update(status=after):
        return False
    row.status = after
    publish_knowledge(row)
    return True

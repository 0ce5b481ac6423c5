"""An import from file to rows and back: read and compared with what is known, saved once, undone as one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from context.contact_fields import checked_contact
from context.errors import KnowledgeError
from context.import_models import ImportBatch, ImportStatus
from context.imports.apart import read_apart
from context.imports.found import Found, one_line
from context.keeping import add_calendar_entry, add_contact, add_fact
from context.likeness import gist
from context.models import CalendarEntry, Contact, Fact, FactStatus, Source, User
from context.retiring import retire

MOST_OPEN = 5
KNOWN = noop("Floyd knows it already")
ALL_KNOWN = noop("Floyd knows all of this already. Nothing is new in the file.")


def read_file(*, user: User, name: str, data: bytes) -> ImportBatch:
    """Reads a file and keeps what would be new, to be looked at; nothing is saved yet.

    Raises:
        UnreadableError: nothing of the file can be used.
    """
    found = read_apart(data, zone=user.time_zone, now=timezone.now())
    items = _new_ones(user, found)
    with transaction.atomic():
        batch = ImportBatch.objects.create(user=user, name=one_line(name, 120), items=items, troubles=found.troubles, notes=found.notes)
        # What nobody went on with is not kept.
        old = ImportBatch.objects.filter(user=user, status=ImportStatus.READ).order_by("-pk")[MOST_OPEN:]
        ImportBatch.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()
    return batch


def _new_ones(user: User, found: Found) -> list[dict[str, Any]]:
    """Items that are neither known nor twice in the file, with their numbers as they are dialled."""
    known = _Known(user)
    items = []
    for item in found.items:
        where = str(item.pop("where"))
        if item["kind"] == "contact":
            _check_number(user, item, where, found)
        if known.has(item):
            found.leave_out(where, KNOWN)
        else:
            known.take(item)
            items.append(item)
    return items


def _check_number(user: User, item: dict[str, Any], where: str, found: Found) -> None:
    try:
        item["phone"] = checked_contact(user, {"phone": item["phone"]})["phone"]
    except KnowledgeError:
        found.leave_out(
            where, noop("its number %(phone)s cannot be dialled; the contact comes without it, with a note") % {"phone": item["phone"][:40]}
        )
        in_the_file = noop("Number in the file: %(phone)s.") % {"phone": item["phone"]}
        item["notes"] = f"{in_the_file} {item.get('notes', '')}".strip()[:500]
        item["phone"] = ""


class _Known:
    """What is there already: names and numbers, moments and titles, statements."""

    def __init__(self, user: User) -> None:
        contacts = Contact.objects.filter(user=user).exclude(status=FactStatus.RETIRED).values_list("name", "phone")
        entries = CalendarEntry.objects.filter(user=user).exclude(status=FactStatus.RETIRED).values_list("title", "starts_at")
        facts = Fact.objects.filter(user=user).exclude(status=FactStatus.RETIRED).values_list("statement", flat=True)
        self._phones: dict[str, set[str]] = {}
        self._numbers: set[str] = set()
        for name, phone in contacts.iterator():
            self._take_contact(name, phone)
        self._entries = {(gist(title), starts_at) for title, starts_at in entries.iterator()}
        self._statements = {gist(statement) for statement in facts.iterator()}

    def _take_contact(self, name: str, phone: str) -> None:
        self._phones.setdefault(gist(name), set()).add(phone)
        self._numbers |= {phone} - {""}

    def has(self, item: dict[str, Any]) -> bool:
        """Whether an item is there: a contact by its number, or by its name when no two numbers differ."""
        if item["kind"] == "fact":
            return gist(item["statement"]) in self._statements
        if item["kind"] == "entry":
            return (gist(item["title"]), datetime.fromisoformat(item["starts_at"])) in self._entries
        phones = self._phones.get(gist(item["name"]), set())
        return item["phone"] in self._numbers or bool(phones and (not item["phone"] or "" in phones))

    def take(self, item: dict[str, Any]) -> None:
        """From now on it is there."""
        if item["kind"] == "fact":
            self._statements.add(gist(item["statement"]))
        elif item["kind"] == "entry":
            self._entries.add((gist(item["title"]), datetime.fromisoformat(item["starts_at"])))
        else:
            self._take_contact(item["name"], item["phone"])


@transaction.atomic
def save(*, batch: ImportBatch) -> bool:
    """Saves all of a batch, or nothing of it; False when that was done before."""
    if not ImportBatch.objects.filter(pk=batch.pk, status=ImportStatus.READ).update(status=ImportStatus.SAVED, saved=len(batch.items), items=[]):
        return False
    origin = {"source": Source.IMPORT, "source_ref": f"import:{batch.pk}"}
    for item in batch.items:
        fields = {name: value for name, value in item.items() if name not in ("kind", "contact_kind")}
        if item["kind"] == "fact":
            add_fact(user=batch.user, **fields, **origin)
        elif item["kind"] == "contact":
            add_contact(user=batch.user, kind=item.get("contact_kind", ""), **fields, **origin)
        else:
            starts_at, ends_at = datetime.fromisoformat(fields.pop("starts_at")), fields.pop("ends_at")
            ends_at = datetime.fromisoformat(ends_at) if ends_at else None
            add_calendar_entry(user=batch.user, starts_at=starts_at, ends_at=ends_at, **fields, **origin)
    return True


@transaction.atomic
def undo(*, batch: ImportBatch) -> int:
    """Takes away what came of a batch and still counts. Returns how many; what Floyd was told since stays."""
    if not ImportBatch.objects.filter(pk=batch.pk, status=ImportStatus.SAVED).update(status=ImportStatus.UNDONE):
        return 0
    ref = f"import:{batch.pk}"
    rows = [row for model in (Fact, Contact, CalendarEntry) for row in model.objects.filter(user=batch.user, source_ref=ref)]
    return sum(retire(row=row) for row in rows)


@transaction.atomic
def discard(*, batch: ImportBatch) -> None:
    """Forgets a file that was read and not saved."""
    ImportBatch.objects.filter(pk=batch.pk, status=ImportStatus.READ).delete()

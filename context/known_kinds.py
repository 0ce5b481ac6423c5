"""Facts, contacts and appointments, as their pages are told apart: one row each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from context import services
from context.forms import ContactForm, EntryForm, FactForm
from context.models import CalendarEntry, Contact, Fact, User

Known = Fact | Contact | CalendarEntry


@dataclass(frozen=True, slots=True)
class Kind:
    """What pages do with one kind of thing.

    Attributes:
        name: in addresses.
        noun: in sentences.
        plural: above a list.
        form: shows one and takes changes; called with data or `initial`, and the user.
        shown: one as the form shows it.
        told_by: fields of which two that are alike are the same thing.
        add, change: the services; `change` gives what stands there then, and is a yes to what was only proposed.
    """

    name: str
    noun: str | Promise
    plural: str | Promise
    model: type[Any]
    form: Callable[..., forms.Form]
    shown: Callable[[Any], dict[str, Any]]
    add: Callable[..., Known]
    change: Callable[..., Known]
    told_by: tuple[str, ...]


def _fact_form(*arguments: Any, user: User, **named: Any) -> forms.Form:
    return FactForm(*arguments, **named)


def _contact_form(*arguments: Any, user: User, **named: Any) -> forms.Form:
    return ContactForm(*arguments, **named)


def _change_contact(row: Contact, **fields: Any) -> Contact:
    services.confirm(row=services.change_contact(contact=row, **fields))
    return row


def _change_entry(row: CalendarEntry, **fields: Any) -> CalendarEntry:
    services.confirm(row=services.change_calendar_entry(entry=row, **fields))
    return row


def _change_fact(row: Fact, **fields: Any) -> Fact:
    """A fact that only changes its sensitivity is the same fact with a new row, too: old requests keep what they knew."""
    if all(getattr(row, name) == value for name, value in fields.items()):
        services.confirm(row=row)
        return row
    return services.correct_fact(fact=row, **fields)


KINDS = {
    kind.name: kind
    for kind in (
        Kind("facts", _("fact"), _("Facts"), Fact, _fact_form, FactForm.shown, services.add_fact, _change_fact, ("statement", "about")),
        Kind(
            "contacts",
            _("contact"),
            _("Contacts"),
            Contact,
            _contact_form,
            ContactForm.shown,
            services.add_contact,
            _change_contact,
            ("name", "kind"),
        ),
        Kind(
            "calendar",
            _("appointment"),
            _("Appointments"),
            CalendarEntry,
            EntryForm,
            EntryForm.shown,
            services.add_calendar_entry,
            _change_entry,
            ("title", "starts_at"),
        ),
    )
}
#: What one tap does to a thing of any kind.
ACTS: dict[str, Callable[..., object]] = {
    "confirm": services.confirm,
    "reject": services.reject,
    "reopen": services.propose_again,
    "reinstate": lambda row: services.reinstate(row=row) if isinstance(row, Fact) else services.propose_again(row=row),
    "retire": services.retire,
    "restore": services.restore,
    "delete": services.delete_for_good,
    "keep": lambda row: services.note_use(user=row.user, fact_ids=[row.pk]) if isinstance(row, Fact) else None,
}


def kind_of(row: Known) -> Kind:
    """The kind of a row."""
    return next(kind for kind in KINDS.values() if kind.model is type(row))

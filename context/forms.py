"""Forms of the pages about what Floyd knows. What is right is decided by the services; a form keeps what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from context import selectors
from context.models import CalendarEntry, Contact, Fact, Sensitivity, User
from context.page_dates import hours_from_a_page, hours_on_a_page

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

HOURS_UNREAD = _("Floyd can't read these hours. Write them like this: Mon-Fri 8:00-17:00, Sat 9:00-12:00.")


def _text(label: str | _StrPromise, length: int, *, required: bool = False, **attributes: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=required, widget=forms.TextInput(attrs={"autocomplete": "off", **attributes}))


class FactForm(forms.Form):
    """A fact."""

    statement = _text(_("What is so?"), 500, required=True, placeholder=_("Mara is allergic to peanuts"))
    about = _text(_("About whom or what"), 120, placeholder=_("Mara"))
    topic = _text(_("Topic"), 60, placeholder="health")
    sensitivity = forms.ChoiceField(label=_("May a callee hear it?"), choices=Sensitivity.choices, initial=Sensitivity.SHARE)

    @staticmethod
    def shown(fact: Fact) -> dict[str, Any]:
        """A fact as the form shows it."""
        return {name: getattr(fact, name) for name in FactForm.base_fields}


class ContactForm(forms.Form):
    """Somebody to call."""

    name = _text(_("Name"), 120, required=True)
    kind = _text(_("What they are"), 60, placeholder=_("dentist, garage, friend"))
    phone = _text(_("Phone"), 40, inputmode="tel")
    address = _text(_("Address"), 200)
    hours = _text(_("Opening hours"), 300, placeholder=_("Mon-Fri 8:00-17:00, Sat 9:00-12:00"))
    menu_hints = _text(_("Way through their phone menu"), 200, placeholder=_("press 2, press 1"))
    notes = _text(_("Notes"), 500)
    preferred = forms.BooleanField(label=_("My usual one of their kind"), required=False)
    do_not_call = forms.BooleanField(label=_("Never call them"), required=False)

    def clean_hours(self) -> dict[str, Any]:
        """As they are stored.

        Raises:
            ValidationError: they cannot be read.
        """
        text = self.cleaned_data["hours"].strip()
        hours = hours_from_a_page(text) if text else {}
        if hours is None:
            raise forms.ValidationError(HOURS_UNREAD)
        return hours

    @staticmethod
    def shown(contact: Contact) -> dict[str, Any]:
        """A contact as the form shows it."""
        return {name: getattr(contact, name) for name in ContactForm.base_fields} | {"hours": hours_on_a_page(contact.hours)}


class EntryForm(forms.Form):
    """An appointment. Times are in the user's own time zone."""

    title = _text(_("What"), 200, required=True)
    starts_at = forms.DateTimeField(label=_("From"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))
    ends_at = forms.DateTimeField(
        label=_("To"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    all_day = forms.BooleanField(label=_("The whole day"), required=False)
    place = _text(_("Where"), 200)
    contact = forms.ModelChoiceField(label=_("With"), queryset=Contact.objects.none(), required=False)

    def __init__(self, *arguments: Any, user: User, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["contact"].queryset = selectors.contacts(user)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """An entry of a whole day begins with the day."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("all_day") and found.get("starts_at"):
            found["starts_at"] = timezone.localtime(found["starts_at"]).replace(hour=0, minute=0)
        return found

    @staticmethod
    def shown(entry: CalendarEntry) -> dict[str, Any]:
        """An appointment as the form shows it."""
        return {name: getattr(entry, name) for name in EntryForm.base_fields} | {"contact": entry.contact_id}

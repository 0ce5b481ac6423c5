"""What of the user's requests is looked for, as the address of the page says it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as noop

from context.models import Contact, User
from context.signed_in import zone_of
from requests_app.listing import called_contacts, find_requests
from requests_app.models import Request
from requests_app.status import Status

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MOST_SEARCHED = 200
#: Days of other years narrow nothing, and some of them are no moment in UTC.
YEARS = range(2000, 3000)
#: What the page offers, in its order: value in the address → what it is called.
GROUPS: dict[str, str] = {
    "": noop("All"),
    "in_flight": noop("Going on"),
    str(Status.WAITING_FOR_USER): noop("Needs you"),
    str(Status.DONE): noop("Done"),
    str(Status.FAILED): noop("Didn't work"),
    str(Status.CANCELLED): noop("Cancelled"),
}


def _day(label: str | _StrPromise) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"))


class FindForm(forms.Form):
    """Words, status, whom it was about, and days. What makes no sense is left out: a list has no errors."""

    q = forms.CharField(label=_("Words"), required=False, max_length=MOST_SEARCHED)
    status = forms.ChoiceField(required=False, choices=list(GROUPS.items()), widget=forms.HiddenInput)
    contact: forms.ModelChoiceField[Contact] = forms.ModelChoiceField(
        label=_("Whom"), required=False, queryset=None, empty_label=_("Anyone"), widget=forms.Select(attrs={"class": "input"})
    )
    since = _day(_("From"))
    until = _day(_("To"))
    before = forms.UUIDField(required=False)

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data, auto_id="find_%s")
        self._user = user
        self.fields["contact"].queryset = called_contacts(user)  # type: ignore[attr-defined]
        self.full_clean()

    def found(self) -> QuerySet[Request]:
        """The user's requests that fit, newest first."""
        asked = self.cleaned_data
        return find_requests(
            self._user,
            q=asked.get("q", ""),
            status=asked.get("status", ""),
            contact=asked.get("contact"),
            created_after=self._begin(asked.get("since")),
            created_before=self._begin(asked.get("until"), days=1),
        )

    @property
    def place(self) -> UUID | None:
        """Where the page before ended."""
        place: UUID | None = self.cleaned_data.get("before")
        return place

    @property
    def narrowed(self) -> bool:
        """Whether anything but a place in the list was asked for."""
        return any(self.cleaned_data.get(name) for name in ("q", "status", "contact", "since", "until"))

    def address(self, **changes: str) -> str:
        """The query of the same page with changes."""
        kept: dict[str, str] = {name: self.data.get(name, "") for name in ("q", "status", "contact", "since", "until") if name in self.cleaned_data}
        given = {name: value for name, value in (kept | changes).items() if value}
        return f"?{urlencode(given)}" if given else "?"

    def groups(self) -> list[dict[str, Any]]:
        """The statuses to choose from, as links."""
        chosen = self.cleaned_data.get("status", "")
        return [{"name": name, "address": self.address(status=value), "chosen": value == chosen} for value, name in GROUPS.items()]

    def _begin(self, day: date | None, *, days: int = 0) -> datetime | None:
        """The first moment of a day on the user's clocks, or of one that many days later."""
        if day is None or day.year not in YEARS:
            return None
        return datetime.combine(day + timedelta(days=days), time.min, tzinfo=zone_of(self._user))

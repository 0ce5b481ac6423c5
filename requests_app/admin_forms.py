"""The form in which staff put a request in other words, in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.db import transaction

from requests_app.editing import By, edit_ask
from requests_app.errors import InvalidAsk, NotPossibleNow
from requests_app.models import Channel, Request

if TYPE_CHECKING:
    RequestForm = forms.ModelForm[Request]
else:
    RequestForm = forms.ModelForm


class OtherWordsForm(RequestForm):
    """One field. Its service is asked while the form is checked: only then can a refusal stand beside the field.

    Attributes:
        follows: the new request, where the one that was changed is over.
    """

    follows: Request | None = None
    #: What they had before their eyes comes back with it.
    ask = forms.CharField(widget=forms.Textarea(attrs={"rows": 4, "cols": 90}), show_hidden_initial=True, strip=False)

    class Meta:
        """The ask."""

        model = Request
        fields = ("ask",)

    def clean_ask(self) -> str:
        """Does with the new words what the page does with its user's."""
        row = self.instance
        text, seen = str(self.cleaned_data["ask"]), str(self.data.get(self.add_initial_prefix("ask"), ""))
        try:
            with transaction.atomic():
                after = edit_ask(request_id=row.pk, user=row.user, ask=text, seen=seen.replace("\r\n", "\n"), channel=Channel.ROW, by=By.STAFF)
        except (InvalidAsk, NotPossibleNow) as error:
            raise forms.ValidationError(str(error)) from None
        self.follows = after if after.pk != row.pk else None
        return text

"""Forms of the pages for staff."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from calls.review.readings import SHORTEST_REASON
from requests_app.access import REASON_LENGTH


class ReasonForm(forms.Form):
    """Why somebody opens what is other people's now. Each of them can read it."""

    reason = forms.CharField(
        label=_("Why do you look at it now?"),
        min_length=SHORTEST_REASON,
        max_length=REASON_LENGTH,
        error_messages={"required": _("Give a reason."), "min_length": _("Say it in a few words that a user will understand.")},
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off", "autofocus": True, "placeholder": _("Weekly review of quality")}),
    )

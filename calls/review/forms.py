"""Forms of the pages for staff."""

from __future__ import annotations

from django import forms

from calls.review.access import SHORTEST_REASON
from requests_app.access import REASON_LENGTH


class ReasonForm(forms.Form):
    """Why somebody reads calls now. Every user whose call is opened can read it."""

    reason = forms.CharField(
        label="Why do you read calls now?",
        min_length=SHORTEST_REASON,
        max_length=REASON_LENGTH,
        error_messages={"required": "Give a reason.", "min_length": "Say it in a few words that a user will understand."},
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off", "placeholder": "Weekly review of quality"}),
    )

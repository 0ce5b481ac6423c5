"""Forms of the pages. What is valid is decided by the services; a form keeps what was typed."""

from __future__ import annotations

from uuid import uuid4

from django import forms

from requests_app.access import REASON_LENGTH
from requests_app.models import Channel
from requests_app.services import MAX_ASK_LENGTH

PLACEHOLDER = "Call the school, Mara is sick today."


class LookForm(forms.Form):
    """Why a member of staff wants to see somebody's request. The user reads it."""

    reason = forms.CharField(
        label="Why do you need to see it?",
        min_length=8,
        max_length=REASON_LENGTH,
        error_messages={"required": "Give a reason.", "min_length": "Say it in a few words that the user will understand."},
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off", "placeholder": "The user asked for help with…"}),
    )


class AskForm(forms.Form):
    """The box in which people say what they want.

    `client_key` is made anew whenever the form is drawn, so that sending the same form twice makes one request.
    """

    ask = forms.CharField(
        required=False,  # the service says what is wrong with an empty one
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": MAX_ASK_LENGTH, "placeholder": PLACEHOLDER, "aria-describedby": "ask-status"}),
    )
    client_key = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)
    channel = forms.ChoiceField(choices=[(Channel.WEB, ""), (Channel.VOICE, "")], widget=forms.HiddenInput)

    @classmethod
    def blank(cls, ask: str = "") -> AskForm:
        """A form to fill, with a key of its own."""
        return cls(initial={"ask": ask[:MAX_ASK_LENGTH], "client_key": str(uuid4()), "channel": Channel.WEB}, auto_id="ask_%s")

    @classmethod
    def refused(cls, ask: str, why: str) -> AskForm:
        """What was typed, with what is wrong with it, under a new key."""
        form = cls({"ask": ask[: 2 * MAX_ASK_LENGTH], "client_key": str(uuid4()), "channel": Channel.WEB}, auto_id="ask_%s")
        form.add_error("ask", why)
        return form

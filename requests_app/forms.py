"""Forms of the pages. What is valid is decided by the services; a form keeps what was typed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from context.signed_in import zone_of
from requests_app.access import REASON_LENGTH
from requests_app.models import Channel
from requests_app.next_steps import TEXT_LENGTH
from requests_app.services import MAX_ASK_LENGTH

PLACEHOLDER = _("Call the school, Mara is sick today.")


class LookForm(forms.Form):
    """Why a member of staff wants to see somebody's request. The user reads it."""

    reason = forms.CharField(
        label=_("Why do you need to see it?"),
        min_length=8,
        max_length=REASON_LENGTH,
        error_messages={"required": _("Give a reason."), "min_length": _("Say it in a few words that the user will understand.")},
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off", "placeholder": "The user asked for help with…"}),
    )


#: How browsers send a moment without its zone.
MOMENT_FORMAT = "%Y-%m-%dT%H:%M"


class StepForm(forms.Form):
    """A reminder or a follow-up: what, and when on the user's own clocks."""

    text = forms.CharField(
        label=_("What"), max_length=TEXT_LENGTH, error_messages={"required": _("Say what.")}, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    due_at = forms.CharField(
        label=_("When"),
        max_length=40,
        error_messages={"required": _("Say when.")},
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT_FORMAT),
    )

    def clean_due_at(self) -> datetime:
        """The moment, without a zone.

        Raises:
            ValidationError: no moment.
        """
        try:
            return datetime.fromisoformat(self.cleaned_data["due_at"]).replace(tzinfo=None)
        except ValueError:
            raise forms.ValidationError(_("Give day and time, for example 2026-11-24T16:00.")) from None

    def said(self, user: Any) -> dict[str, Any]:
        """What was said, with the moment as the user's clocks show it."""
        return {"text": self.cleaned_data["text"], "due_at": self.cleaned_data["due_at"].replace(tzinfo=zone_of(user))}


class AskForm(forms.Form):
    """The box in which people say what they want.

    `client_key` is made anew whenever the form is drawn, so that sending the same form twice makes one request.
    """

    ask = forms.CharField(
        required=False,  # the service says what is wrong with an empty one
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 2, "maxlength": MAX_ASK_LENGTH, "placeholder": PLACEHOLDER, "aria-describedby": "ask-status", "aria-keyshortcuts": "n"}
        ),
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

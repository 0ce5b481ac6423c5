"""Making an account."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import SignupForm
from django import forms
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from context.errors import KnowledgeError
from context.kept_words import pages_language
from context.models import User
from context.preferences import change_preferences, checked


class SignUpForm(SignupForm):  # type: ignore[misc]
    """Name, mail address and password. The browser says where in time its user is, and which pages they read."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, help_text=_("As callees hear it."), widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    time_zone = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    field_order = ("name", "email", "password1")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def clean_name(self) -> str:
        """The name.

        Raises:
            ValidationError: nobody could say it.
        """
        try:
            return str(checked("name", self.cleaned_data["name"]))
        except KnowledgeError as error:
            raise forms.ValidationError(str(error)) from None

    def clean_time_zone(self) -> str:
        """The browser's time zone; empty when it names none that is known."""
        try:
            return str(checked("time_zone", self.cleaned_data["time_zone"]))
        except KnowledgeError:
            return ""

    def signup(self, request: HttpRequest, user: User) -> None:
        """Writes what an account has besides address and password."""
        zone = self.cleaned_data["time_zone"]
        seen = pages_language(translation.get_language() or "")
        change_preferences(user=user, name=self.cleaned_data["name"], page_language=seen, **({"time_zone": zone} if zone else {}))

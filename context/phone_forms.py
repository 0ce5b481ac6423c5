"""Giving a number, and the code that was texted to it."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import VerifyPhoneForm
from allauth.core import context as current
from allauth.core import ratelimit
from django import forms
from django.utils.translation import gettext_lazy as _

from context.errors import KnowledgeError
from context.verified_phone import read_own_number

#: Countries in which a newcomer's number is read before they have said where they live.
REGION = "CA"


class NumberField(forms.CharField):
    """A phone number as people write it; its value is E.164."""

    def __init__(self, **named: Any) -> None:
        widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"})
        super().__init__(**{"label": _("Your mobile number"), "max_length": 40, "widget": widget, **named})

    def clean(self, value: Any) -> Any:
        """The number, read as it is dialled where the user lives.

        Raises:
            ValidationError: it is none that can be texted.
        """
        text = super().clean(value)
        region = getattr(getattr(current.request, "user", None), "region", "") or REGION
        try:
            return read_own_number(text, region) if text else text
        except KnowledgeError as error:
            raise forms.ValidationError(str(error)) from None


class CodeForm(VerifyPhoneForm):  # type: ignore[misc]
    """The texted code. Tries are counted by number for all sessions together: a session alone could be opened anew, or asked many times at once."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field = self.fields["code"]
        field.label = _("Code")
        field.widget.attrs.update({"inputmode": "numeric", "maxlength": "12", "placeholder": ""})

    def clean_code(self) -> str:
        """The code, if it is the right one.

        Raises:
            ValidationError: it is not, or there were too many tries.
        """
        if not ratelimit.consume(current.request, action="try_phone_code", key=self.phone or ""):
            raise forms.ValidationError(_("There were too many tries with this number. Try again tomorrow."))
        code: str = super().clean_code()
        return code

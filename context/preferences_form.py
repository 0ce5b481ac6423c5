"""The form of the settings page, whole or one group of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from context.choices import KeepFor, Voice
from context.errors import KnowledgeError
from context.kept_words import said
from context.models import User
from context.money import MOST_MINOR, minor_units
from context.preferences import FIELDS, change_preferences, checked, fields_of

#: What planner, recogniser and voices can be asked to use.
LANGUAGES = (("en-US", "English"), ("fr-CA", "Français"), ("de-DE", "Deutsch"), ("es-US", "Español"), ("it-IT", "Italiano"), ("pt-BR", "Português"))
USUAL_VOICE = _("Floyd’s usual voice")


class MoneyField(forms.DecimalField):
    """An amount that people write in whole units and Floyd keeps in minor ones. `currency` is set by the form."""

    currency = "CAD"

    def __init__(self, **named: Any) -> None:
        kept = {name: value for name, value in named.items() if name not in {"min_value", "max_value"}}
        super().__init__(**kept, min_value=0, max_value=MOST_MINOR // 100, decimal_places=2)

    def prepare_value(self, value: Any) -> Any:
        """What the box shows: whole units. What was typed stays as it was."""
        return value if value is None or isinstance(value, str) else format(Decimal(value) / minor_units(self.currency), "f")

    def to_python(self, value: Any) -> Any:
        """The amount, also with a dollar sign and thousands apart.

        Raises:
            ValidationError: no amount.
        """
        return super().to_python(value.replace("$", "").replace(",", "").strip() if isinstance(value, str) else value)

    def clean(self, value: Any) -> Any:
        """Minor units, or None for an empty box that may be empty.

        Raises:
            ValidationError: no amount, a negative one, or more than Floyd can handle.
        """
        amount = super().clean(value)
        return None if amount is None else int(amount * minor_units(self.currency))


class PreferencesForm(forms.ModelForm):  # type: ignore[type-arg]  # django has no generic one at run time
    """The settings of one user.

    Args:
        group: key of the group that is shown and saved; empty for all.
    """

    class Meta:
        """Labels and hints in the user's words."""

        model = User
        fields = FIELDS
        field_classes = {"spending_limit_minor": MoneyField, "cost_per_day_minor": MoneyField, "approval_above_minor": MoneyField}
        labels = {
            "name": _("Your name"),
            "home_area": _("Where you live"),
            "region": _("Country of phone numbers"),
            "time_zone": _("Time zone"),
            "page_language": _("Language of pages"),
            "language": _("Language of calls"),
            "voice": _("Voice of calls"),
            "plan_approval": _("When Floyd has a plan"),
            "approval_above_minor": _("Price above which to show it"),
            "spending_limit_minor": _("Most that a text message of yours may allow"),
            "calls_per_day": _("Calls per day"),
            "callee_choice": _("Who picks among businesses that Floyd finds"),
            "switches_language": _("Go on in the language of whoever is called, when they speak no English and Floyd speaks theirs"),
            "record_calls": _("Record calls"),
            "minutes_per_day": _("Minutes of calls per day"),
            "cost_per_day_minor": _("What calls may cost per day"),
            "learning": _("Facts from your own words"),
            "mail_learning": _("Facts, contacts and appointments from your mail"),
            "keep_days": _("Keep ended requests for"),
            "tell_by": _("How Floyd tells you"),
            "push_says_what": _("Notifications show what it is about, also on a locked screen"),
            "quiet_from": _("Quiet from"),
            "quiet_to": _("Quiet to"),
        }
        help_texts = {
            "name": _("As callees hear it."),
            "home_area": _("Where Floyd looks for businesses, for example Guelph, Ontario."),
            "region": _("Two letters, for example CA: how numbers without a country code are read."),
            "time_zone": _("For example America/Toronto."),
            "page_language": _("Also of the texts and mails that Floyd writes to you."),
            "language": _("In which Floyd phones for you, and listens to you."),
            "voice": _("With which Floyd speaks for you, where the language has it; else with its usual one."),
            "approval_above_minor": _("Counts for “above a price”: a plan that may spend more waits for your yes."),
            "spending_limit_minor": _("Anything above it needs a tap in the app."),
            "calls_per_day": _("Empty: what the site allows."),
            "minutes_per_day": _("Empty: what the site allows. A call may only be as long as what is left."),
            "cost_per_day_minor": _("Empty: what the site allows. A call that could cost more than is left is not begun."),
            "mail_learning": _("Of the mailbox you connect and the mail you forward."),
            "quiet_to": _("What can wait, waits until then. A question while Floyd is on the phone for you does not. Empty: never quiet."),
            "record_calls": _(
                "Keeps the sound of your calls for you to hear, where this site allows it. Floyd tells whoever it talks with; when they object, "
                "it stops, and nothing is kept."
            ),
            "callee_choice": _("When nobody among your contacts fits."),
            "switches_language": "",
            "push_says_what": "",
            "quiet_from": "",
            "keep_days": "",
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "region": forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "country"}),
            "time_zone": forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off", "spellcheck": "false"}),
            "language": forms.Select(choices=LANGUAGES),
            "quiet_from": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "quiet_to": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def __init__(self, *arguments: Any, group: str = "", **named: Any) -> None:
        super().__init__(*arguments, **named)
        kept = fields_of(group)
        self.fields = {name: field for name, field in self.fields.items() if name in kept}
        for name, field in self.fields.items():
            if isinstance(field, MoneyField):
                field.currency = settings.PRICES.currency if name == "cost_per_day_minor" else self.instance.currency
                field.label = f"{field.label} ({field.currency})"
        voice: Any = self.fields.get("voice")
        if voice is not None:
            voice.choices = [("", USUAL_VOICE), *Voice.choices]
        keeping: Any = self.fields.get("keep_days")
        if keeping is not None:
            keeping.choices = [("", _("As long as this site keeps them")), *KeepFor.choices]
        language = self.fields.get("language")
        if language is not None and self.instance.language not in dict(LANGUAGES):
            widget: Any = language.widget
            widget.choices = [(self.instance.language, self.instance.language), *LANGUAGES]

    def clean(self) -> dict[str, Any]:
        """What must hold whoever writes, with its sentence at the field."""
        for name, value in list(self.cleaned_data.items()):
            try:
                self.cleaned_data[name] = checked(name, value)
            except KnowledgeError as error:
                self.add_error(name, said(str(error)))
        return self.cleaned_data

    def save(self, commit: bool = True) -> User:
        """Writes what the form shows, and nothing else."""
        return change_preferences(user=self.instance, **{name: self.cleaned_data[name] for name in self.fields})

"""The form in which a user changes a plan. What holds is decided by `plan_editing`; only what was really changed is an edit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from context.models import Sensitivity
from context.preferences_form import MoneyField
from requests_app.models import Request
from requests_app.plan import Edits
from requests_app.plan_check import ITEM_LENGTH, LENGTHS, MOST_ITEMS

#: In place of a contact's id: somebody who is none.
ELSE = ""
_NAME_LENGTH = 120
#: Fields that hold one thing a line.
_LISTS = ("steps", "find_out")


class PlanForm(forms.Form):
    """A plan to change: goal, callee, steps, first words, what to find out, what may be spent and what is told."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    goal = forms.CharField(label=_("What Floyd is to do"), max_length=LENGTHS["goal"], widget=forms.Textarea(attrs={"class": "input", "rows": 2}))
    contact = forms.ChoiceField(label=_("Whom to call"), required=False, widget=forms.Select(attrs={"class": "input"}))
    name = forms.CharField(
        label=_("Somebody else"),
        required=False,
        max_length=_NAME_LENGTH,
        help_text=_("A name or a sort of business, if it is none of your contacts."),
    )
    steps = forms.CharField(
        label=_("Steps"),
        required=False,
        max_length=MOST_ITEMS * ITEM_LENGTH,
        help_text=_("One a line, in order. Floyd keeps to what you write here."),
        widget=forms.Textarea(attrs={"class": "input", "rows": 4}),
    )
    opening_line = forms.CharField(
        label=_("First words"),
        max_length=LENGTHS["opening_line"],
        help_text=_("Said after Floyd has introduced itself as an AI that calls for you."),
        widget=forms.Textarea(attrs={"class": "input", "rows": 2}),
    )
    find_out = forms.CharField(
        label=_("What to find out"),
        required=False,
        max_length=MOST_ITEMS * ITEM_LENGTH,
        help_text=_("One thing a line."),
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
    )
    limit_minor = MoneyField(label=_("Most that may be spent"), required=False, help_text=_("Empty: Floyd agrees to no price."))
    share = forms.MultipleChoiceField(label=_("What may be told"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, request: Request, data: Any = None) -> None:
        plan, snapshot = request.plan or {}, request.snapshot or {}
        callee = plan.get("callee") or {}
        self._before = {
            "goal": plan.get("goal", ""),
            "contact": callee.get("contact_id") or ELSE,
            "name": "" if callee.get("contact_id") else callee.get("name", ""),
            "steps": "\n".join(plan.get("steps") or ()),
            "opening_line": plan.get("opening_line", ""),
            "find_out": "\n".join(plan.get("find_out") or ()),
            "limit_minor": request.limit_minor if request.limit_minor is not None else plan.get("limit_minor"),
            "share": list(plan.get("share") or ()),
        }
        super().__init__(data, initial={**self._before, "version": request.plan_version}, auto_id="plan_%s")
        contacts = [(str(one["id"]), str(one["name"])) for one in snapshot.get("contacts", ())]
        self._names = dict(contacts)
        choice: Any = self.fields["contact"]
        choice.choices = [*contacts, (ELSE, _("Somebody else…"))]
        facts: Any = self.fields["share"]
        facts.choices = [(str(fact["id"]), _label(fact)) for fact in snapshot.get("facts", ())]
        money: Any = self.fields["limit_minor"]
        money.currency = request.user.currency
        money.label = f"{money.label} ({request.user.currency})"

    def clean(self) -> dict[str, Any]:
        """Somebody is called."""
        cleaned = self.cleaned_data
        if not cleaned.get("contact") and not cleaned.get("name", "").strip():
            self.add_error("name", _("Say whom to call."))
        return cleaned

    def edits(self) -> Edits:
        """What the user changed."""
        cleaned, changed = self.cleaned_data, self._changed()
        edits: dict[str, Any] = {name: cleaned[name] for name in ("goal", "opening_line", "limit_minor", "share") if name in changed}
        edits |= {name: [line.strip() for line in cleaned[name].splitlines() if line.strip()] for name in _LISTS if name in changed}
        if "contact" in changed or ("name" in changed and not cleaned["contact"]):
            contact = cleaned["contact"] or None
            edits["callee"] = {"contact_id": contact, "name": self._names.get(contact or "", cleaned["name"].strip()), "kind": ""}
        return Edits(**edits)

    def _changed(self) -> set[str]:
        now = self.cleaned_data | {name: "\n".join(self.cleaned_data[name].split("\r\n")) for name in _LISTS}
        return {name for name, before in self._before.items() if _plain(now[name]) != _plain(before)}


def _plain(value: Any) -> Any:
    """Order and space around do not make a difference."""
    return sorted(value) if isinstance(value, list) else value.strip() if isinstance(value, str) else value


def _label(fact: dict[str, Any]) -> str:
    guarded = fact.get("sensitivity") == Sensitivity.ASK_FIRST
    return _("%(statement)s (Floyd asks you first)") % {"statement": fact["statement"]} if guarded else str(fact["statement"])

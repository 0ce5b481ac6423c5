"""Admin pages of rows that others write, too: a page that was opened a while ago saves only what was changed on it, and nothing unseen.

The page takes along what it showed. What changed in the database since is either left as it is there, or, where the person changed the very same
field, refused with what stands there now.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property

from context.dates import zone

SHOWN = "shown"


class OpenedForm(forms.ModelForm):  # type: ignore[type-arg]  # generic to the type checker only
    """A form that knows what its page showed. For `OpenedPages`."""

    shown = forms.JSONField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now = {name: _plain(self[name].initial) for name in self.fields if name != SHOWN}
        self.initial[SHOWN] = self._now

    @cached_property
    def edited(self) -> list[str]:
        """The fields that the person changed, whatever else changed meanwhile. Of a new row, all."""
        if self.instance.pk is None:
            return [name for name in self.fields if name != SHOWN]
        return [name for name in self.fields if name != SHOWN and self.fields[name].has_changed(self._shown(name), self[name].data)]

    def _shown(self, name: str) -> Any:
        """What the page showed, as the column has it; a page that does not say showed what is there."""
        shown = self.cleaned_data.get(SHOWN)
        if not isinstance(shown, dict) or name not in shown or shown[name] == self._now[name]:
            return self[name].initial
        try:
            return self.instance._meta.get_field(name).to_python(shown[name])
        except ValidationError:
            return None

    def clean(self) -> dict[str, Any]:
        """Refuses a field that somebody else changed since; what the person left alone is as it is in the database."""
        values = super().clean() or self.cleaned_data
        if self.instance.pk is None:
            return values
        shown = values.get(SHOWN)
        shown = shown if isinstance(shown, dict) else {}
        for name, now in self._now.items():
            if name not in self.edited:
                values[name] = getattr(self.instance, name)
            elif name in shown and shown[name] != now and self.fields[name].has_changed(self[name].initial, self[name].data):
                stands = "empty" if now in ("", None) else now
                self.add_error(name, f"Somebody changed this since you opened the page. It is now: {stands}. Open the page again.")
        return values

    def _post_clean(self) -> None:
        """Asks the table's constraints with the whole row, too: Django leaves those out that look at a column which is not on the page."""
        super()._post_clean()  # type: ignore[misc]  # Django's, in every release
        if self.errors:
            return
        try:
            self.instance.validate_constraints()
        except ValidationError as error:
            self.add_error(None, error.messages)


class OpenedPages:
    """For a `ModelAdmin`: locks the row while it is saved, and writes what the person changed."""

    form: Any = OpenedForm

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row. Who saves keeps it from everybody else until it is saved."""
        found = super().get_object(request, object_id, from_field)  # type: ignore[misc]
        if found is not None and request.method == "POST":
            # Not its key: rows that point to it, such as a new call of theirs, need not wait.
            type(found)._default_manager.select_for_update(no_key=True).filter(pk=found.pk).first()
            found.refresh_from_db()
        return found

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """With what the page showed, for those who may change it."""
        # Of whoever may only look, Django shows what is on the form.
        also = (SHOWN,) if obj is not None and self.has_change_permission(request, obj) else ()  # type: ignore[attr-defined]
        fieldsets = [(title, dict(options)) for title, options in super().get_fieldsets(request, obj)]  # type: ignore[misc]
        for _, options in fieldsets:
            options["fields"] = tuple(name for name in options["fields"] if name != SHOWN)
        fieldsets[-1][1]["fields"] += also
        return fieldsets

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Writes nothing but what was changed."""
        if not change:
            obj.save()
        elif form.edited:
            also = [field.name for field in obj._meta.concrete_fields if getattr(field, "auto_now", False)]
            obj.save(update_fields=[*form.edited, *also])


def in_time_zone(name: Callable[[], str]) -> Callable[[type], type]:
    """Has the admin pages of a business show and take times as its own clocks do.

    Args:
        name: gives the time zone.
    """

    def make(admin_class: type) -> type:
        for view in ("changelist_view", "changeform_view"):
            setattr(admin_class, view, _in_zone(getattr(admin_class, view), name))
        return admin_class

    return make


def _in_zone(view: Callable[..., Any], name: Callable[[], str]) -> Callable[..., Any]:
    @wraps(view)
    def there(*args: Any, **kwargs: Any) -> Any:
        with timezone.override(zone(name())):
            response = view(*args, **kwargs)
            # What is rendered later would show other clocks.
            return response.render() if hasattr(response, "render") else response

    return there


def _plain(value: Any) -> Any:
    """A value as it comes back from the page."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))

"""The admin of Floyd's staff: before it shows anything that may be somebody's, it asks why, and logs what is opened, for whose it is to read.

Asked is by pages that only show. A form that is sent was opened under a reason, and is taken under that one: its hours may have run out over
the typing, and what was typed must not be lost.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.apps import apps
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from calls.models import Call
from calls.review import readings, reasons
from calls.review.views import ask_for_reason, staff_of
from context.models import User
from context.ownership import paths
from requests_app.models import Request

View = Callable[..., Any]
#: What is nobody's: rights, what Floyd says and offers, figures without words, and the log of all this. All other models are asked about.
NOBODYS = frozenset({"auth.group", "calls.label", "calls.review", "calls.staffreading", "use_cases.usecase", "use_cases.apartment"})
#: Whose keys to a user name who did it, not whose it is.
BY_STAFF = (LogEntry,)


class StaffSite(AdminSite):
    """Django's admin behind a reason."""

    def admin_view(self, view: View, cacheable: bool = False) -> Any:
        """As Django's, with the question before it."""
        model_admin = getattr(view, "__self__", None)
        if isinstance(model_admin, ModelAdmin) and _label(model_admin.model) not in NOBODYS:
            view = _behind_a_reason(model_admin, view)
        return super().admin_view(view, cacheable)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What all its templates get: with the reason."""
        return {**super().each_context(request), "reason": reasons.given(request)}

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Names for a box that completes them. It has no page to ask on, so whoever gave no reason gets none."""
        if not (why := reasons.given_for_form(request)):
            raise PermissionDenied
        response = super().autocomplete_view(request)
        # It was checked by the view that there is such a field.
        asking = apps.get_model(request.GET["app_label"], request.GET["model_name"])
        named: Any = asking._meta.get_field(request.GET["field_name"]).related_model
        owners = _owners(named, [one["id"] for one in json.loads(response.content)["results"]])
        readings.note(staff=staff_of(request), reason=why, what=_label(named), whose=owners)
        return response


def _behind_a_reason(model_admin: ModelAdmin[Any], view: View) -> View:
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **named: Any) -> Any:
        why = reasons.given(request) if request.method in ("GET", "HEAD") else reasons.given_for_form(request)
        if not why:
            return ask_for_reason(request)
        key = named.get("object_id") or named.get("id")
        if key is not None:
            _note_record(model_admin, request, unquote(str(key)), why)
            return view(request, *args, **named)
        response = view(request, *args, **named)
        _note_list(model_admin.model, request, response, why)
        return response

    return shown


def _note_record(model_admin: ModelAdmin[Any], request: HttpRequest, key: str, why: str) -> None:
    """Logs that a record is opened, by whoever may: before anything of it is shown, and before it can be gone."""
    try:
        row = model_admin.get_queryset(request).filter(pk=key).first()
    except (ValueError, ValidationError):  # not a key at all
        return
    if row is None or not (model_admin.has_view_or_change_permission(request, row) or model_admin.has_delete_permission(request, row)):
        return
    staff, call = staff_of(request), row if isinstance(row, Call) else getattr(row, "call", None)
    call = call if isinstance(call, Call) else None
    wish = row if isinstance(row, Request) else getattr(row if call is None else call, "request", None)
    readings.note_request(staff=staff, wish=wish if isinstance(wish, Request) else None, reason=why)
    readings.note(staff=staff, reason=why, what=_label(type(row)), whose=_owners(type(row), [row.pk]), call=call, row=str(row.pk))


def _note_list(model: type[Model], request: HttpRequest, response: Any, why: str) -> None:
    """Logs whose rows stand in a list. It is not sent yet."""
    shown = getattr(response, "context_data", None) or {}
    if (listed := shown.get("cl")) is not None:
        owners = _owners(model, [row.pk for row in listed.result_list])
        readings.note(staff=staff_of(request), reason=why, what=_label(model), whose=owners)


def _owners(model: type[Model], keys: list[Any]) -> Iterable[int | None]:
    """The users to whom some rows belong; None stands for those of nobody with an account."""
    if model is User:
        return [int(key) for key in keys] or [None]
    path = paths().get(model)
    if path is None or issubclass(model, BY_STAFF):
        return [None]
    return list(model._default_manager.filter(pk__in=keys).order_by(path).values_list(path, flat=True).distinct()) or [None]


def _label(model: type[Model]) -> str:
    return model._meta.label_lower

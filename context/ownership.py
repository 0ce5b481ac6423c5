"""Which rows belong to a user: every model from which keys lead to `User`, found by looking, so that none can be forgotten.

What came from a number or an address before anybody had proven it to be theirs has no such key. It gets one by `claim`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import CASCADE, ForeignKey, Model, QuerySet

from context.models import User

#: Gives a user the rows that are theirs by a number or an address which they have proven.
Claim = Callable[[User], None]

_claims: list[Claim] = []


def register_claim(rows: Claim) -> None:
    """Has `rows` done before what belongs to a user is listed as a whole. Call it from an app's `ready`."""
    if rows not in _claims:
        _claims.append(rows)


def claim(user: User) -> None:
    """Gives a user all that is theirs without a key to them. Runs any number of times."""
    for rows in _claims:
        rows(user)


@cache
def paths() -> dict[type[Model], str]:
    """Model → lookup that leads to its user, by the fewest keys; those that may be empty only where no other leads there, and the row goes along."""
    found: dict[type[Model], str] = {}
    # Keys that are always filled first: a row may be reached by an empty one only when it is nobody's.
    for optional in (False, True):
        grew = True
        while grew:
            step = {model: path for model in apps.get_models(include_auto_created=True) if (path := _one_step(model, found, optional=optional))}
            grew = bool(step)
            found |= step
    return found


def _one_step(model: type[Model], found: dict[type[Model], str], *, optional: bool) -> str:
    """The lookup of a model whose key leads to the user, or to a model that is found already; empty: none does."""
    if model is User or model in found:
        return ""
    keys = [field for field in model._meta.get_fields() if isinstance(field, ForeignKey) and (_goes_along(field) if optional else not field.null)]
    for key in keys:
        target: Any = key.related_model
        if target is User:
            return key.name
        if target in found:
            return f"{key.name}__{found[target]}"
    return ""


def _goes_along(key: ForeignKey[Any, Any]) -> bool:
    """Whether a row belongs to what the key leads to: one that stays when that goes only mentions it (who on the staff did something)."""
    return key.remote_field.on_delete is CASCADE


def rows_of(model: type[Model], user: User) -> QuerySet[Any]:
    """The rows of a model that belong to the user; of `User`, their own."""
    rows = model._default_manager.all()
    return rows.filter(pk=user.pk) if model is User else rows.filter(**{paths()[model]: user})

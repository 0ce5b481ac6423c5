"""Which requests have a call that can be listened to. This app knows of no calls; the app that does registers a condition when it starts."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from requests_app.models import Request

_condition = "false"


def register(condition: str) -> None:
    """Says by SQL about a row of `requests_app_request` whether it has a recording. Call it from an app's `ready`."""
    global _condition
    _condition = condition


def condition() -> str:
    """The SQL."""
    return _condition


def with_recorded(rows: QuerySet[Request]) -> QuerySet[Any]:
    """The same rows, each with `is_recorded`."""
    return rows.annotate(is_recorded=RawSQL(_condition, (), output_field=BooleanField()))  # noqa: S611  words of ours

"""What staff have done with many rows of a business at once: each by a service, logged, and said in one line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from calls.models import Call

#: More at once are a mistake.
MOST = 50


class CannotDoError(Exception):
    """That row cannot have it done; the message says why."""


def on_each(model_admin: Any, request: HttpRequest, rows: QuerySet[Any], act: Callable[[Any], str], *, done: str) -> None:
    """Has `act` done with each row, and says what came of it.

    Args:
        act: returns why the caller could not be told; empty: they were. Raises CannotDoError.
        done: what was done, in a word or two.
    """
    chosen = list(rows[: MOST + 1])
    if len(chosen) > MOST:
        model_admin.message_user(request, f"At most {MOST} at once: nothing was done.", messages.ERROR)
        return
    count = 0
    for row in chosen:
        try:
            untold = act(row)
        except CannotDoError as error:
            model_admin.message_user(request, f"Left as it was. {error}", messages.WARNING)
            continue
        count += 1
        model_admin.log_change(request, row, f"{done}.")
        if untold:
            model_admin.message_user(request, f"{str(row).capitalize()}: the caller was not told. {untold}", messages.WARNING)
    if count:
        model_admin.message_user(request, f"{done}: {count}.", messages.SUCCESS)


def call_link(call_id: Any) -> SafeString:
    """A link to the call in which something was made, while it is kept."""
    if call_id is None or not Call.objects.filter(pk=call_id).exists():
        return format_html("{}", "The call is not kept any more.")
    return format_html('<a href="{}">{}</a>', reverse("admin:calls_call_change", args=[call_id]), "The call")


def links_to_rows(caller_id: int) -> SafeString:
    """Links to what a caller has with the businesses."""
    links = [(reverse(f"admin:use_cases_{name}_changelist"), caller_id, f"{name}s") for name in ("order", "tour")]
    return format_html_join(" · ", '<a href="{}?caller__id__exact={}">{}</a>', links)

"""What staff can have done with requests in the admin: tried again or stopped, as on the user's page, told in the timeline, and logged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from requests_app import services
from requests_app.errors import NotPossibleNow
from requests_app.models import Request

#: More at once are a mistake.
MOST = 50


class RequestActions:
    """Actions for a list of requests; for a `ModelAdmin`."""

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Whether this member of staff may move requests."""
        return bool(request.user.has_perm("requests_app.change_request"))

    @admin.action(description="Try again", permissions=["act"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Request]) -> None:
        """Starts requests again that failed or were stopped."""
        _each(self, request, queryset, services.retry_request, "Started again")

    @admin.action(description="Stop", permissions=["act"])
    def stop(self, request: HttpRequest, queryset: QuerySet[Request]) -> None:
        """Stops requests, with a call that is on."""
        _each(self, request, queryset, services.stop_request, "Stopped")


def _each(model_admin: Any, request: HttpRequest, queryset: QuerySet[Request], act: Callable[..., Any], words: str) -> None:
    chosen = list(queryset.select_related("user")[: MOST + 1])
    if len(chosen) > MOST:
        model_admin.message_user(request, f"At most {MOST} at once: nothing was done.", messages.ERROR)
        return
    done, refused = 0, ""
    for wish in chosen:
        try:
            act(request_id=wish.pk, user=wish.user, by_staff=True)
        except NotPossibleNow as error:
            refused = str(error)
            continue
        model_admin.log_change(request, wish, f"{words}.")
        done += 1
    if done:
        model_admin.message_user(request, f"{words}: {done}.", messages.SUCCESS)
    if refused:
        model_admin.message_user(request, f"Left as it was: {len(chosen) - done}. {refused}", messages.WARNING)

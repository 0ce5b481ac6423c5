"""The door through which staff see a user's request: a reason that the user can read, and half an hour."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from requests_app import access
from requests_app.forms import LookForm
from requests_app.views import page, see_other


def _minutes() -> int:
    return int(access.STAFF_LOOK.total_seconds() // 60)


@require_http_methods(["GET", "POST"])
@page
def look(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Asks a member of staff for the reason, and opens the request to look at, for a while."""
    wish = access.closed_to_staff(request.user, request_id)
    if request.method == "GET":
        if access.look_of(request.user, wish) is not None:
            return redirect("request", wish.pk)
        return render(request, "requests_app/look.html", {"wish": wish, "form": LookForm(), "minutes": _minutes()})
    form = LookForm(request.POST)
    if not form.is_valid():
        return render(request, "requests_app/look.html", {"wish": wish, "form": form, "minutes": _minutes()}, status=422)
    access.open_for_staff(request.user, wish.pk, reason=form.cleaned_data["reason"])
    return see_other("request", wish.pk)

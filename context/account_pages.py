"""Taking everything along, and leaving."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_GET, require_http_methods

from context import leaving
from context.export import download
from context.signed_in import signed_in

UNLIKE = noop("That is not the address you sign in with. Nothing was deleted.")


@require_GET
@signed_in
def export(request: HttpRequest) -> HttpResponse:
    """Everything that Floyd holds of the user, as a file."""
    user: Any = request.user
    return cast(HttpResponse, download(user))  # what the decorators call a response; they only set headers


@require_http_methods(["GET", "POST"])
@signed_in
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
def delete_account(request: HttpRequest) -> HttpResponse:
    """GET: what will go. POST, with the password given in the last minutes and the address typed: it goes."""
    user: Any = request.user
    if request.method == "GET":
        return render(request, "context/delete.html", {"page": "settings"})
    if request.POST.get("email_again", "").strip().casefold() != user.email.casefold():
        return render(request, "context/delete.html", {"page": "settings", "trouble": UNLIKE}, status=422)
    leaving.begin(user=user)
    logout(request)
    return render(request, "context/deleted.html")

"""What every page of a signed-in person has in common: the login, and their time zone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone

from context.models import User

View = Callable[..., HttpResponse]


def zone_of(user: User) -> ZoneInfo:
    """The user's time zone; UTC when it is none."""
    try:
        return ZoneInfo(user.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _sign_in_and_back(request: HttpRequest) -> str:
    """The sign-in page, which leads back to the page that asked for the fragment."""
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    back = f"{here.path}?{here.query}" if here.query else here.path
    # Only a path of ours: two slashes at its beginning would be somebody else's host.
    return redirect_to_login(back).url if back.startswith("/") and not back.startswith("//") else resolve_url("account_login")


def signed_in(view: View) -> View:
    """Sends strangers to sign in; for the others, times are shown in their own time zone. Pages are never cached."""

    @wraps(view)
    def page(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            if "HX-Request" in request.headers:
                # A fragment cannot show the sign-in page: the whole page goes there.
                return HttpResponse(status=401, headers={"HX-Redirect": _sign_in_and_back(request)})
            return redirect_to_login(request.get_full_path())
        with timezone.override(zone_of(request.user)):
            response = view(request, *arguments, **named)
            if hasattr(response, "render"):
                response = response.render()
        response.headers["Cache-Control"] = "no-store"
        return response

    return page

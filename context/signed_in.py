"""What every page of a signed-in person has in common: the login, and their time zone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone

from context import unsent
from context.models import User

View = Callable[..., HttpResponseBase]


def zone_of(user: User) -> ZoneInfo:
    """The user's time zone; UTC when it is none."""
    try:
        return ZoneInfo(user.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def page_of(request: HttpRequest) -> str:
    """The page that a fragment was asked for by; empty: none of ours."""
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    page = f"{here.path}?{here.query}" if here.query else here.path
    # Only a path of ours: two slashes at its beginning would be somebody else's host.
    return page if page.startswith("/") and not page.startswith("//") else ""


def _sign_in_and_back(request: HttpRequest) -> str:
    """The sign-in page, which leads back to the page that asked for the fragment."""
    back = page_of(request)
    return redirect_to_login(back).url if back else resolve_url("account_login")


def _back_from(request: HttpRequest) -> str:
    """Where the sign-in leads: the page that was asked for, or that a form was sent from."""
    if request.method != "POST":
        return request.get_full_path()
    sent_from = urlsplit(request.headers.get("Referer", ""))
    return sent_from.path if sent_from.path and sent_from.netloc == request.get_host() else request.get_full_path()


def signed_in(view: View) -> View:
    """Sends strangers to sign in; for the others, times are shown in their own time zone. Pages are never cached."""

    @wraps(view)
    def page(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            unsent.keep(request)
            if "HX-Request" in request.headers:
                # A fragment cannot show the sign-in page: the whole page goes there.
                return HttpResponse(status=401, headers={"HX-Redirect": _sign_in_and_back(request)})
            return redirect_to_login(_back_from(request))
        with timezone.override(zone_of(request.user)):
            response = view(request, *arguments, **named)
            if hasattr(response, "render"):
                response = response.render()
        response.headers["Cache-Control"] = "private, no-store" if getattr(response, "streaming", False) else "no-store"
        return response

    return page

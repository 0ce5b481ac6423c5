"""What is answered when a request fails before or behind its view: a problem for programs, a page for people."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.views import defaults

from api import problems
from context import unsent
from context.signed_in import page_of

BAD_REQUEST = "This request is malformed: check its address, its host and its headers."


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return problems.plain(400, BAD_REQUEST) if problems.is_api(request) else defaults.bad_request(request, exception)


def too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without a token of ours, from a page that is too old or a browser without cookies. What was typed is there to be sent again."""
    if "HX-Request" in request.headers and not problems.is_api(request):
        # Only a script of our own pages can say so. Its page is loaded again, behind the sign-in if need be, and shows what was typed.
        unsent.keep(request)
        return HttpResponse(status=403, headers={"HX-Redirect": page_of(request) or resolve_url("home")})
    return render(request, "403_csrf.html", {"again": unsent.is_from_our_page(request)}, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """500; 503 while the database is away. Neither asks it for anything."""
    away = problems.is_database_away(sys.exc_info()[1])
    if problems.is_api(request):
        return problems.plain(503, problems.AWAY, problems.COME_BACK) if away else problems.plain(500, problems.BROKEN)
    if not away:
        return defaults.server_error(request)
    page = render_to_string("503.html", {"was_sent": request.method == "POST"})
    return HttpResponse(page, status=503, headers=problems.COME_BACK)

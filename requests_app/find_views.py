"""The page of all requests: found by words, status, callee and days, a page at a time."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from requests_app.finding import FindForm
from requests_app.listing import a_page_of, live_topics
from requests_app.views import ask, asked_signed_out, page


@require_http_methods(["GET", "HEAD", "POST"])
def requests(request: HttpRequest) -> HttpResponseBase:
    """GET: all requests, or those that fit; the next page alone for a list that goes on by itself. POST: takes a new one."""
    if request.method == "POST":
        return ask(request) if request.user.is_authenticated else asked_signed_out(request)
    return _found(request)


@page
def _found(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    topics = live_topics(f"user.{user.pk}")
    form = FindForm(request.GET, user=user)
    found, older = a_page_of(form.found(), before=form.place)
    context = {"found": found, "older": form.address(before=older) if older else ""}
    if request.headers.get("HX-Request") == "true":
        return render(request, "components/found.html#rows", context)
    shown = {**context, "form": form, "groups": form.groups(), "narrow": [form["contact"], form["since"], form["until"]]}
    return render(request, "requests_app/requests.html", {**shown, "page": "requests", "live_topics": topics})

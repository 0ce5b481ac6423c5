"""The calendar as a file: one appointment for whoever is signed in, all of them under the private address, and the page that makes it."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from context import feed, ical
from context.access import own_one
from context.errors import NotKnown
from context.models import CalendarEntry, FactStatus
from context.signed_in import signed_in

CONTENT_TYPE = "text/calendar; charset=utf-8"
#: How long a program may keep what it got.
KEEP = "private, max-age=300"


@require_safe
def calendar_feed(request: HttpRequest, user_id: int, secret: str) -> HttpResponse:
    """All appointments, for a calendar program that has the private address. There is no sign-in."""
    if feed.too_often(user_id):
        return HttpResponse(
            "Too often: ask again in a minute.\n", status=429, headers={"Retry-After": "60"}, content_type="text/plain; charset=utf-8"
        )
    user = feed.user_of(user_id, secret)
    if user is None:
        raise Http404("There is no such calendar.")
    body = ical.calendar(feed.entries(user), time_zone=user.time_zone, name=f"Floyd: {user.name}")
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    # The address is a secret: it is named to no page that a calendar program might open from here.
    headers = {"ETag": tag, "Cache-Control": KEEP, "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
    if tag in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(body, content_type=CONTENT_TYPE, headers=headers)


@require_safe
@signed_in
def calendar_entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One appointment of one's own, to be saved or opened in a calendar program."""
    try:
        entry = own_one(CalendarEntry, request.user, entry_id)
    except NotKnown as error:
        raise Http404(str(error)) from None
    if entry.status == FactStatus.RETIRED:
        raise Http404("This is in the calendar no more.")
    user: Any = request.user
    body = ical.calendar([entry], time_zone=user.time_zone)
    return HttpResponse(body, content_type=CONTENT_TYPE, headers={"Content-Disposition": f'attachment; filename="appointment-{entry.pk}.ics"'})


@require_http_methods(["GET", "POST"])
@signed_in
def calendar_address(request: HttpRequest) -> HttpResponse:
    """The private address: GET shows it, POST makes one, a new one, or none."""
    user: Any = request.user
    if request.method == "POST":
        if request.POST.get("do") == "revoke":
            feed.revoke(user=user)
        else:
            feed.renew(user=user)
    return render(request, "context/calendar_address.html", {"address": feed.address(user), "page": "knows"})

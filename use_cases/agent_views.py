"""Pages for the people to whom calls are handed. Each translates; who may read is decided by `use_cases.agents`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from calls.review import reasons, sheet
from calls.review.views import ask_for_reason, staff_of, staff_page
from requests_app.errors import NeedsReason
from use_cases import agents


@require_GET
@staff_page
def hand_offs(request: HttpRequest) -> HttpResponse:
    """The latest ones."""
    context = {"page": "staff", "part": "hand-offs", "hand_offs": agents.hand_offs(staff_of(request))}
    return render(request, "staff/hand_offs.html", context)


@require_GET
@staff_page
def hand_off(request: HttpRequest, number: int) -> HttpResponse:
    """One: why, the summary, and what was said."""
    try:
        found = agents.open_hand_off(staff_of(request), number, reason=reasons.given(request))
    except NeedsReason:
        return ask_for_reason(request)
    context = {
        **sheet.context(found.call),
        "page": "staff",
        "part": "hand-offs",
        "hand_off": found,
        "caller": found.call.inbound.caller,
        "title": found.call.inbound.version.title,
    }
    return render(request, "staff/hand_off.html", context)

"""Hearing the recording of one's own call: the player on its request's page, on a page of its own where no scripts run, and the file."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_safe

from calls.access import call_in_look, own_sound
from calls.models import Call
from calls.recording.layout import Layout
from calls.recording.reading import file_of, layout_of
from requests_app.views import page


def player(call: Call, layout: Layout | None, *, address: str) -> dict[str, Any]:
    """For the template of the player; `address`: of the file."""
    if layout is None:
        return {"recording": None}
    return {"recording": {"call": call.pk, "address": address, "parts": json.dumps(layout.parts), "ms": layout.ms, "lost_ms": layout.lost_ms}}


@require_GET
@page
def recording(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """The player; as a page of its own with the transcript beside it, where it was not asked for by a script.

    The card that asks for it is the same for all who watch the request: staff who look at it are told where they hear it.
    """
    by_script = bool(request.headers.get("HX-Request"))
    if by_script and (looked_at := call_in_look(request.user, call_id)) is not None:
        return render(request, "calls/parts/heard_in_review.html", {"call": looked_at})
    call = own_sound(request.user, call_id)
    context = player(call, layout_of(call), address=reverse("call-sound", args=[call.pk]))
    if by_script:
        return render(request, "calls/parts/audio.html", context)
    callee = (call.brief or {}).get("callee_name") or ""
    return render(request, "calls/recording.html", {**context, "call": call, "callee": callee, "lines": call.lines.filter(final=True)})


@require_safe
@page
def sound(request: HttpRequest, call_id: UUID) -> HttpResponse | StreamingHttpResponse:
    """The recording as a file."""
    call = own_sound(request.user, call_id)
    layout = layout_of(call)
    if layout is None:
        raise Http404("Nothing of this call is kept.")
    return file_of(call, layout, request)

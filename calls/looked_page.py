"""The page on which a user reads what staff opened of theirs, and why."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from calls.review import readings
from context.signed_in import signed_in


@require_GET
@signed_in
def looked(request: HttpRequest) -> HttpResponse:
    """Newest first."""
    user: Any = request.user
    return render(request, "calls/looked.html", {"page": "settings", "looks": readings.of(user)})

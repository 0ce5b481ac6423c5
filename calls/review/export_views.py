"""The queue as files."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from calls.review import export, reasons
from calls.review.queue import Filters
from calls.review.views import ask_for_reason, staff_of, staff_page


@require_GET
@staff_page
def figures(request: HttpRequest) -> HttpResponse:
    """Figures of the list as CSV."""
    return export.as_csv(Filters.of(request.GET.dict()), staff_of(request))


@require_GET
@staff_page
def whole_calls(request: HttpRequest) -> HttpResponse:
    """Its newest calls as JSON."""
    if not (why := reasons.given(request)):
        return ask_for_reason(request)
    return export.as_json(Filters.of(request.GET.dict()), staff_of(request), reason=why)

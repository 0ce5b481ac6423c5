"""A call's recording, for staff who review it: behind the same door as its transcript."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from calls.recording.reading import file_of, layout_of
from calls.review import reasons
from calls.review.access import open_call
from calls.review.views import ask_for_reason, staff_of, staff_page


@require_safe
@staff_page
def sound(request: HttpRequest, call_id: UUID) -> HttpResponse | StreamingHttpResponse:
    """The recording as a file. That it was heard is noted beside that the call was read."""
    staff = staff_of(request)
    if not (why := reasons.given(request)):
        return ask_for_reason(request)
    call = open_call(staff, call_id, reason=why, what="recording")
    layout = layout_of(call)
    if layout is None:
        raise Http404("Nothing of this call is kept.")
    return file_of(call, layout, request)

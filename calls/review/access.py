"""The door through which staff see what was said in somebody's call: a reason, and a row that says so before anything is shown."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop as noop

from calls.models import Call
from calls.review import readings
from calls.review_models import Review
from requests_app.access import Viewer, is_staff
from requests_app.errors import NotFound


def the_review(user: Viewer, call_id: UUID | str, *, lock: bool = False) -> Review:
    """A call's row in the queue, to be judged.

    Args:
        lock: hold it until the transaction ends.

    Raises:
        NotFound: not staff, or no such call.
    """
    rows = Review.objects.select_for_update(no_key=True, of=("self",)) if lock else Review.objects.all()
    review = rows.filter(call_id=call_id).first() if is_staff(user) else None
    if review is None:
        raise NotFound(noop("There is no such call to review."))
    return review


@transaction.atomic
def open_call(user: Viewer, call_id: UUID | str, *, reason: str, what: str = "page") -> Call:
    """Opens a call to a member of staff, with its request, for as long as any look takes.

    The reason is kept with the reading, and stands in the timeline of the request, where its user reads it; once per look.

    Raises:
        NotFound: not staff, no reason, or no such call.
    """
    reason = readings.tidy(reason)
    if not is_staff(user) or not reason:
        raise NotFound(noop("There is no such call to review."))
    call = Call.objects.select_related("request__user", "user").filter(pk=call_id, review__isnull=False).first()
    if call is None:
        raise NotFound(noop("There is no such call to review."))
    readings.note_request(staff=user, wish=call.request, reason=reason)
    readings.note(staff=user, reason=reason, what=what, whose=[call.user_id], call=call)
    return call

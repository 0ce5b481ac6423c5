"""The door through which staff see what was said in somebody's call: a reason, and a row that says so before anything is shown."""

from __future__ import annotations

import logging
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as noop

from calls.models import Call
from calls.review_models import Review, StaffReading
from requests_app.access import REASON_LENGTH, STAFF_LOOK, Viewer, is_staff, look_of, open_for_staff
from requests_app.errors import NotFound

log = logging.getLogger(__name__)

#: Shorter reasons say nothing to the user who reads them.
SHORTEST_REASON = 8


def the_review(user: Viewer, call_id: UUID | str, *, lock: bool = False) -> Review:
    """A call's row in the queue, to be judged.

    Args:
        lock: hold it until the transaction ends.

    Raises:
        NotFound: not staff, or no such call.
    """
    rows = Review.objects.select_for_update(of=("self",)) if lock else Review.objects.all()
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
    reason = " ".join(reason.split())[:REASON_LENGTH]
    if not is_staff(user) or len(reason) < SHORTEST_REASON:
        raise NotFound(noop("There is no such call to review."))
    call = Call.objects.select_related("request__user", "user").filter(pk=call_id, review__isnull=False).first()
    if call is None:
        raise NotFound(noop("There is no such call to review."))
    if call.request is not None and call.user_id != user.pk and look_of(user, call.request) is None:
        open_for_staff(user, call.request.pk, reason=reason)
    fresh = StaffReading.objects.filter(staff=user, call=call, what=what, reason=reason, opened_at__gte=Now() - STAFF_LOOK)
    if not fresh.exists():
        StaffReading.objects.create(call=call, staff=user, reason=reason, what=what)
        log.info("staff %s read call %s (%s)", user.pk, call.pk, what)
    return call

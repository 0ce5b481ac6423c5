"""Who may see and do what with requests, questions and messages. Pages, API, live topics and admin all ask here.

Everyone has their own things only. Staff may look at a user's request after giving a reason, which the user can read in
the request's timeline; that opens it for half an hour. Nobody acts for a user.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any, TypeGuard, TypeVar
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as noop

from context.models import User
from requests_app.errors import NeedsReason, NotFound
from requests_app.life import record_event
from requests_app.models import Event, Message, Question, Request

log = logging.getLogger(__name__)

STAFF_LOOK = timedelta(minutes=30)
STAFF_EVENT = "staff_look"
REASON_LENGTH = 200
Viewer = User | AnonymousUser
Row = TypeVar("Row", Request, Question, Message)


def is_staff(user: Viewer) -> TypeGuard[User]:
    """Whether somebody is a member of staff who may sign in."""
    return isinstance(user, User) and user.is_active and user.is_staff


def visible_requests(user: Viewer) -> QuerySet[Request]:
    """The user's own requests, newest first."""
    return Request.objects.filter(user=user) if isinstance(user, User) and user.is_active else Request.objects.none()


def visible_questions(user: Viewer) -> QuerySet[Question]:
    """Questions to this user, newest first."""
    return Question.objects.filter(request__in=visible_requests(user)).select_related("request")


def visible_messages(user: Viewer) -> QuerySet[Message]:
    """Text messages to and from this user, in order of time."""
    return Message.objects.filter(user=user) if isinstance(user, User) and user.is_active else Message.objects.none()


def _looks_opened(user: User) -> Q:
    events = Event.objects.filter(kind=STAFF_EVENT, data__by=user.pk, created_at__gte=Now() - STAFF_LOOK)
    return Q(pk__in=events.values("request_id"))


def get_request(user: Viewer, request_id: UUID | str) -> Request:
    """One request to look at: one's own, or for staff one that was opened with a reason (see `open_for_staff`).

    Raises:
        NotFound: there is none, or it is somebody else's; as NeedsReason to staff that did not open it.
    """
    if not is_staff(user):
        return own_request(user, request_id)
    rows = Request.objects.filter(Q(user=user) | _looks_opened(user))
    try:
        return _one(rows.select_related("user", "contact", "current_snapshot"), request_id, "request")
    except NotFound:
        raise NeedsReason(str(closed_to_staff(user, request_id).pk)) from None


def own_request(user: Viewer, request_id: UUID | str, *, lock: bool = False) -> Request:
    """One's own request, to do something with it; locked until the caller's transaction ends, if told so.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    rows = visible_requests(user).select_related("user", "contact", "current_snapshot")
    return _one(rows.select_for_update(no_key=True, of=("self",)) if lock else rows, request_id, "request")


def own_question(user: Viewer, question_id: UUID | str) -> Question:
    """A question that this user may answer.

    Raises:
        NotFound: there is none, or it was put to somebody else.
    """
    return _one(visible_questions(user), question_id, "question")


def get_message(user: Viewer, message_id: UUID | str) -> Message:
    """One of the user's text messages.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    return _one(visible_messages(user), message_id, "message")


def closed_to_staff(user: Viewer, request_id: UUID | str) -> Request:
    """Somebody else's request, for a member of staff to say why they want to look at it: for its id, date and user alone.

    Raises:
        NotFound: not staff, or no such request.
    """
    if not is_staff(user):
        raise NotFound(noop("There is no such request."))
    return _one(Request.objects.exclude(user=user).select_related("user").only("pk", "created_at", "user"), request_id, "request")


def look_of(user: Viewer, request: Request) -> Event | None:
    """The open look of this member of staff at somebody else's request, with its reason; None where none is open (or needed)."""
    if not isinstance(user, User) or request.user_id == user.pk:
        return None
    return Event.objects.filter(request=request, kind=STAFF_EVENT, data__by=user.pk, created_at__gte=Now() - STAFF_LOOK).last()


def open_for_staff(user: Viewer, request_id: UUID | str, *, reason: str) -> Request:
    """Lets a member of staff look at somebody's request for a while. The reason is written into its timeline.

    Raises:
        NotFound: not staff, no reason, or no such request.
    """
    reason = " ".join(reason.split())
    if not (is_staff(user) and reason):
        raise NotFound(noop("There is no such request."))
    request = _one(Request.objects.all(), request_id, "request")
    text = noop("Staff looked at this request: %(reason)s") % {"reason": reason}
    record_event(request_id=request.pk, kind=STAFF_EVENT, text=text, data={"by": user.pk, "reason": reason[:REASON_LENGTH]})
    log.info("staff %s opened request %s", user.pk, request.pk)
    return request


def may_watch_request(user: Any, request_id: str) -> bool:
    """Whether the live topic `request.<id>` is open to this user."""
    try:
        get_request(user, request_id)
    except NotFound:
        return False
    return True


def _one(rows: QuerySet[Row], key: UUID | str, noun: str) -> Row:
    try:
        row = rows.filter(pk=key).first()
    except (ValidationError, ValueError):  # not an id at all
        row = None
    if row is None:
        raise NotFound(noop("There is no such %(noun)s.") % {"noun": noun})
    return row

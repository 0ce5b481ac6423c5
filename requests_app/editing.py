"""Changing what was asked. What happens depends on how far the request is.

Before a call it is planned anew, on what is known by now; during one the change is said to Floyd, who weaves it in; after
the end it is a new request, linked to this one.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as noop

from context.models import User
from live.publish import publish
from requests_app import releasing
from requests_app.errors import InvalidAsk, NotFound, NotPossibleNow
from requests_app.hints import hint
from requests_app.intake import clean_ask, create_request
from requests_app.life import FORGOTTEN_ON_RETRY, UNANSWERED, close_questions, record_event, topics, transition
from requests_app.models import Channel, Question, Request
from requests_app.status import Status
from requests_app.whispering import whisper

#: Where there is only a plan yet, or not even that.
BEFORE_A_CALL = frozenset({Status.PENDING, Status.PLANNING, Status.FINDING_NUMBER, Status.WAITING_FOR_USER, Status.SCHEDULED})
#: What was found out, and granted, for other words.
FORGOTTEN: dict[str, Any] = {**FORGOTTEN_ON_RETRY, "plan_edits": {}, "limit_minor": None, "limit_source": "", "planned_ask": ""}
CHANGED_MEANWHILE = noop("This request was changed meanwhile, maybe in another tab. Look at it again before you change it.")
NOT_DONE = noop("The ask was changed in the database, which could not be done.")
PLANS_ANEW = noop("Floyd plans anew.")
UNKNOWN_CALL = noop("Floyd can't tell whether the call was placed. Answer that first; then you can change the request.")


class By(StrEnum):
    """Who changed it, as the timeline names them."""

    USER = noop("You")
    STAFF = noop("Staff")


def edited_by_hand() -> Q:
    """Requests whose row holds another ask than the one that was planned: somebody wrote to the database."""
    return ~Q(planned_ask="") & ~Q(ask=F("planned_ask"))


@transaction.atomic
def edit_ask(
    *, request_id: UUID | str, user: User, ask: object, seen: str | None = None, channel: Channel = Channel.WEB, by: By = By.USER
) -> Request:
    """Puts other words in place of the ask.

    Args:
        user: whose request it is.
        seen: the ask that the editor had before their eyes, if that is known.
        channel: by which way the words came; a new request has it.
        by: who wrote them.

    Returns:
        The request, or the new one that follows it up.

    Raises:
        NotFound: not this user's.
        InvalidAsk: see `clean_ask`; or too long to be said during a call.
        NotPossibleNow: somebody else changed it since `seen`, or something must be settled first.
    """
    text = clean_ask(ask)
    request = Request.objects.select_for_update(no_key=True, of=("self",)).select_related("user").filter(pk=request_id, user=user).first()
    if request is None:
        raise NotFound(noop("There is no such request."))
    if text == request.ask:
        return request
    if seen is not None and seen != request.ask:
        raise NotPossibleNow(CHANGED_MEANWHILE)
    status = Status(request.status)
    if status is Status.CALLING:
        whisper(request_id=request.pk, user=user, text=text)
        if by is By.STAFF:
            record_event(request_id=request.pk, kind="edited", text=noop("Staff told Floyd this during the call."))
    elif status in BEFORE_A_CALL:
        _plan_anew(request, text, by)
    else:
        return _follow_up(request, text, channel, by)
    request.refresh_from_db()
    return request


def _plan_anew(request: Request, text: str, by: By) -> None:
    if Question.objects.filter(request=request, step="dial", status__in=UNANSWERED, slots__has_key="call").exists():
        raise NotPossibleNow(UNKNOWN_CALL)
    close_questions(request.pk, request.user_id)
    releasing.take_back(request)
    told = noop("%(by)s changed what you want.") % {"by": by}
    if request.status == Status.PENDING:
        Request.objects.filter(pk=request.pk).update(ask=text, updated_at=Now(), **FORGOTTEN)
        record_event(request_id=request.pk, kind="edited", text=told)
        publish(topics=topics(request.pk, request.user_id), kind="request", ref=request.pk)
    else:
        transition(
            request_id=request.pk,
            before=Status(request.status),
            after=Status.PENDING,
            text=f"{told} {PLANS_ANEW}",
            ask=text,
            **FORGOTTEN,
        )
    hint("requests.pick_up", request.pk)


def _follow_up(request: Request, text: str, channel: Channel, by: By) -> Request:
    """The same words for the same request make one, however often they are sent."""
    key = f"edit:{request.pk}:{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    made = create_request(user=request.user, ask=text, channel=channel, client_key=key, parent=request)
    record_event(
        request_id=request.pk, kind="edited", text=noop("%(by)s asked for something else after it.") % {"by": by}, data={"request": str(made.pk)}
    )
    return made


@transaction.atomic
def take_up_hand_edit(*, request_id: UUID | str) -> bool:
    """Does with an ask that was edited in the database what an edit on the page does. False when there is no such edit.

    What the page would refuse is undone, and the timeline says why.
    """
    rows = Request.objects.select_for_update(no_key=True, of=("self",)).select_related("user")
    request = rows.filter(edited_by_hand(), pk=request_id).first()
    if request is None:
        return False
    written = request.ask
    Request.objects.filter(pk=request.pk).update(ask=F("planned_ask"))
    try:
        with transaction.atomic():
            edit_ask(request_id=request.pk, user=request.user, ask=written, channel=Channel.ROW)
    except (InvalidAsk, NotPossibleNow) as error:
        record_event(request_id=request.pk, kind="edited", text=f"{NOT_DONE} {error}")
    publish(topics=topics(request.pk, request.user_id), kind="request", ref=request.pk)
    return True

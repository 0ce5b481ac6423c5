"""How a request moves: every change of status, every line of its timeline, and its ends.

Whoever touches both a request and its questions locks the request first, so that two of them never wait in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as noop

from context.models import User
from live.publish import publish
from requests_app.errors import NotATransition, NotFound, NotPossibleNow
from requests_app.hints import hint
from requests_app.messages import queue_message
from requests_app.models import BY_MESSAGE, Event, Question, QuestionStatus, Request
from requests_app.outcome import Achieved
from requests_app.status import ENDED, TRANSITIONS, Status, allowed

EVENT_TEXT_LENGTH = 400
TROUBLE_LENGTH = 300
MOST_NOTES = 3
#: What a new try finds out anew. Grants and answers of the user stay.
FORGOTTEN_ON_RETRY: dict[str, Any] = {
    **{"current_snapshot": None, "relevant": None, "plan": None, "plan_text": "", "outcome": None, "trouble": ""},
    **{"contact": None, "number": "", "number_evidence": "", "candidates": None, "tries": 0},
}
UNANSWERED = (QuestionStatus.OPEN, QuestionStatus.CONFIRMING)


def put_off(until: datetime | None, number: str = "") -> dict[str, Any]:
    """The columns that keep calls from being made before `until`, of whatever plan: to `number`, or to anybody. None: it may be called at once."""
    return {"put_off_until": until, "put_off_number": number}


def topics(request_id: UUID | str, user_id: int) -> list[str]:
    """Where changes of a request, its questions and its messages are published."""
    return [f"request.{request_id}", f"user.{user_id}"]


@transaction.atomic
def record_event(*, request_id: UUID | str, kind: str, text: str = "", data: dict[str, Any] | None = None) -> Event:
    """Appends a line to the request's timeline.

    Raises:
        NotFound: there is no such request.
    """
    if Request.objects.filter(pk=request_id).update(event_seq=F("event_seq") + 1) != 1:
        raise NotFound(noop("There is no such request."))
    # The row is ours until commit, so what we read back is what we wrote.
    seq = Request.objects.values_list("event_seq", flat=True).get(pk=request_id)
    event = Event.objects.create(request_id=request_id, seq=seq, kind=kind, text=text[:EVENT_TEXT_LENGTH], data=data or {})
    publish(topics=[f"request.{request_id}"], kind="event", ref=event.pk)
    return event


@transaction.atomic
def transition(
    *,
    request_id: UUID | str,
    before: Status | Iterable[Status],
    after: Status,
    text: str = "",
    lease: datetime | None = None,
    **fields: Any,
) -> bool:
    """Moves a request from `before` (one status, or any of several) to `after`, with a line on its timeline.

    The lease, the due time and the time of the end are set anew: pass `lease_until` or `not_before` to have one.

    Args:
        text: for the user; empty: the reason in the table of transitions, as a sentence.
        lease: the caller's own lease; the change is refused when somebody else has taken over meanwhile.
        fields: more columns to set in the same UPDATE.

    Returns:
        False when the row has moved on (nothing was written).

    Raises:
        NotATransition: the table does not list the change.
    """
    befores = (before,) if isinstance(before, Status) else tuple(before)
    for one in befores:
        if not allowed(one, after):
            raise NotATransition(f"A request cannot go from {one.value} to {after.value}.")
    was = befores[0]
    if len(befores) > 1:
        row = Request.objects.select_for_update(no_key=True).filter(pk=request_id, status__in=befores).values_list("status", flat=True).first()
        if row is None:
            return False
        was = Status(row)
    rows = Request.objects.filter(pk=request_id, status=was)
    if lease is not None:
        rows = rows.filter(lease_until=lease)
    columns = {"lease_until": None, "not_before": None, "ended_at": Now() if after in ENDED else None, **fields}
    columns["learn_after"] = Now() if after in ENDED else None
    if rows.update(status=after, updated_at=Now(), **columns) != 1:
        return False
    record_event(request_id=request_id, kind="status", text=text or _sentence(TRANSITIONS[was][after]), data={"from": was.value, "to": after.value})
    user_id = Request.objects.values_list("user_id", flat=True).get(pk=request_id)
    if after in ENDED:
        close_questions(request_id, user_id)
        hint("requests.learn", request_id)
    publish(topics=topics(request_id, user_id), kind="request", ref=request_id)
    return True


def _sentence(reason: str) -> str:
    return f"{reason[0].upper()}{reason[1:]}."


def close_questions(request_id: UUID | str, user_id: int) -> None:
    """Nobody waits for the answers any more."""
    for question_id in Question.objects.filter(request_id=request_id, status__in=UNANSWERED).values_list("pk", flat=True):
        if Question.objects.filter(pk=question_id, status__in=UNANSWERED).update(status=QuestionStatus.CLOSED):
            publish(topics=topics(request_id, user_id), kind="question", ref=question_id)


@transaction.atomic
def conclude(*, request_id: UUID | str, outcome: dict[str, Any], achieved: Achieved | str, notes: Iterable[str] = ()) -> bool:
    """Stores what came of the call and ends the request; the user gets the summary by text message, once.

    Args:
        outcome: `requests_app.outcome.Outcome` as JSON, already checked.
        achieved: "yes" and "partly" end as done, "no" as failed.
        notes: what the user has to know besides (promises that were made for them); they stand behind the summary.

    Returns:
        False when the request was not wrapping up.
    """
    summary = str(outcome.get("summary", ""))
    ended_well = Achieved(achieved) is not Achieved.NO
    after = Status.DONE if ended_well else Status.FAILED
    trouble = "" if ended_well else summary[:TROUBLE_LENGTH]
    if not transition(request_id=request_id, before=Status.WRAPPING_UP, after=after, text=summary, outcome=outcome, trouble=trouble):
        return False
    _text_the_end(request_id, " ".join([summary, *list(notes)[:MOST_NOTES]]))
    return True


@transaction.atomic
def fail_request(
    *,
    request_id: UUID | str,
    before: Status | Iterable[Status],
    trouble: str,
    lease: datetime | None = None,
    text_user: bool = True,
    **fields: Any,
) -> bool:
    """Ends a request that cannot go on. `trouble` says why and what to do, on the page and, once, by text message."""
    trouble = trouble[:TROUBLE_LENGTH]
    if not transition(request_id=request_id, before=before, after=Status.FAILED, text=trouble, lease=lease, trouble=trouble, **fields):
        return False
    if text_user:
        _text_the_end(request_id, trouble)
    return True


def _text_the_end(request_id: UUID | str, body: str) -> None:
    request = Request.objects.select_related("user").get(pk=request_id)
    # The sequence number tells this end from the end of a later try.
    queue_message(user=request.user, body=body, request=request, dedupe_key=f"end:{request_id}:{request.event_seq}")


@transaction.atomic
def finish_answered(*, request_id: UUID | str, lease: datetime, outcome: dict[str, Any], **fields: Any) -> bool:
    """Ends a request that needed no call. The page shows the answer; only who asked by message gets it as one."""
    after, text = Status.DONE, str(outcome["answer"])
    if not transition(request_id=request_id, before=Status.PLANNING, after=after, text=text, lease=lease, outcome=outcome, **fields):
        return False
    if Request.objects.filter(pk=request_id, channel__in=BY_MESSAGE).exists():
        _text_the_end(request_id, text)
    return True


@transaction.atomic
def retry_request(*, request_id: UUID | str, user: User, by_staff: bool = False) -> Request:
    """Starts an ended request again, with what is known by now. `by_staff`: its user did not do that, and reads who did.

    Raises:
        NotFound: not this user's.
        NotPossibleNow: it did not end, or ended well.
    """
    moved = Request.objects.filter(pk=request_id, user=user).exists() and transition(
        request_id=request_id,
        before=(Status.FAILED, Status.CANCELLED),
        after=Status.PENDING,
        text=noop("Staff had Floyd try again.") if by_staff else noop("You asked Floyd to try again."),
        **FORGOTTEN_ON_RETRY,
        **put_off(None),
    )
    request = _own(request_id, user)
    if not moved:
        raise NotPossibleNow(noop("Only a request that failed or was stopped can be tried again."))
    hint("requests.pick_up", request_id)
    return request


@transaction.atomic
def stop_request(*, request_id: UUID | str, user: User, by_staff: bool = False) -> Request:
    """Stops a request for its user. A call that is on is ended by whoever has it. `by_staff`: its user did not do that, and reads who did.

    Raises:
        NotFound: not this user's.
        NotPossibleNow: it has ended.
    """
    request = _own(request_id, user)
    running = [status for status in Status if Status.CANCELLED in TRANSITIONS[status]]
    text = noop("Staff stopped it.") if by_staff else noop("You stopped it.")
    if not transition(request_id=request_id, before=running, after=Status.CANCELLED, text=text):
        raise NotPossibleNow(noop("This request has already ended."))
    hint("calls.stop", request_id)
    request.refresh_from_db()
    return request


def _own(request_id: UUID | str, user: User) -> Request:
    request = Request.objects.filter(pk=request_id, user=user).first()
    if request is None:
        raise NotFound(noop("There is no such request."))
    return request

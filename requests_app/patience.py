"""Questions that nobody answers: one reminder after a while, by day, and an end that is clear.

How long an answer is waited for, and whether the request then goes on without one, stands in the table of `steps`.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from context.dates import zone
from live.publish import publish
from requests_app.hints import hint
from requests_app.life import UNANSWERED, fail_request, record_event, topics, transition
from requests_app.messages import queue_message
from requests_app.models import Question, QuestionStatus, Request
from requests_app.questions import message_body
from requests_app.status import Status
from requests_app.steps import STEPS, Step, step_of

REMIND_AFTER = timedelta(hours=3)
#: Local hours in which a reminder wakes nobody.
AWAKE = (time(9), time(20))
MOST_AT_ONCE = 50
LONGEST_QUESTION = 140


def _waited_for() -> QuerySet[Question]:
    """Questions for whose answers requests wait; those of a call that is on have a clock of their own."""
    return Question.objects.filter(status__in=UNANSWERED, request__status=Status.WAITING_FOR_USER).order_by("pk")


def remind(now: datetime | None = None) -> int:
    """Reminds users, once for each question, of what waits for them. Returns how many reminders there were."""
    now = now or timezone.now()
    due = _waited_for().filter(reminded_at=None, asked_at__lt=now - REMIND_AFTER)
    zones = due.order_by().values_list("request__user__time_zone", flat=True).distinct()
    awake = [name for name in zones if AWAKE[0] <= now.astimezone(zone(name)).time() < AWAKE[1]]
    found = list(due.filter(request__user__time_zone__in=awake).values_list("pk", flat=True)[:MOST_AT_ONCE])
    return sum(_remind(question_id, now) for question_id in found)


@transaction.atomic
def _remind(question_id: UUID, now: datetime) -> bool:
    if Question.objects.filter(pk=question_id, reminded_at=None, status__in=UNANSWERED).update(reminded_at=now) != 1:
        return False
    question = Question.objects.select_related("request__user").get(pk=question_id)
    request = question.request
    body = " ".join((noop("Floyd still needs an answer."), message_body(kind=question.kind, text=question.text, choices=question.choices)))
    record_event(request_id=request.pk, kind="reminded", text=noop("Floyd reminded you of its question."), data={"question": str(question.pk)})
    queue_message(user=request.user, body=body, request=request, question=question, dedupe_key=f"remind:{question.pk}")
    return True


def expire(now: datetime | None = None) -> int:
    """Ends the waiting for answers that never came. Returns for how many questions."""
    now = now or timezone.now()
    default = Step().patience
    too_old = Q(asked_at__lt=now - default) & ~Q(step__in=STEPS)
    for name, step in STEPS.items():
        too_old |= Q(step=name, asked_at__lt=now - step.patience)
    found = list(_waited_for().filter(too_old).values_list("pk", "request_id")[:MOST_AT_ONCE])
    return sum(_expire(question_id, request_id) for question_id, request_id in found)


@transaction.atomic
def _expire(question_id: UUID, request_id: UUID) -> bool:
    """The request goes on without the answer, or ends with a sentence. An answer that comes at the same moment is first or too late."""
    request = Request.objects.select_for_update(no_key=True).get(pk=request_id)
    question = Question.objects.filter(pk=question_id, status__in=UNANSWERED).first()
    if question is None or request.status != Status.WAITING_FOR_USER:
        return False
    step = step_of(question)
    if not step.goes_on_without:
        days = step.patience.days
        short = question.text if len(question.text) <= LONGEST_QUESTION else f"{question.text[:LONGEST_QUESTION]}…"
        one = noop("You gave no answer within %(days)s day, so Floyd stopped here: “%(question)s” Try again when it suits you.")
        more = noop("You gave no answer within %(days)s days, so Floyd stopped here: “%(question)s” Try again when it suits you.")
        trouble = (one if days == 1 else more) % {"days": days, "question": short}
        return fail_request(request_id=request.pk, before=Status.WAITING_FOR_USER, trouble=trouble)
    Question.objects.filter(pk=question.pk).update(status=QuestionStatus.CLOSED)
    publish(topics=topics(request.pk, request.user_id), kind="question", ref=question.pk)
    text = noop("No answer came, so Floyd goes on without it.")
    if moved := transition(request_id=request.pk, before=Status.WAITING_FOR_USER, after=step.after, text=text):
        hint(step.task, request.pk)
    return moved

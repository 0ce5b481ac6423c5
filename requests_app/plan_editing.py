"""The user's own changes to a plan, held against the same rules as the model's, and their yes to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from context.dates import zone
from context.models import User
from context.selectors import secret_statements
from live.publish import publish
from requests_app import approving, life, number, releasing
from requests_app.after_planning import note_plan
from requests_app.answers import AnswerResult, answer_question
from requests_app.errors import Conflict, NotFound, NotPossibleNow, PlanRefused
from requests_app.hints import hint
from requests_app.models import Question, QuestionStatus, Request
from requests_app.plan import CALLING_KINDS, ActionPlan, Edits, PlanKind
from requests_app.plan_check import Ground, check
from requests_app.plan_dates import spelled_out
from requests_app.status import Status
from requests_app.steps import APPROVE_STEP

#: While Floyd itself works on a request, its plan is not changed under its hands.
EDITABLE_AT = (Status.WAITING_FOR_USER, Status.SCHEDULED)
#: With another goal or callee the rest of the plan has to be thought through again.
RETHOUGHT = frozenset({"goal", "callee"})
#: What was written for the plan as it was, and fits no other.
FOR_THIS_PLAN = frozenset({"steps", "opening_line"})
CHANGED = noop("The plan has changed since you saw it. Look at it again.")
_NAMES = {
    "goal": noop("the goal"),
    "steps": noop("the steps"),
    "opening_line": noop("the first words"),
    "find_out": noop("what to find out"),
    "limit_minor": noop("what may be spent"),
    "share": noop("what is told"),
    "callee": noop("whom to call"),
}


def editable(request: Request) -> bool:
    """Whether its user may change the plan now."""
    return request.status in EDITABLE_AT and (request.plan or {}).get("kind") in set(CALLING_KINDS)


def _in_doubt(request: Request) -> bool:
    """Nobody knows whether a call was placed, and the user was asked what to do: that comes first."""
    return Question.objects.filter(request=request, status__in=life.UNANSWERED, step="dial", slots__has_key="call").exists()


def _locked(request_id: UUID | str, user: User, version: int) -> Request:
    rows = Request.objects.select_for_update(no_key=True, of=("self",)).select_related("user", "contact", "current_snapshot")
    request = rows.filter(pk=request_id, user=user).first()
    if request is None:
        raise NotFound(noop("There is no such request."))
    if request.plan_version != version:
        raise Conflict(CHANGED)
    return request


@transaction.atomic
def edit_plan(*, request_id: UUID | str, user: User, edits: Edits, version: int, on_page: bool) -> Request:
    """Puts what the user wrote into the plan. With another goal or callee Floyd plans the rest anew, and keeps to what they wrote.

    Args:
        edits: fields that are not given stay as they are.
        version: of the plan that the user saw.
        on_page: done by the signed-in user's own hand, which may allow more than a program or a message.

    Raises:
        NotFound: not this user's.
        Conflict: the plan is another by now.
        NotPossibleNow: Floyd works with the plan, or it is none for a call.
        PlanRefused: it breaks a rule; the message says which.
    """
    request = _locked(request_id, user, version)
    if not editable(request) or _in_doubt(request):
        raise NotPossibleNow(noop("The plan can't be changed just now. Stop the request, or wait until Floyd needs you."))
    if not on_page and (edits.limit_minor or 0) > user.spending_limit_minor:
        raise PlanRefused(noop("That is more than your limit. Change it on the page of the request, signed in."))
    edits = _dated(edits, user, timezone.now())
    plan = _checked(request, edits)
    rethought = edits.given & RETHOUGHT
    before = {name: value for name, value in request.plan_edits.items() if not (rethought and name in FOR_THIS_PLAN)}
    everything = Edits.model_validate(before | edits.model_dump(mode="json", exclude_unset=True))
    fields = {"plan_edits": everything.model_dump(mode="json", exclude_unset=True)}
    if rethought:
        _plan_again(request, edits, fields)
    elif edits.given:
        _change(request, plan, edits, fields)
    return Request.objects.select_related("user", "contact", "current_snapshot").get(pk=request.pk)


def _dated(edits: Edits, user: User, now: datetime) -> Edits:
    """Relative days in what the user wrote count from the day on which they wrote it."""
    day = now.astimezone(zone(user.time_zone)).date()
    texts: dict[str, Any] = {}
    if "goal" in edits.given:
        texts["goal"] = spelled_out(edits.goal.strip(), day)
    if "opening_line" in edits.given:
        texts["opening_line"] = spelled_out(edits.opening_line.strip(), day, aloud=True)
    for name in ("steps", "find_out"):
        if name in edits.given:
            texts[name] = [spelled_out(item.strip(), day) for item in getattr(edits, name) if item.strip()]
    return edits.model_copy(update=texts)


def _checked(request: Request, edits: Edits) -> ActionPlan:
    """The plan with the edits, if it holds."""
    plan = ActionPlan.model_validate(request.plan)
    ground = Ground(
        ask=f"{request.ask} {Edits.model_validate(request.plan_edits).words} {edits.words}",
        snapshot=request.snapshot or {},
        secrets=tuple(secret_statements(request.user)),
        edited=edits.given | ({"limit_minor"} if request.limit_minor is not None else set()),
    )
    checked = check(edits.applied_to(plan), ground)
    if checked.plan.kind is PlanKind.DECLINE:
        raise PlanRefused(checked.plan.decline_reason or "")
    if checked.problems:
        raise PlanRefused(noop("The plan can't stand like that: %(problems)s.") % {"problems": "; ".join(checked.problems)})
    return checked.plan


def _plan_again(request: Request, edits: Edits, fields: dict[str, Any]) -> None:
    if "callee" in edits.given:
        fields |= {"contact": None, "number": "", "number_evidence": "", "candidates": None}
    _close(Question.objects.filter(request=request))
    text = noop("You changed %(what)s. Floyd goes over the plan again.") % {"what": _named(edits)}
    life.transition(request_id=request.pk, before=Status(request.status), after=Status.PLANNING, text=text, **fields)
    hint("requests.pick_up", request.pk)


def _change(request: Request, plan: ActionPlan, edits: Edits, fields: dict[str, Any]) -> None:
    if "limit_minor" in edits.given:
        fields |= {"limit_minor": plan.limit_minor, "limit_source": "edit"}
    fields |= {"plan": plan.model_dump(mode="json"), "plan_version": F("plan_version") + 1, "updated_at": Now()}
    Request.objects.filter(pk=request.pk).update(**fields)
    request.refresh_from_db()
    note_plan(request, plan, noop("You changed %(what)s.") % {"what": _named(edits)})
    publish(topics=life.topics(request.pk, request.user_id), kind="request", ref=request.pk)
    if request.status == Status.SCHEDULED:
        _ask_about_what_is_new(request)
    elif _close(_about_the_plan(request, edits)):
        _wait_or_go_on(request, plan)


def _ask_about_what_is_new(request: Request) -> None:
    """A fact that the user wants to be asked about first is asked about before the call, whenever that is due."""
    if releasing.next_to_ask(request) is None:
        return
    if life.transition(request_id=request.pk, before=Status.SCHEDULED, after=Status.FINDING_NUMBER, text=noop("The plan shares something new.")):
        number.find_number(request_id=request.pk)


def _wait_or_go_on(request: Request, plan: ActionPlan) -> None:
    """Its question about the plan as it was is closed: the plan as it is now is asked about, or carried out."""
    if approving.needed(request.user, plan):
        approving.ask(request, plan)
        return
    text = noop("Floyd goes on with the plan as you changed it.")
    if life.transition(request_id=request.pk, before=Status.WAITING_FOR_USER, after=Status.FINDING_NUMBER, text=text):
        hint("requests.find_number", request.pk)


def _about_the_plan(request: Request, edits: Edits) -> QuerySet[Question]:
    """Questions that the edit settles or makes others: whether to go ahead, and the tap for an amount that was written anew."""
    tap = Q(step="dial", status=QuestionStatus.CONFIRMING) if "limit_minor" in edits.given else Q(pk=None)
    return Question.objects.filter(Q(step=APPROVE_STEP) | tap, request=request)


def _close(questions: QuerySet[Question]) -> bool:
    """Closes those that wait for an answer; False when none did."""
    unanswered = list(questions.filter(status__in=life.UNANSWERED).select_related("request"))
    for question in unanswered:
        Question.objects.filter(pk=question.pk).update(status=QuestionStatus.CLOSED)
        publish(topics=life.topics(question.request_id, question.request.user_id), kind="question", ref=question.pk)
    return bool(unanswered)


def _named(edits: Edits) -> str:
    *first, last = [_NAMES[name] for name in _NAMES if name in edits.given]
    return f"{', '.join(first)} and {last}" if first else last


@transaction.atomic
def approve_plan(*, request_id: UUID | str, user: User, version: int, by: str) -> AnswerResult:
    """The user's yes to the plan that they saw.

    Args:
        by: page or api.

    Raises:
        NotFound: not this user's.
        Conflict: the plan is another by now.
        NotPossibleNow: nothing waits for a yes.
    """
    request = _locked(request_id, user, version)
    question = approving.waiting(request.pk)
    if question is None:
        raise NotPossibleNow(noop("The plan doesn't wait for your yes."))
    return answer_question(question_id=question.pk, text="yes", by=by)

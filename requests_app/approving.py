"""The plan shown first, for users who want that: nothing is dialled before their yes."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from context.choices import PlanApproval
from context.models import User
from context.money import format_amount
from live.publish import publish
from requests_app.life import topics
from requests_app.models import Question, QuestionKind, QuestionStatus, Request
from requests_app.plan import ActionPlan
from requests_app.questions import TEXT_LENGTH, ask_question
from requests_app.steps import APPROVE_STEP

_GOAL_LENGTH = 240
#: Who was asked so long ago is asked anew, though the words are the same.
STILL_IN_MIND = timedelta(hours=1)


def needed(user: User, plan: ActionPlan) -> bool:
    """Whether the user wants to see this plan before anything is done."""
    if user.plan_approval == PlanApproval.ASK_ABOVE:
        return plan.limit_minor is not None and plan.limit_minor > user.approval_above_minor
    return user.plan_approval == PlanApproval.ASK


def ask(request: Request, plan: ActionPlan) -> Question:
    """Puts the plan to the user. The request waits already. What reads as it did a moment ago is the same question: nobody is texted it twice."""
    text = words(request.user, plan)
    return _opened_again(request, text) or ask_question(request=request, kind=QuestionKind.YES_NO, text=text, step=APPROVE_STEP)


def _opened_again(request: Request, text: str) -> Question | None:
    """The question of these words that a change of the plan has just closed. A reply to what was texted or mailed then finds it, too."""
    closed = Question.objects.filter(request=request, step=APPROVE_STEP, status=QuestionStatus.CLOSED, text=text[:TEXT_LENGTH])
    question = closed.filter(asked_at__gt=timezone.now() - STILL_IN_MIND).first()
    if question is None:
        return None
    Question.objects.filter(pk=question.pk).update(status=QuestionStatus.OPEN)
    publish(topics=topics(request.pk, request.user_id), kind="question", ref=question.pk)
    question.refresh_from_db()
    return question


def words(user: User, plan: ActionPlan) -> str:
    """The plan in a few sentences, as a question."""
    goal = plan.goal if len(plan.goal) <= _GOAL_LENGTH else f"{plan.goal[:_GOAL_LENGTH].rstrip()}…"
    callee = plan.callee.name if plan.callee else "them"
    said = {"goal": goal.rstrip("."), "callee": callee}
    if plan.limit_minor is None:
        return noop("My plan: %(goal)s. I would call %(callee)s. Shall I go ahead?") % said
    said["limit"] = format_amount(plan.limit_minor, user.currency)
    return noop("My plan: %(goal)s. I would call %(callee)s, and may spend up to %(limit)s. Shall I go ahead?") % said


def waiting(request_id: UUID | str) -> Question | None:
    """The plan's question, as long as it is open."""
    return Question.objects.filter(request_id=request_id, step=APPROVE_STEP, status=QuestionStatus.OPEN).first()

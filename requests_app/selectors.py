"""Reading requests and what belongs to them. Whose they are is checked by `requests_app.access` before."""

from __future__ import annotations

from django.db.models import Q

from requests_app.models import Question, QuestionStatus, Request
from requests_app.steps import REPLANNING


def answers_for_plan(request: Request) -> list[dict[str, str]]:
    """What the planner asked and the user answered, and conditions that the user set since, in order.

    Questions that were asked during a call are left out: a callee may have had a hand in their wording.
    """
    to_the_planner = Q(step="plan") | Q(step__in=REPLANNING, answer__has_key="text")
    answered = Question.objects.filter(to_the_planner, request=request, status=QuestionStatus.ANSWERED).order_by("answered_at")
    return [{"question": question.text, "answer": question.answer_text} for question in answered]

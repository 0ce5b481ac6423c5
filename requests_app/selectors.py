"""Reading requests and what belongs to them. Whose they are is checked by `requests_app.access` before."""

from __future__ import annotations

from requests_app.models import Question, QuestionStatus, Request


def answers_for_plan(request: Request) -> list[dict[str, str]]:
    """What the planner asked and the user answered, in order.

    Questions that were asked during a call are left out: a callee may have had a hand in their wording.
    """
    answered = Question.objects.filter(request=request, step="plan", status=QuestionStatus.ANSWERED).order_by("answered_at")
    return [{"question": question.text, "answer": question.answer_text} for question in answered]

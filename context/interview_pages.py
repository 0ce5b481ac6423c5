"""Answering or skipping a question of Floyd's."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from context import interview
from context.errors import KnowledgeError
from context.interview_models import InterviewQuestion, InterviewStatus
from context.item_pages import own_or_404, see_other
from context.signed_in import signed_in


@require_POST
@signed_in
def answer(request: HttpRequest, question_id: int) -> HttpResponse:
    """Takes the answer; or skips the question, for ever."""
    question = own_or_404(InterviewQuestion, request, question_id)
    if "skip" in request.POST:
        interview.settle(question=question, status=InterviewStatus.SKIPPED)
        return see_other("knows")
    try:
        interview.answer(question=question, words=request.POST.get("words", ""), phone=request.POST.get("phone", ""))
    except KnowledgeError as error:
        messages.warning(request, str(error))
    return see_other("knows")

"""Pages on which staff look into a turn: the exact questions to the model, and the same asked again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from calls.models import Call
from calls.review import again, prompts, provider_notes, reasons
from calls.review.access import open_call
from calls.review.views import ask_for_reason, staff_of, staff_page
from requests_app.errors import InvalidAsk


@require_GET
@staff_page
def turn(request: HttpRequest, call_id: UUID, seq: int) -> HttpResponse:
    """The questions that led to one line of Floyd's."""
    if not (why := reasons.given(request)):
        return ask_for_reason(request)
    call = open_call(staff_of(request), call_id, reason=why)
    line = call.lines.filter(seq=seq).first()
    if line is None:
        raise Http404("There is no such line.")
    by_turn = prompts.numbers_by_turn(call)
    seqs = sorted(by_turn)
    context = {
        **_context(request, call, prompts.questions(call, numbers=set(by_turn.get(seq, [])))),
        "line": line,
        "reported": provider_notes.around(call, line),
        "before": max((other for other in seqs if other < seq), default=0),
        "after": min((other for other in seqs if other > seq), default=0),
    }
    return render(request, "staff/turn.html", context)


@require_GET
@staff_page
def questions(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """All questions of a call: also those that led to no line."""
    if not (why := reasons.given(request)):
        return ask_for_reason(request)
    call = open_call(staff_of(request), call_id, reason=why)
    context = {**_context(request, call, prompts.questions(call)), "reported": provider_notes.of(call)}
    return render(request, "staff/turn.html", context)


@require_POST
@staff_page
def ask_again(request: HttpRequest, call_id: UUID, number: int) -> HttpResponse:
    """Puts a question to a model once more, and shows both answers."""
    if not (why := reasons.given(request)):
        return ask_for_reason(request)
    staff = staff_of(request)
    call = open_call(staff, call_id, reason=why)
    question = prompts.one(call, number)
    if question is None:
        raise Http404("There is no such question.")
    model = request.POST.get("model", "")
    try:
        answer = again.ask(staff=staff, question=question, model=model)
    except InvalidAsk as error:
        answer = again.Answer(model[:80], trouble=str(error))
    context = {**_context(request, call, [question]), "answer": answer, "answered": number}
    return render(request, "staff/turn.html", context, status=422 if answer.trouble else 200)


def _context(request: HttpRequest, call: Call, asked: list[prompts.Question]) -> dict[str, Any]:
    return {
        "page": "staff",
        "part": "calls",
        "call": call,
        "questions": asked,
        "models": again.models(),
        "days": settings.KEEP_PROMPTS_DAYS,
        "reason": reasons.given(request),
    }

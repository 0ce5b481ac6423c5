"""Pages on which staff look into a turn: the exact questions to the model, and the same asked again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from calls.models import Call, TranscriptLine
from calls.review import again, prompts, provider_notes, reasons
from calls.review.access import open_call
from calls.review.queue import Filters
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
    asked = prompts.questions(call, numbers=set(by_turn.get(seq, [])))
    context = {**_context(request, call, asked), **_place(call, line, by_turn), "reported": provider_notes.around(call, line)}
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
    by_turn = prompts.numbers_by_turn(call)
    line = call.lines.filter(seq__in=[seq for seq, numbers in by_turn.items() if number in numbers]).first()
    place = _place(call, line, by_turn) if line else {}
    context = {**_context(request, call, [question]), **place, "answer": answer, "answered": number}
    return render(request, "staff/turn.html", context, status=422 if answer.trouble else 200)


def _place(call: Call, line: TranscriptLine, by_turn: Mapping[int, Sequence[int]]) -> dict[str, Any]:
    """Which line a page is about, and where the turns before and after it are (0: there is none)."""
    return {
        "line": line,
        "before": max((other for other in by_turn if other < line.seq), default=0),
        "after": min((other for other in by_turn if other > line.seq), default=0),
    }


def _context(request: HttpRequest, call: Call, asked: list[prompts.Question]) -> dict[str, Any]:
    return {
        "page": "staff",
        "part": "calls",
        "call": call,
        "questions": asked,
        "models": again.models(),
        "days": settings.KEEP_PROMPTS_DAYS,
        "reason": reasons.given(request),
        "filters": Filters.of(request.GET.dict()),
    }

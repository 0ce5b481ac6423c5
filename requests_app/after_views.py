"""Pages about what comes after a request: correcting its outcome, reminders and follow-ups."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from context.signed_in import zone_of
from requests_app import access, next_steps
from requests_app.aftermath import items_shown, summary_shown
from requests_app.corrections import FIELDS, correct
from requests_app.errors import InvalidAsk, NotPossibleNow
from requests_app.forms import MOMENT_FORMAT, StepForm
from requests_app.models import Request
from requests_app.next_step import NextStep, StepKind, StepStatus
from requests_app.views import page, see_other

#: The item that stands for the whole: its summary.
SUMMARY = "summary"


@require_http_methods(["GET", "POST"])
@page
def correct_outcome(request: HttpRequest, request_id: UUID, item: str) -> HttpResponse:
    """What Floyd wrote down, for its user to put right."""
    wish = access.own_request(request.user, request_id)
    index = None if item == SUMMARY else int(item) if item.isdigit() else -1
    shown = _shown(wish, index)
    trouble = ""
    if request.method == "POST":
        changes = {field: request.POST.get(field, "") for field in shown if field in request.POST}
        try:
            correct(request=wish, user=request.user, way="page", item=index, **changes)  # type: ignore[arg-type]
        except (InvalidAsk, NotPossibleNow) as error:
            trouble, shown = str(error), shown | changes
        else:
            return see_other("request", wish.pk)
    context = {"wish": wish, "fields": shown, "trouble": trouble, "item": item}
    return render(request, "requests_app/correct.html", context, status=422 if trouble else 200)


def _shown(wish: Request, index: int | None) -> dict[str, str]:
    """The words that can be put right, as they stand."""
    if index is None:
        row, outcome = summary_shown(wish), wish.outcome or {}
        if not outcome.get("summary"):
            raise Http404("There is no outcome.")
        return {SUMMARY: row.now if row else str(outcome["summary"])}
    items = items_shown(wish)
    if not 0 <= index < len(items):
        raise Http404("There is no such part of the outcome.")
    return {field: str(items[index].get(field) or "") for field in FIELDS}


@require_http_methods(["GET", "POST"])
@page
def remind(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """A reminder of the user's own, about a request."""
    wish = access.own_request(request.user, request_id)
    if request.method == "GET":
        return _step_page(request, StepForm(), wish=wish)
    form = StepForm(request.POST)
    if form.is_valid():
        try:
            next_steps.add_reminder(user=request.user, request=wish, **form.said(request.user))  # type: ignore[arg-type]
        except NotPossibleNow as error:
            form.add_error(None, str(error))
        else:
            return see_other("request", wish.pk)
    return _step_page(request, form, wish=wish, status=422)


@require_http_methods(["GET", "POST"])
@page
def step(request: HttpRequest, step_id: int) -> HttpResponse:
    """One reminder or follow-up: to put off, to word anew, to accept."""
    found = next_steps.own_step(request.user, step_id)
    if request.method == "GET":
        due = timezone.localtime(found.due_at, zone_of(found.user)).strftime(MOMENT_FORMAT) if found.due_at else ""
        return _step_page(request, StepForm(initial={"text": found.text, "due_at": due}), wish=found.request, found=found)
    form = StepForm(request.POST)
    if form.is_valid():
        try:
            next_steps.change_step(step=found, **form.said(request.user))
        except NotPossibleNow as error:
            form.add_error(None, str(error))
        else:
            return _after(found)
    return _step_page(request, form, wish=found.request, found=found, status=422)


@require_POST
@page
def cancel(request: HttpRequest, step_id: int) -> HttpResponse:
    """The user does not want it."""
    found = next_steps.own_step(request.user, step_id)
    with suppress(NotPossibleNow):  # it is over, which is what was wanted
        next_steps.cancel_step(step=found)
    return _after(found)


def _after(found: NextStep) -> HttpResponse:
    return see_other("request", found.request_id) if found.request_id else see_other("home")


def _step_page(request: HttpRequest, form: StepForm, *, wish: Request | None, found: NextStep | None = None, status: int = 200) -> HttpResponse:
    waiting = found is None or found.status in next_steps.WAITING
    context: dict[str, Any] = {
        "form": form,
        "wish": wish,
        "step": found,
        "waiting": waiting,
        "calls": found is not None and found.kind == StepKind.CALL_AGAIN,
        "proposed": found is not None and found.status == StepStatus.PROPOSED,
        "zone": zone_of(request.user),  # type: ignore[arg-type]
    }
    return render(request, "requests_app/step.html", context, status=status)

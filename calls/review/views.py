"""Pages on which staff review calls. Each translates and calls; what may be seen is decided by `calls.review.access`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from calls.review import export, judging, queue, reasons, sheet
from calls.review.access import open_call, the_review
from calls.review.forms import ReasonForm
from calls.review.queue import Filters
from calls.review_models import Label, Verdict
from context.models import User
from context.signed_in import signed_in
from requests_app.access import is_staff
from requests_app.errors import InvalidAsk, NotFound

VERDICT_KEYS = [(str(key), value, label) for key, (value, label) in enumerate(Verdict.choices, start=1)]


def staff_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page for staff; for everybody else it does not exist."""

    @wraps(view)
    def found(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if not is_staff(request.user):
            raise Http404("There is no such page.")
        try:
            return view(request, *arguments, **named)
        except NotFound as error:
            raise Http404(str(error)) from None

    return signed_in(found)


def staff_of(request: HttpRequest) -> User:
    """The member of staff, once the page was let through."""
    user = request.user
    if not is_staff(user):
        raise Http404("There is no such page.")
    return user


def see(name: str, *arguments: Any, filters: Filters, to: str = "") -> HttpResponse:
    """Redirects after a POST, with the queue's filters."""
    address = reverse(name, args=arguments) + (f"?{filters.query}" if filters.query else "") + to
    return HttpResponseRedirect(address, status=303)


@require_GET
@staff_page
def calls(request: HttpRequest) -> HttpResponse:
    """The queue."""
    staff, filters = staff_of(request), Filters.of(request.GET.dict())
    try:
        before = UUID(request.GET["before"]) if request.GET.get("before") else None
    except ValueError:
        raise Http404("Not a place in the queue.") from None
    shown = queue.page(filters, staff, before=before)
    rows = [{"review": row, "ending": sheet.ending(row.outcome), "flags": sheet.why_flagged(row.flags)} for row in shown.rows]
    context = {
        "page": "staff",
        "part": "calls",
        "rows": rows,
        "shown": shown,
        "filters": filters,
        "before": before,
        "choices": _choices(filters),
        "labels": Label.objects.values_list("name", flat=True)[:200],
        "reason": reasons.given(request),
        "most_exported": export.MOST_CALLS,
        "most_taken": judging.MOST_TAKEN,
    }
    return render(request, "staff/calls.html", context)


def _choices(filters: Filters) -> list[dict[str, Any]]:
    """The filters with few values, for the form."""
    outcomes = {"": noop("Any outcome")} | sheet.OUTCOMES
    outcomes.setdefault(filters.outcome, sheet.ending(filters.outcome))
    named = (
        ("state", _("Review"), queue.STATES),
        ("assigned", _("Whose"), queue.ASSIGNED),
        ("flagged", _("Flags"), queue.FLAGGED),
        ("wait", _("Longest wait"), queue.WAITS),
        ("interrupted", _("Interruptions"), queue.INTERRUPTED),
        ("cost", _("Cost"), queue.COSTS),
        ("outcome", _("Outcome"), outcomes),
    )
    return [{"name": name, "label": label, "choices": choices.items(), "value": getattr(filters, name)} for name, label, choices in named]


@require_http_methods(["GET", "POST"])
@staff_page
def reason(request: HttpRequest) -> HttpResponse:
    """Asks for the reason of reading calls, and goes on to where it was asked for."""
    onward = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(onward, allowed_hosts=None):
        onward = reverse("staff-calls")
    form = ReasonForm(request.POST) if request.method == "POST" else ReasonForm(initial={"reason": reasons.given(request)})
    if request.method == "POST" and form.is_valid():
        reasons.give(request, form.cleaned_data["reason"])
        return HttpResponseRedirect(onward, status=303)
    context = {"form": form, "page": "staff", "part": "calls", "hours": int(reasons.KEPT_FOR.total_seconds() // 3600)}
    return render(request, "staff/reason.html", context, status=422 if form.errors else 200)


def ask_for_reason(request: HttpRequest) -> HttpResponse:
    """To the form that asks for the reason, and back."""
    return HttpResponseRedirect(f"{reverse('staff-reason')}?next={quote(request.get_full_path())}")


@require_GET
@staff_page
def call(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """One call, to be reviewed."""
    staff, filters = staff_of(request), Filters.of(request.GET.dict())
    review = the_review(staff, call_id)
    if not (why := reasons.given(request)):
        return ask_for_reason(request)
    opened = open_call(staff, call_id, reason=why)
    context = {
        **sheet.context(opened),
        "page": "staff",
        "part": "calls",
        "review": review,
        "ending": sheet.ending(review.outcome),
        "flags": sheet.why_flagged(review.flags),
        "notes": review.notes.filter(seq=None).select_related("author"),
        "labels": ", ".join(review.labels.values_list("name", flat=True)),
        "known_labels": Label.objects.values_list("name", flat=True)[:200],
        "colleagues": User.objects.filter(is_staff=True, is_active=True).order_by("email")[:100],
        "verdicts": VERDICT_KEYS,
        "filters": filters,
        "beside": queue.neighbours(filters, staff, call_id),
        "reason": why,
    }
    return render(request, "staff/call.html", context)


@require_POST
@staff_page
def verdict(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Takes a verdict, and goes on to the next call of the queue."""
    staff, filters = staff_of(request), Filters.of(request.GET.dict())
    given = request.POST.get("verdict", "")
    try:
        judging.judge(staff=staff, call_id=call_id, verdict=given)
    except InvalidAsk as error:
        messages.warning(request, str(error))
        return see("staff-call", call_id, filters=filters)
    if not given:
        return see("staff-call", call_id, filters=filters)
    if following := queue.neighbours(filters, staff, call_id).older:
        return see("staff-call", following, filters=filters)
    messages.success(request, _("That was the last call of this list."))
    return see("staff-calls", filters=filters)


@require_POST
@staff_page
def note(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Adds a note."""
    text, seq = request.POST.get("text", ""), request.POST.get("seq", "")
    number = int(seq) if seq.isascii() and seq.isdigit() and len(seq) < 6 else None
    to = f"#line-{number}" if number is not None else "#notes"
    return _done(request, call_id, lambda staff: judging.note(staff=staff, call_id=call_id, text=text, seq=number), to=to)


@require_POST
@staff_page
def labels(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Sets the labels, divided by commas."""
    names = request.POST.get("labels", "").replace("\x00", "").split(",")
    return _done(request, call_id, lambda staff: judging.label(staff=staff, call_id=call_id, names=names))


@require_POST
@staff_page
def assign(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Says who reviews the call."""
    to = request.POST.get("to", "").replace("\x00", "")
    return _done(request, call_id, lambda staff: judging.assign(staff=staff, call_id=call_id, to=to))


def _done(request: HttpRequest, call_id: UUID, act: Callable[[User], object], *, to: str = "") -> HttpResponse:
    try:
        act(staff_of(request))
    except InvalidAsk as error:
        messages.warning(request, str(error))
    return see("staff-call", call_id, filters=Filters.of(request.GET.dict()), to=to)


@require_POST
@staff_page
def take(request: HttpRequest) -> HttpResponse:
    """Assigns the next calls of the queue to whoever asks, and shows theirs."""
    staff, filters = staff_of(request), Filters.of(request.GET.dict())
    taken = judging.take(staff=staff, filters=filters)
    if not taken:
        messages.info(request, _("Nothing here waits for somebody to take it."))
        return see("staff-calls", filters=filters)
    return see("staff-calls", filters=Filters(assigned="me"))

"""Pages about a request's plan: changing it, saying yes to it, what was known for it, and the call that Floyd offered instead."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from requests_app import access, services, versions
from requests_app.errors import Conflict, NotPossibleNow, PlanRefused
from requests_app.models import Channel, Request
from requests_app.plan_editing import editable
from requests_app.plan_form import PlanForm
from requests_app.views import page, see_other

NOT_NOW = noop("The plan can't be changed just now: Floyd works with it, or there is none for a call.")


def _shown(request: HttpRequest, wish: Request, form: PlanForm, status: int = 200) -> HttpResponse:
    return render(request, "requests_app/plan.html", {"wish": wish, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
@page
def plan(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """GET: the plan as a form. POST: takes what was changed; what breaks a rule is said beside what was typed."""
    wish = access.own_request(request.user, request_id)
    if not editable(wish):
        messages.warning(request, NOT_NOW)
        return redirect("request", wish.pk) if request.method == "GET" else see_other("request", wish.pk)
    if request.method == "GET":
        return _shown(request, wish, PlanForm(wish))
    form = PlanForm(wish, request.POST)
    if not form.is_valid():
        return _shown(request, wish, form, status=422)
    try:
        user: Any = request.user
        services.edit_plan(request_id=wish.pk, user=user, edits=form.edits(), version=form.cleaned_data["version"], on_page=True)
    except PlanRefused as error:
        form.add_error(None, str(error))
        return _shown(request, wish, form, status=422)
    except (Conflict, NotPossibleNow) as error:
        messages.warning(request, str(error))
    return see_other("request", wish.pk)


@require_POST
@page
def approve(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The yes to the plan that was seen."""
    wish = access.own_request(request.user, request_id)
    sent = request.POST.get("version", "")
    version = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else -1
    try:
        user: Any = request.user
        services.approve_plan(request_id=wish.pk, user=user, version=version, by="page")
    except (Conflict, NotPossibleNow) as error:
        messages.warning(request, str(error))
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return HttpResponse(status=204) if request.headers.get("HX-Request") == "true" else see_other("request", wish.pk)


@require_POST
@page
def take_offer(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The call that Floyd offered, as a request of its own."""
    wish = access.own_request(request.user, request_id)
    try:
        user: Any = request.user
        made = services.take_offer(request_id=wish.pk, user=user, channel=Channel.WEB)
    except NotPossibleNow as error:
        messages.warning(request, str(error))
        return see_other("request", wish.pk)
    return see_other("request", made.pk)


@require_GET
@page
def snapshots(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """What Floyd knew for this request, newest version first."""
    wish = access.own_request(request.user, request_id)
    shown = versions.shown(wish, wish.snapshots.order_by("-version"))
    return render(request, "requests_app/snapshots.html", {"wish": wish, "versions": shown})

"""A call's controls: on its request's page where scripts run, on a page of their own everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_GET, require_POST

from calls import controlling, listening, services
from calls.access import get_call, own_call
from calls.models import Call
from calls.status import CallStatus
from context.kept_words import said
from requests_app.errors import InvalidAsk, NotPossibleNow
from requests_app.life import EVENT_TEXT_LENGTH
from requests_app.views import page, see_other

KEYPAD = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#")


@require_GET
@page
def controls(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """What the viewer may do with the call now; staff only look."""
    return _shown(request, get_call(request.user, call_id))


@require_POST
@page
def listen(request: HttpRequest, call_id: UUID) -> JsonResponse:
    """A ticket for this browser to listen in."""
    call = get_call(request.user, call_id)
    try:
        ticket = listening.ask_to_listen(call=call, user=request.user, session_key=request.session.session_key or "")  # type: ignore[arg-type]
    except NotPossibleNow as error:
        return JsonResponse({"trouble": said(str(error))}, status=409)
    return JsonResponse({"address": ticket.address, "token": ticket.token, "listening": str(ticket.listening_id)})


@require_POST
@page
def take_over(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Lets this browser's microphone speak, as soon as it was said who joins."""
    return _microphone(request, call_id, controlling.take_over, listening_id=request.POST.get("listening", ""))


@require_POST
@page
def give_back(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Floyd goes on."""
    return _microphone(request, call_id, controlling.give_back)


def _microphone(request: HttpRequest, call_id: UUID, action: Callable[..., Any], **how: Any) -> HttpResponse:
    """Asked for by the script that has the microphone, which hears by its socket what comes of it."""
    call = own_call(request.user, call_id)
    try:
        action(call_id=call.pk, user=request.user, **how)
    except NotPossibleNow as error:
        return JsonResponse({"trouble": said(str(error))}, status=409)
    return HttpResponse(status=204)


@require_POST
@page
def whisper(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Tells Floyd something."""
    text = request.POST.get("text", "")
    return _act(request, call_id, noop("Floyd was told."), services.whisper, at="tell", typed=text, text=text)


@require_POST
@page
def press_keys(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Has keys pressed."""
    keys = request.POST.get("keys", "")
    return _act(request, call_id, noop("Pressed."), controlling.press_keys, at="keys", typed=keys, keys=keys)


@require_POST
@page
def hang_up(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Ends the call."""
    return _act(request, call_id, noop("Floyd says goodbye."), controlling.hang_up)


def _act(request: HttpRequest, call_id: UUID, done: str, action: Callable[..., Any], *, at: str = "", typed: str = "", **how: Any) -> HttpResponse:
    """Does one thing and shows the controls again, ready to go on in the field `at`; without scripts, the page of the request."""
    call = own_call(request.user, call_id)
    trouble, status = "", 200
    try:
        action(call_id=call.pk, user=request.user, **how)
    except InvalidAsk as error:
        trouble, status = str(error), 422
    except NotPossibleNow as error:
        trouble, status = str(error), 409
    if _in_place(request):
        found = {"at": at, "said": "" if trouble else done, "trouble": trouble, "typed": typed if trouble else ""}
        return _shown(request, call, part="steering", status=status, **found)
    if trouble:
        messages.warning(request, trouble)
    else:
        messages.info(request, done)
    return see_other("request", call.request_id)


def _shown(request: HttpRequest, call: Call, *, part: str = "controls", status: int = 200, **found: str) -> HttpResponse:
    """A part of the controls. `found`: what came of an action (`at`, `said`, `trouble`, `typed`)."""
    context = {
        "call": call,
        "callee": (call.brief or {}).get("callee_name") or _("the callee"),
        "own": call.user_id == request.user.pk,
        "on": call.status == CallStatus.IN_PROGRESS,
        "audible": call.line in listening.AUDIBLE,
        "not_audible": listening.NOT_AUDIBLE,
        "keypad": KEYPAD,
        "most": EVENT_TEXT_LENGTH,
        **found,
    }
    return render(request, f"calls/parts/{part}.html" if _in_place(request) else "calls/controls.html", context, status=status)


def _in_place(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"

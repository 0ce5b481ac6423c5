"""The page on which a user changes what they asked for; opened in place where scripts run."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_http_methods

from requests_app import access, services
from requests_app.errors import InvalidAsk, NotPossibleNow
from requests_app.intake import MAX_ASK_LENGTH
from requests_app.life import EVENT_TEXT_LENGTH
from requests_app.models import Request
from requests_app.status import PAST_CHANGING, Status
from requests_app.views import page, see_other


@require_http_methods(["GET", "POST"])
@page
def edit(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """GET: the form. POST: the new words; then the request they are for, which after an end is a new one."""
    wish = access.own_request(request.user, request_id)
    if request.method == "GET":
        return _form(request, wish, "" if wish.status == Status.CALLING else wish.ask)
    typed = request.POST.get("ask", "")
    try:
        after = services.edit_ask(request_id=wish.pk, user=wish.user, ask=typed, seen=request.POST.get("seen"))
    except InvalidAsk as error:
        return _form(request, wish, typed, trouble=str(error), status=422)
    except NotPossibleNow as error:
        return _form(request, wish, typed, trouble=str(error), status=409)
    if after.pk == wish.pk and after.status == Status.CALLING:
        messages.info(request, noop("Floyd was told."))
    return see_other("request", after.pk)


def _form(request: HttpRequest, wish: Request, typed: str, *, trouble: str = "", status: int = 200) -> HttpResponse:
    calling = wish.status == Status.CALLING
    context = {
        "wish": wish,
        "typed": typed,
        "trouble": trouble,
        "follows_up": wish.status in PAST_CHANGING,
        "most": EVENT_TEXT_LENGTH if calling else MAX_ASK_LENGTH,
    }
    in_place = request.headers.get("HX-Request") == "true"
    return render(request, "requests_app/parts/edit.html" if in_place else "requests_app/edit.html", context, status=status)

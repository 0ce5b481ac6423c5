"""The page about calling Floyd: its number, the PIN with which users act by phone, and what callers of a user's own number may hear."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from context.models import User
from context.signed_in import signed_in
from use_cases.floyd_line.models import PhonePin
from use_cases.floyd_line.pin import LONGEST, MOST_WRONG, SHORTEST, BadPinError, remove_pin, set_pin
from use_cases.numbers import floyds_number, numbers_of, tell_free_busy


@require_http_methods(["GET", "POST"])
@signed_in
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
def phone_pin(request: HttpRequest) -> HttpResponse:
    """GET: the number, whether there is a PIN, and forms. POST: sets or removes it, or says what callers may hear.

    A POST takes the password again, within the last minutes.
    """
    user: Any = request.user
    if request.method == "GET":
        return _page(request, user)
    if "remove" in request.POST:
        remove_pin(user)
        messages.success(request, _("The PIN is gone. Nothing can be done by phone any more."))
    elif "callers" in request.POST:
        tell_free_busy(user=user, on=request.POST.getlist("tells"))
        messages.success(request, _("Saved."))
    else:
        try:
            set_pin(user=user, pin=request.POST.get("pin", "").strip())
        except BadPinError as error:
            return _page(request, user, status=422, trouble=str(error))
        messages.success(request, _("The PIN is set."))
    response = redirect("phone-pin")
    response.status_code = 303
    return response


def _page(request: HttpRequest, user: User, *, status: int = 200, **shown: Any) -> HttpResponse:
    row = PhonePin.objects.filter(user=user).first()
    numbers = {"number": floyds_number(), "answered": numbers_of(user), "known": user.phone if user.phone_verified_at else ""}
    state = {"is_set": row is not None, "locked": row is not None and row.wrong >= MOST_WRONG}
    return render(request, "use_cases/phone_pin.html", {"shortest": SHORTEST, "longest": LONGEST, **numbers, **state, **shown}, status=status)

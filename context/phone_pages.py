"""The pages on which users show that a number is theirs: allauth's, with answers of ours to what goes wrong and to where it leads."""

from __future__ import annotations

from typing import Any

from allauth.account.views import ChangePhoneView, _VerifyPhoneChangeView
from allauth.core.exceptions import RateLimited
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from context.signed_in import signed_in
from context.welcome_pages import is_new


class ChangePhone(ChangePhoneView):  # type: ignore[misc]
    """Takes a number and has a code texted to it. The number before stays until the code is there."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Sends the code, unless too many were sent."""
        try:
            response: HttpResponse = super().form_valid(form)
        except RateLimited:
            form.add_error("phone", _("A code was sent a moment ago, or too many were sent today. Try again later."))
            response = self.form_invalid(form)
        return response


class VerifyPhone(_VerifyPhoneChangeView):  # type: ignore[misc]
    """Takes the code."""

    def respond_process_succeeded(self, form: Any) -> HttpResponseRedirect:
        """Back to where they came from."""
        return redirect("welcome" if is_new(self.request) else "account_change_phone")

    def respond_process_failed(self, form: Any) -> HttpResponseRedirect:
        """Says why there is nothing left to type."""
        messages.error(self.request, _("That was the wrong code too often. Have another one sent."))
        return redirect("account_change_phone")


@signed_in
def change_phone(request: HttpRequest) -> HttpResponse:
    """GET: the number. POST: another one."""
    response: HttpResponse = ChangePhone.as_view()(request)
    return response


@signed_in
def verify_phone(request: HttpRequest) -> HttpResponse:
    """GET: asks for the code. POST: takes it."""
    response: HttpResponse = VerifyPhone.as_view()(request)
    return response

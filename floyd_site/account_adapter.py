"""What django-allauth asks us about accounts."""

from __future__ import annotations

import logging
import time
from typing import Any, NoReturn

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from anymail.exceptions import AnymailError
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from calls.telephony.codes import text_at_once
from context import unsent, verified_phone
from context.models import User
from context.phone_forms import NumberField

log = logging.getLogger(__name__)
SIGNED_IN_AT = "signed_in_at"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Who may sign up; how codes are sent; whose a phone number is."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether a stranger may make an account."""
        return bool(settings.OPEN_SIGN_UP)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Sends a mail at once. One that cannot be sent is said on the page, where another can be asked for."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, AnymailError) as error:
            log.warning("a mail of an account could not be sent: %s", type(error).__name__)
            messages.error(self.request, _("The mail could not be sent just now. Please try again in a moment."))

    # --- who sits at the browser ---

    def post_login(self, request: HttpRequest, user: User, **named: Any) -> Any:
        """Notes when they came in, and for the time after this session who it was."""
        request.session[SIGNED_IN_AT] = time.time()
        response = super().post_login(request, user, **named)
        unsent.note_whose(response, user.pk)
        return response

    def is_reauthentication_required(self, *, app: str, **named: Any) -> bool:
        """Whether what they are about to do asks for the password or passkey again: not within minutes of signing in."""
        since_s = time.time() - float(self.request.session.get(SIGNED_IN_AT, 0))
        return since_s >= app_settings.REAUTHENTICATION_TIMEOUT and bool(super().is_reauthentication_required(app=app, **named))

    # --- the phone ---

    def phone_form_field(self, **named: Any) -> NumberField:
        """A field that reads numbers as people write them."""
        return NumberField(**named)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        """The user's number and whether it is verified."""
        return (user.phone, user.phone_verified_at is not None) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        """Takes a number that was shown to be theirs; any other is kept in the session only."""
        if verified:
            self.set_phone_verified(user, phone)

    def set_phone_verified(self, user: User, phone: str) -> None:
        """Makes the number theirs and tells them by mail, in case it was not them."""
        try:
            verified_phone.take_number(user=user, number=phone)
        except verified_phone.NumberTakenError:
            self._refuse_number()
        self.send_notification_mail("account/email/phone_changed", user, {"phone": phone})

    def get_user_by_phone(self, phone: str) -> User | None:
        """Whoever has verified the number."""
        return verified_phone.user_with(phone)

    def send_verification_code_sms(self, user: User, phone: str, code: str, **_named: Any) -> None:
        """Texts a code."""
        body = _("%(code)s is your code for Floyd. Nobody from Floyd will ever ask you for it.") % {"code": code}
        if not text_at_once(phone, body):
            messages.error(self.request, _("The text could not be sent just now. Check the number, or try again in a moment."))

    def _refuse_number(self) -> NoReturn:
        messages.error(self.request, self.error_messages["phone_taken"])
        raise ImmediateHttpResponse(redirect("account_change_phone"))

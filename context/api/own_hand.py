"""What a token alone is not enough for: the password of the account is given again, as on the pages."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from rest_framework.request import Request as ApiRequest

from api.fields import Text
from api.problems import Problem
from context.models import User

WRONG = "That is not the password of your account. Nothing was done."
TOO_MANY = "That was a wrong password too often. Wait a few minutes, then try again."
PASSWORD_LENGTH = 200


def password_field() -> Text:
    """The field of a body in which the password stands."""
    words = "The password with which you sign in: a token alone does not do this."
    return Text(write_only=True, trim_whitespace=False, max_length=PASSWORD_LENGTH, help_text=words)


def check_password(request: ApiRequest, user: User, password: str) -> None:
    """Lets the user pass. Wrong passwords count with those of the sign-in page.

    Raises:
        Problem: 403 when it is wrong, 429 when there were too many.
    """
    try:
        found = get_adapter().authenticate(request._request, email=user.email, password=password)
    except ValidationError:
        raise Problem(429, TOO_MANY) from None
    if found is None or found.pk != user.pk:
        raise Problem(403, WRONG)

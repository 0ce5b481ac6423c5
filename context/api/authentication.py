"""Who calls the API: a program with a token, or a page with the session of somebody signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request as ApiRequest

from context.access_models import ApiToken
from context.models import User
from context.tokens import find_token, note_use, token_user
from live.access import user_of_session

REFUSED = "This token is none of ours, was revoked, or its user is switched off. Make another on the page “API tokens” of your account."
BAD_HEADER = "The header Authorization looks like this: “Authorization: Bearer floyd_…”, with one token."
NO_CSRF = (
    "A change made with a session needs the header X-CSRFToken with the value of the cookie csrftoken, and must come from our own pages. "
    "Programs send a token instead: “Authorization: Bearer floyd_…”."
)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer floyd_…`."""

    def authenticate(self, request: ApiRequest) -> tuple[User, ApiToken] | None:
        """The token and its user; None without the header, so that a session may count.

        Raises:
            AuthenticationFailed: there is a header, but no token that works.
        """
        header = request.headers.get("Authorization")
        if header is None:
            return None
        scheme, _, text = header.strip().partition(" ")
        if scheme.lower() != "bearer" or not text.strip():
            raise AuthenticationFailed(BAD_HEADER)
        token = find_token(text.strip())
        if token is None:
            raise AuthenticationFailed(REFUSED)
        note_use(token=token)
        return token.user, token

    def authenticate_header(self, request: ApiRequest) -> str:
        """The challenge of a 401."""
        return 'Bearer realm="Floyd"'


class PageAuthentication(SessionAuthentication):
    """The session of our own pages, with their CSRF token."""

    def enforce_csrf(self, request: ApiRequest) -> None:
        """Refuses a change that another site may have had a browser send."""
        try:
            super().enforce_csrf(request)
        except PermissionDenied:
            raise PermissionDenied(NO_CSRF) from None


def still_caller(request: ApiRequest) -> Callable[[], Any]:
    """A function that gives whoever made this request, if they may still call now; it runs queries."""
    if isinstance(token := request.auth, ApiToken):
        return lambda: token_user(token.pk)
    key = request.session.session_key

    def signed_in() -> Any:
        user = user_of_session(key)
        return user if user.is_authenticated else None

    return signed_in


class DescribedToken(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The token in the description of the API."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """As OpenAPI puts it."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "Made on the page “API tokens” of an account, or by `manage.py floyd token create`.",
        }


class DescribedSession(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The session in the description of the API."""

    target_class = PageAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """As OpenAPI puts it."""
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "The session of the pages. Changes also need the header X-CSRFToken.",
        }

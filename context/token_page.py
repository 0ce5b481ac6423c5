"""The page on which people make and revoke tokens for the API."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_http_methods, require_POST

from context.models import User
from context.signed_in import signed_in
from context.tokens import NAME_LENGTH, TokenError, create_token, revoke_token, tokens_of


@require_http_methods(["GET", "POST"])
@signed_in
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
def tokens(request: HttpRequest) -> HttpResponse:
    """GET: the tokens that work. POST: makes one, and shows it once; it takes the password again, within the last minutes."""
    user: Any = request.user
    if request.method == "GET":
        return _page(request, user)
    name = request.POST.get("name", "")
    try:
        row, token = create_token(user=user, name=name)
    except TokenError as error:
        return _page(request, user, status=422, trouble=str(error), name=name[:NAME_LENGTH])
    # Shown by this very answer: a redirect would have to keep it somewhere.
    return _page(request, user, made=row, token=token)


def _page(request: HttpRequest, user: User, *, status: int = 200, **shown: Any) -> HttpResponse:
    context = {"page": "tokens", "tokens": tokens_of(user), "name_length": NAME_LENGTH, **shown}
    return render(request, "context/tokens.html", context, status=status)


@require_POST
@signed_in
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Ends a token at once."""
    user: Any = request.user
    if not revoke_token(user=user, token_id=token_id):
        messages.warning(request, noop("This token does not work any more."))
    response = redirect("tokens")
    response.status_code = 303
    return response

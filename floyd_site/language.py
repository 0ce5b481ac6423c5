"""In which language pages are shown: the user's own, and before they have signed in the browser's (Django's LocaleMiddleware)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation


def language_of_user(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that changes to the language of whoever is signed in, if pages have it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        language = getattr(request.user, "language", "")
        if language:
            try:
                translation.activate(translation.get_supported_language_variant(language))
            except LookupError:
                translation.activate("en")
            request.LANGUAGE_CODE = translation.get_language()
        return get_response(request)

    return middleware

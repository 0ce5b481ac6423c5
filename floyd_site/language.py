"""In which language pages are shown: the user's own, and before they have signed in the browser's (Django's LocaleMiddleware)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from context.kept_words import pages_language


def language_of_user(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that changes to the language of whoever is signed in, if pages have it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        # Programs get one language, whatever headers their library sends.
        language = "en" if request.path.startswith("/api/") else getattr(request.user, "page_language", "")
        if language:
            translation.activate(pages_language(language))
            request.LANGUAGE_CODE = translation.get_language()
        return get_response(request)

    return middleware

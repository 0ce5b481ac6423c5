"""What is answered when a request fails before or behind its view: a problem for programs, a page for people."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views import defaults

from api import problems

BAD_REQUEST = "This request is malformed: check its address, its host and its headers."


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return problems.plain(400, BAD_REQUEST) if problems.is_api(request) else defaults.bad_request(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    """500."""
    return problems.plain(500, problems.BROKEN) if problems.is_api(request) else defaults.server_error(request)

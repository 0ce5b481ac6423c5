"""What other apps show on the page of a request. They register when they start; this app need not know them."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from requests_app.models import Request

#: Draws a part (a rendered template) for one request; the same for all viewers.
Part = Callable[[Request], SafeString]

_parts: list[Part] = []


def register(part: Part) -> None:
    """Shows `part` in the main column, below the outcome. Call it from an app's `ready`."""
    if part not in _parts:
        _parts.append(part)


def render(wish: Request) -> SafeString:
    """All parts, in order of registration."""
    return format_html_join("", "{}", ((part(wish),) for part in _parts))

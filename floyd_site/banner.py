"""What every page says about where it runs: the sandbox, a developer's phone that stands for every callee, open doors."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def context(request: HttpRequest) -> dict[str, str | bool]:
    """Template variables for the banner in base.html, and for the page to sign in."""
    return {"sandbox_url": settings.SANDBOX_URL, "dial_only": settings.DIAL_ONLY, "open_sign_up": settings.OPEN_SIGN_UP}

"""What every page says about where it runs: the sandbox, or a developer's phone that stands for every callee."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def context(request: HttpRequest) -> dict[str, str]:
    """Template variables for the banner in base.html."""
    return {"sandbox_url": settings.SANDBOX_URL, "dial_only": settings.DIAL_ONLY}

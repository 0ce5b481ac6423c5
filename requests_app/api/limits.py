"""How many requests a user may make through the API. Counted in the database, so that all processes count together."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from rest_framework.request import Request as ApiRequest
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from requests_app.models import Channel
from requests_app.models import Request as Wish

WINDOW = timedelta(hours=1)


class CreationLimit(BaseThrottle):
    """`API_REQUESTS_PER_HOUR` by one user, whatever the token."""

    def __init__(self) -> None:
        self._wait_s = 0.0

    def allow_request(self, request: ApiRequest, view: APIView) -> bool:
        """Whether there is room for one more."""
        user: Any = request.user
        most, now = settings.API_REQUESTS_PER_HOUR, timezone.now()
        recent = Wish.objects.filter(user=user, channel=Channel.API, created_at__gt=now - WINDOW).order_by("-created_at")
        # The one whose leaving the window makes room.
        last = recent.values_list("created_at", flat=True)[most - 1 : most].first() if most else now
        if last is not None:
            self._wait_s = (last + WINDOW - now).total_seconds()
        return last is None

    def wait(self) -> float:
        """Seconds until there is."""
        return max(1.0, math.ceil(self._wait_s))

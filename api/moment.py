"""Moments in the API."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from rest_framework import serializers

WITHOUT_OFFSET = "Give the moment with its offset from UTC, e.g. 2026-11-26T09:30:00-05:00."


class Moment(serializers.DateTimeField):
    """A moment. One without an offset could be meant in the user's zone or in ours, so it is refused."""

    def enforce_timezone(self, value: datetime) -> datetime:
        """In UTC.

        Raises:
            ValidationError: no offset.
        """
        if timezone.is_naive(value):
            raise serializers.ValidationError(WITHOUT_OFFSET)
        return super().enforce_timezone(value)

"""Fields that take what they are described as, and nothing that could be read as it: a program that sends a number for a text has a mistake."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

WITHOUT_OFFSET = "Give the moment with its offset from UTC, e.g. 2026-11-26T09:30:00-05:00."


class Text(serializers.CharField):
    """A text."""

    def to_internal_value(self, data: Any) -> str:
        """As it was sent.

        Raises:
            ValidationError: no text.
        """
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A whole number."""

    def to_internal_value(self, data: Any) -> int:
        """As it was sent.

        Raises:
            ValidationError: no whole number.
        """
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    """True or false."""

    def to_internal_value(self, data: Any) -> bool:
        """As it was sent.

        Raises:
            ValidationError: neither.
        """
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


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


@extend_schema_field({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"})
class Clock(serializers.TimeField):
    """A time of day where the user is; JSON Schema's own "time" would have an offset."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%H:%M:%S", input_formats=["%H:%M", "%H:%M:%S"], **options)

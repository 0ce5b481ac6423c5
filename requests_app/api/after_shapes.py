"""How corrections, reminders and follow-ups look in the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from api.fields import Moment, Text, Whole
from requests_app.corrections import LENGTH
from requests_app.next_step import CorrectedField, StepKind, StepStatus
from requests_app.next_steps import TEXT_LENGTH

Shape = serializers.Serializer[Any]


class NewCorrection(Shape):
    """What is right."""

    item = Whole(required=False, allow_null=True, min_value=0, max_value=1000, help_text="Place of the outcome's item, from 0; left out: the whole.")
    field = serializers.ChoiceField(choices=CorrectedField.choices, help_text="`summary` of the whole; `text` or `when` of an item.")
    now = Text(max_length=LENGTH, help_text="E.g. Tuesday at 9:30 am.")


@extend_schema_serializer(component_name="Correction")
class CorrectionShape(Shape):
    """One thing that you put right."""

    item = serializers.IntegerField(allow_null=True, help_text="Null: the whole.")
    field = serializers.ChoiceField(choices=CorrectedField.choices)
    was = Text(allow_blank=True)
    now = Text()
    way = Text(help_text="page or api")
    created_at = serializers.DateTimeField()


class StepFilter(Shape):
    """Which of them."""

    status = serializers.ChoiceField(choices=StepStatus.choices, required=False)
    request = serializers.UUIDField(required=False, help_text="Those of one request.")


class StepChange(Shape):
    """What, and when."""

    text = Text(max_length=TEXT_LENGTH, help_text="E.g. Pick up the flowers.")
    due_at = Moment(help_text="With its offset from UTC, e.g. 2026-11-26T16:00:00-05:00.")


class NewStep(StepChange):
    """A reminder."""

    request = serializers.UUIDField(required=False, help_text="The request that it is about.")


@extend_schema_serializer(component_name="NextStep")
class StepShape(Shape):
    """A reminder, a call that follows, or a promise of Floyd's for you to know of."""

    id = serializers.IntegerField()
    request = serializers.UUIDField(source="request_id", allow_null=True)
    kind = serializers.ChoiceField(choices=StepKind.choices)
    text = Text()
    status = serializers.ChoiceField(choices=StepStatus.choices, help_text="`proposed`: waits for your word; `open`: happens when it is due.")
    due_at = serializers.DateTimeField(allow_null=True)
    said = Text(allow_blank=True, help_text="The time as it was said in the call.")
    lines = serializers.ListField(child=serializers.IntegerField(), help_text="Transcript lines that show it.")
    follow_up = serializers.UUIDField(source="follow_up_id", allow_null=True, help_text="The request that calls again.")
    created_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)

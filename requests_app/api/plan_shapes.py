"""How plans and what was known for them look in the API, and what may be sent."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from api.fields import Text, Whole
from requests_app.plan_check import ITEM_LENGTH, LENGTHS, MOST_BY_ASK_MINOR, MOST_ITEMS

Shape = serializers.Serializer[Any]
MOST_SHARED = 60


class Callee(Shape):
    """Whom to call."""

    contact_id = Text(allow_null=True, max_length=40, help_text="As in the snapshot, e.g. `contact:3`; null: none of your contacts.")
    name = Text(max_length=120, help_text="A name or a sort of business, e.g. Sweet Violet's, or plumber.")
    kind = Text(allow_blank=True, max_length=60, required=False, default="", help_text="The sort of business, e.g. florist.")


class PlanChange(Shape):
    """What you want otherwise."""

    goal = Text(max_length=LENGTHS["goal"])
    callee = Callee()
    steps = serializers.ListField(child=Text(max_length=ITEM_LENGTH), max_length=MOST_ITEMS, help_text="In order; Floyd keeps to yours.")
    opening_line = Text(max_length=LENGTHS["opening_line"], help_text="The first words after the introduction.")
    find_out = serializers.ListField(child=Text(max_length=ITEM_LENGTH), max_length=MOST_ITEMS)
    limit_minor = Whole(allow_null=True, min_value=0, max_value=MOST_BY_ASK_MINOR, help_text="The most that may be agreed to; null: no price.")
    share = serializers.ListField(child=Text(max_length=40), max_length=MOST_SHARED, help_text="Ids of the facts that may be told, e.g. `fact:12`.")


class Approval(Shape):
    """Which plan you say yes to."""

    version = Whole(min_value=0, max_value=2**31 - 1, help_text="`plan_version` of the request as you read it.")


@extend_schema_serializer(component_name="KeptBack")
class KeptBackShape(Shape):
    """Something that was looked at and is told to nobody."""

    statement = Text()
    why = Text(help_text="In a sentence.")


@extend_schema_serializer(component_name="Snapshot")
class SnapshotShape(Shape):
    """One version of what was known for a request."""

    version = serializers.IntegerField()
    taken_at = serializers.DateTimeField()
    ask = Text(help_text="The ask and the answers that it was chosen for.")
    current = serializers.BooleanField(help_text="Whether the plan rests on this one.")
    told = serializers.ListField(child=Text(), help_text="What a plan made on it shares.")
    told_after_asking = serializers.ListField(child=Text(), help_text="What a plan shares once you say yes.")
    kept = KeptBackShape(many=True, help_text="What was looked at and is told to nobody.")
    contacts = serializers.ListField(child=Text())
    appointments = serializers.ListField(child=Text())
    left_out = serializers.DictField(child=serializers.IntegerField(), help_text="How much more was known, by kind.")

"""How facts, contacts and appointments look in the API, and what may be sent. What is right is decided by the services."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from api.fields import Flag, Moment, Text, Whole
from context.models import FactStatus, Sensitivity, Source

Shape = serializers.Serializer[Any]
FROM_WHERE = "Where exactly it comes from, e.g. request:<id>, mail:<id>, import:<id>."


class FactFilter(Shape):
    """Which facts."""

    status = serializers.ChoiceField(choices=FactStatus.choices, required=False, help_text="Left out: all but retired ones.")
    topic = Text(required=False, max_length=60)
    about = Text(required=False, max_length=120)


class FactChange(Shape):
    """What Floyd is to know instead."""

    statement = Text(max_length=500, help_text="E.g. Mara is in grade 4 at Maple Street School.")
    about = Text(required=False, allow_blank=True, max_length=120, help_text="Whom or what it is about, e.g. Mara.")
    topic = Text(required=False, allow_blank=True, max_length=60, help_text="E.g. school, address, taste.")
    sensitivity = serializers.ChoiceField(choices=Sensitivity.choices, required=False, help_text="Whether a callee may be told. Left out: `share`.")


class NewFact(FactChange):
    """What Floyd is to know."""


@extend_schema_serializer(component_name="Fact")
class FactShape(Shape):
    """One statement about you or your household."""

    id = serializers.IntegerField()
    statement = Text()
    about = Text(allow_blank=True)
    topic = Text(allow_blank=True)
    sensitivity = serializers.ChoiceField(choices=Sensitivity.choices)
    status = serializers.ChoiceField(choices=FactStatus.choices)
    source = serializers.ChoiceField(choices=Source.choices)  # type: ignore[assignment]
    source_ref = Text(allow_blank=True, help_text=FROM_WHERE)
    supersedes = serializers.IntegerField(
        source="supersedes_id", allow_null=True, help_text="The fact that this one replaced, or would replace while it is proposed."
    )
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="When it was last told to a callee, cited, or reviewed.")
    created_at = serializers.DateTimeField()


class ContactFilter(Shape):
    """Which contacts."""

    status = serializers.ChoiceField(choices=FactStatus.choices, required=False, help_text="Left out: all but removed ones.")
    kind = Text(required=False, max_length=60)
    q = Text(required=False, max_length=120, help_text="Part of the name.")


@extend_schema_field(
    {
        "type": "object",
        "description": "Opening hours by weekday; a day that is left out is closed; empty: unknown.",
        "propertyNames": {"enum": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]},
        "additionalProperties": {
            "type": "array",
            "description": "One span, from and to; or several of them.",
            "items": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        },
        "examples": [{"mon": ["08:00", "17:00"], "sat": []}],
    }
)
class Hours(serializers.JSONField):
    """Opening hours."""


class ContactChange(Shape):
    """Somebody whom Floyd may call for you."""

    name = Text(max_length=120)
    kind = Text(required=False, allow_blank=True, max_length=60, help_text="E.g. school, florist, dentist.")
    phone = Text(required=False, allow_blank=True, max_length=40, help_text="As you would dial it, or in E.164.")
    address = Text(required=False, allow_blank=True, max_length=200)
    hours = Hours(required=False)
    time_zone = Text(required=False, allow_blank=True, max_length=64, help_text="E.g. America/Toronto; empty: from the number.")
    menu_hints = Text(required=False, allow_blank=True, max_length=200, help_text="The way through their phone menu.")
    notes = Text(required=False, allow_blank=True, max_length=500)
    preferred = Flag(required=False)
    do_not_call = Flag(required=False)


class NewContact(ContactChange):
    """Somebody whom Floyd may call for you."""


@extend_schema_serializer(component_name="Contact")
class ContactShape(Shape):
    """Somebody whom Floyd may call for you."""

    id = serializers.IntegerField()
    name = Text()
    kind = Text(allow_blank=True)
    phone = Text(allow_blank=True, help_text="In E.164.")
    address = Text(allow_blank=True)
    hours = Hours()
    time_zone = Text(allow_blank=True)
    menu_hints = Text(allow_blank=True)
    notes = Text(allow_blank=True)
    preferred = serializers.BooleanField()
    do_not_call = serializers.BooleanField()
    details = serializers.ListField(child=serializers.DictField(), help_text="Typed details from calls: hours, menu path, prices, references.")
    status = serializers.ChoiceField(choices=FactStatus.choices)
    source = serializers.ChoiceField(choices=Source.choices)  # type: ignore[assignment]
    source_ref = Text(allow_blank=True, help_text=FROM_WHERE)
    created_at = serializers.DateTimeField()


class EntryFilter(Shape):
    """Which appointments."""

    status = serializers.ChoiceField(choices=FactStatus.choices, required=False, help_text="Left out: all but removed ones.")
    starts_after = Moment(required=False, help_text="Those that start then or later, e.g. 2026-11-21T00:00:00Z.")
    starts_before = Moment(required=False, help_text="Those that start earlier.")


class EntryChange(Shape):
    """An appointment."""

    title = Text(max_length=200)
    starts_at = Moment(help_text="With its offset from UTC, e.g. 2026-11-26T09:30:00-05:00.")
    ends_at = Moment(required=False, allow_null=True)
    all_day = Flag(required=False, help_text="It has days, no hours: starts_at is midnight where you live.")
    place = Text(required=False, allow_blank=True, max_length=200)
    contact = Whole(
        source="contact_id", required=False, allow_null=True, min_value=1, max_value=2**63 - 1, help_text="The id of one of your contacts."
    )


class NewEntry(EntryChange):
    """An appointment."""


@extend_schema_serializer(component_name="CalendarEntry")
class EntryShape(Shape):
    """An appointment."""

    id = serializers.IntegerField()
    title = Text()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)
    all_day = serializers.BooleanField(help_text="It has days, no hours.")
    place = Text(allow_blank=True)
    contact = Whole(source="contact_id", allow_null=True)
    status = serializers.ChoiceField(choices=FactStatus.choices)
    source = serializers.ChoiceField(choices=Source.choices)  # type: ignore[assignment]
    source_ref = Text(allow_blank=True, help_text=FROM_WHERE)
    created_at = serializers.DateTimeField()

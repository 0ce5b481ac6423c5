"""How requests and what belongs to them look in the API, and what may be sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from api.fields import Flag, Moment, Text
from requests_app.candidates import State
from requests_app.candidates_shown import candidates_shown
from requests_app.charge import Component
from requests_app.intake import MAX_ASK_LENGTH
from requests_app.models import Channel
from requests_app.models import Request as Wish
from requests_app.offers import offered
from requests_app.outcome import Achieved, ItemKind
from requests_app.plan_editing import editable
from requests_app.plan_shown import plan_shown
from requests_app.rescheduling import is_for_today, waits
from requests_app.retention import goes_at
from requests_app.status import Status, allowed

Shape = serializers.Serializer[Any]


class NewRequest(Shape):
    """What Floyd is to do."""

    # Empty and over-long ones are refused by the service, which says more than a serializer would.
    ask = Text(
        allow_blank=True,
        trim_whitespace=False,
        help_text=f"Your own words, up to {MAX_ASK_LENGTH} characters: call the school, Mara is sick.",
    )


class CallAnyway(Shape):
    """Whether listed opening hours count."""

    though_closed = Flag(required=False, help_text="Call also when they are listed as closed. Left out: 409 then, with when they open.")


class Keeping(Shape):
    """How long a request is kept."""

    kept = Flag(help_text="True: for good. False: until its time comes.")


class RequestFilter(Shape):
    """Which requests."""

    status = serializers.ChoiceField(
        choices=["in_flight", "ended", *Status.values],
        required=False,
        help_text="One status; or `in_flight`, not ended; or `ended`.",
    )
    q = Text(
        required=False,
        max_length=200,
        help_text="Words of the ask, the plan or the outcome, or beginnings of words; all of them must occur.",
    )
    created_after = Moment(required=False, help_text="Asked at that moment or later, e.g. 2026-11-21T09:00:00Z.")
    created_before = Moment(required=False, help_text="Asked before that moment.")


class AnswerSource(Shape):
    """What an answer rests on."""

    id = Text(help_text="As in the snapshot, e.g. `calendar:7`.")
    label = Text()  # type: ignore[assignment]


class OutcomeItem(Shape):
    """One result of a call, with its evidence."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in ItemKind])
    text = Text()
    amount_minor = serializers.IntegerField(allow_null=True, help_text="Price in minor units (cents).")
    currency = Text(allow_null=True)
    when = Text(allow_null=True)
    lines = serializers.ListField(child=serializers.IntegerField(), help_text="Numbers of the transcript lines that show it.")


class Outcome(Shape):
    """What came of a request. An answer has sources, a call has items."""

    achieved = serializers.ChoiceField(choices=[value.value for value in Achieved], allow_null=True, help_text="Null: it needed no call.")
    summary = Text(help_text="At most two sentences, or the answer.")
    sources = AnswerSource(many=True)
    items = OutcomeItem(many=True)
    missing = serializers.ListField(child=Text(), help_text="What you would have to say for the goal to be reached.")


class Plan(Shape):
    """What Floyd is going to do. While it is written, the last field ends in the middle of a sentence."""

    goal = Text()
    steps = serializers.ListField(child=Text())
    opening_line = Text(allow_blank=True, help_text="The first words after the introduction.")
    callee = Text(allow_blank=True)
    past = serializers.ListField(child=Text(), help_text="Earlier calls, orders and bookings there.")
    shared = serializers.ListField(child=Text(), help_text="What the callee will be told.")
    shared_after_asking = serializers.ListField(child=Text(), help_text="What the callee will be told if you say yes.")
    find_out = serializers.ListField(child=Text())
    limit_minor = serializers.IntegerField(allow_null=True, help_text="The most that may be agreed to, in minor units.")
    currency = Text(allow_blank=True)
    needs_call = serializers.BooleanField()
    being_written = serializers.BooleanField()


class Candidate(Shape):
    """A business that the directory lists."""

    name = Text()
    number = Text(allow_blank=True, help_text="In E.164; empty when none that is one is listed.")
    address = Text(allow_blank=True)
    evidence = serializers.ListField(child=Text(), help_text="Distance, rating, opening hours, in words.")
    state = serializers.ChoiceField(
        choices=[str(state) for state in State], help_text="`current`: this one; `tried`: it could not do it; `left_out`: it may not be called."
    )
    why = Text(allow_blank=True, help_text="What came of it, or why it is left out.")


class Candidates(Shape):
    """What the directory was searched for, and what it lists."""

    wanted = Text()
    area = Text(allow_blank=True)
    source = Text(allow_blank=True, help_text="The directory.")  # type: ignore[assignment]
    measured_from = Text(allow_blank=True, help_text="Distances are from the middle of it.")
    trouble = Text(allow_blank=True, help_text="Why nothing could be searched.")
    found = Candidate(many=True)


@extend_schema_serializer(component_name="RequestInList")
class RequestShort(Shape):
    """A request in a list."""

    id = serializers.UUIDField()
    ask = Text()
    channel = serializers.ChoiceField(choices=Channel.choices, help_text="How it came in.")
    status = serializers.ChoiceField(choices=Status.choices)
    trouble = Text(allow_blank=True, help_text="What went wrong, and what to do.")
    summary = serializers.SerializerMethodField(help_text="What came of it, once it has ended.")
    parent = serializers.UUIDField(source="parent_id", allow_null=True, help_text="The request that this one follows up.")  # type: ignore[assignment]
    not_before = serializers.DateTimeField(allow_null=True, help_text="When it goes on by itself.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)

    def get_summary(self, wish: Wish) -> str:
        """The sentence that tells most."""
        return outcome_of(wish)["summary"] if wish.outcome else ""


@extend_schema_serializer(component_name="Request")
class RequestShape(RequestShort):
    """A request with its plan and its outcome."""

    plan = serializers.SerializerMethodField()
    plan_version = serializers.IntegerField(help_text="Counts the plans that came into force, made or changed.")
    can_edit = serializers.SerializerMethodField(help_text="Whether the plan can be changed now.")
    offer = serializers.SerializerMethodField(help_text="What Floyd offers to ask by phone, where it didn't know.")
    contact = serializers.IntegerField(source="contact_id", allow_null=True, help_text="Whom to call, if it is one of your contacts.")
    number = Text(allow_blank=True, help_text="Whom to call, in E.164.")
    number_evidence = Text(allow_blank=True, help_text="Where the number comes from.")
    limit_minor = serializers.IntegerField(allow_null=True, help_text="The most you granted, in minor units of your currency.")
    candidates = serializers.SerializerMethodField()
    outcome = serializers.SerializerMethodField()
    kept = serializers.BooleanField(help_text="You keep it for good.")
    deleted_at = serializers.SerializerMethodField(help_text="When it is deleted, as things are; null: not at all.")
    can_stop = serializers.SerializerMethodField()
    can_retry = serializers.SerializerMethodField()
    can_call_now = serializers.SerializerMethodField()
    can_put_off = serializers.SerializerMethodField()

    @extend_schema_field(Plan(allow_null=True))
    def get_plan(self, wish: Wish) -> Any:
        """As the page shows it."""
        plan = plan_shown(wish)
        return Plan(plan).data if plan else None

    @extend_schema_field(Outcome(allow_null=True))
    def get_outcome(self, wish: Wish) -> Any:
        """In one form for answers and calls."""
        return Outcome(outcome_of(wish)).data if wish.outcome else None

    def get_deleted_at(self, wish: Wish) -> datetime | None:
        """By your preference and the site's."""
        return goes_at(wish)

    def get_can_edit(self, wish: Wish) -> bool:
        """While Floyd does not work with it."""
        return editable(wish)

    def get_offer(self, wish: Wish) -> str:
        """A whole ask; empty: nothing is offered."""
        return offered(wish)

    def get_can_stop(self, wish: Wish) -> bool:
        """Whether it can be stopped now."""
        return allowed(Status(wish.status), Status.CANCELLED)

    def get_can_retry(self, wish: Wish) -> bool:
        """Whether it can be tried again now."""
        return wish.status in (Status.FAILED, Status.CANCELLED)

    @extend_schema_field(Candidates(allow_null=True))
    def get_candidates(self, wish: Wish) -> Any:
        """What was looked up in the directory, as the page shows it."""
        found = candidates_shown(wish, timezone.now())
        return Candidates(found).data if found else None

    def get_can_call_now(self, wish: Wish) -> bool:
        """Whether it waits for a time."""
        return waits(wish, timezone.now())

    def get_can_put_off(self, wish: Wish) -> bool:
        """Whether it waits for a time of today."""
        return is_for_today(wish, timezone.now())


def outcome_of(wish: Wish) -> dict[str, Any]:
    """The outcome of a request in one form, whether it was an answer or a call."""
    found = wish.outcome if isinstance(wish.outcome, dict) else {}
    return {
        "achieved": found.get("achieved"),
        "summary": found.get("answer") or found.get("summary") or "",
        "sources": found.get("sources") or [],
        "items": found.get("items") or [],
        "missing": found.get("missing") or [],
    }


class CostShape(Shape):
    """What was spent on one sort of service."""

    component = serializers.ChoiceField(choices=Component.choices)
    micros = serializers.IntegerField(help_text="In millionths of the currency, as far as prices are known.")
    unknown = serializers.ListField(child=Text(), help_text="Services whose price nobody has told Floyd; they come on top.")


@extend_schema_serializer(component_name="Bill")
class BillShape(Shape):
    """What a request has cost so far: its planning, its calls, its summing up."""

    currency = Text(help_text="Of the price list.")
    micros = serializers.IntegerField(help_text="All of it, in millionths of the currency, as far as prices are known.")
    unknown = serializers.ListField(child=Text())
    costs = CostShape(many=True)


@extend_schema_serializer(component_name="Event")
class EventShape(Shape):
    """A line of a request's timeline."""

    request = serializers.UUIDField(source="request_id")
    seq = serializers.IntegerField(help_text="1, 2, 3 … within its request.")
    kind = Text(help_text="E.g. created, status, question, answered, call.")
    text = Text(allow_blank=True)
    created_at = serializers.DateTimeField()

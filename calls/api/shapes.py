"""How calls, what was said in them and their turns look in the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from api.fields import Text
from calls import listening
from calls.conversation.controlling import MOST_KEYS
from calls.conversation.effects import EndReason, Situation
from calls.models import Call, Speaker
from calls.status import CallStatus
from requests_app.life import EVENT_TEXT_LENGTH

Shape = serializers.Serializer[Any]


@extend_schema_serializer(component_name="Call")
class CallShape(Shape):
    """One phone call, made for a request."""

    id = serializers.UUIDField()
    request = serializers.UUIDField(source="request_id")
    attempt = serializers.IntegerField(help_text="Which of the request's intents to call it carried out.")
    callee = serializers.SerializerMethodField()
    number = serializers.CharField(help_text="In E.164.")
    status = serializers.ChoiceField(choices=CallStatus.choices, help_text="`unknown`: nobody knows whether it was placed; it is looked into.")
    situation = serializers.CharField(allow_blank=True, help_text=f"Empty, or one of {', '.join(Situation)}.")
    end_reason = serializers.CharField(allow_blank=True, help_text=f"Empty, or one of {', '.join(EndReason)}.")
    answered_by = serializers.CharField(allow_blank=True)
    disclosure_played_at = serializers.DateTimeField(allow_null=True, help_text="When it was said that an AI is calling, and for whom.")
    listening = serializers.SerializerMethodField(help_text="Who listens to it now, by name.")
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.IntegerField()
    cost = serializers.DictField(
        help_text="`currency`, and by component what it cost in millionths of it; null: price unknown. Empty until the call has ended."
    )
    created_at = serializers.DateTimeField()

    def get_callee(self, call: Call) -> str:
        """Who was called, by name."""
        return str((call.brief or {}).get("callee_name") or "") if isinstance(call.brief, dict) else ""

    def get_listening(self, call: Call) -> list[str]:
        """Who listens in."""
        return listening.audience(call) if call.status == CallStatus.IN_PROGRESS else []


@extend_schema_serializer(component_name="TranscriptLine")
class LineShape(Shape):
    """One utterance."""

    call = serializers.UUIDField(source="call_id")
    seq = serializers.IntegerField(help_text="1, 2, 3 … within its call; outcomes cite it.")
    speaker = serializers.ChoiceField(choices=Speaker.choices)
    text = serializers.CharField(allow_blank=True, help_text="What was really heard.")
    intended = serializers.CharField(allow_blank=True, help_text="What Floyd meant to say before it was cut off; empty: all of it was heard.")
    start_ms = serializers.IntegerField(help_text="Since the line was open.")
    end_ms = serializers.IntegerField()
    final = serializers.BooleanField(help_text="False while words may still change.")


@extend_schema_serializer(component_name="Turn")
class TurnShape(Shape):
    """Where the time of one reply of Floyd's went, in ms; null where a stage did not take place."""

    call = serializers.UUIDField(source="call_id")
    seq = serializers.IntegerField(help_text="The number of Floyd's transcript line.")
    end_of_turn_ms = serializers.IntegerField(allow_null=True, help_text="Their last sound → decision that they are done.")
    recognition_ms = serializers.IntegerField(allow_null=True, help_text="Their last sound → final words.")
    tools_ms = serializers.IntegerField(allow_null=True)
    model_first_token_ms = serializers.IntegerField(allow_null=True)
    first_clause_ms = serializers.IntegerField(allow_null=True)
    voice_first_byte_ms = serializers.IntegerField(allow_null=True)
    buffer_ms = serializers.IntegerField(allow_null=True)
    whole_ms = serializers.IntegerField(allow_null=True, help_text="Their last sound → Floyd's first.")
    interrupted = serializers.BooleanField()
    asked_ahead = serializers.BooleanField(help_text="The model was asked before the turn was over.")


class Words(Shape):
    """What Floyd is told while it talks."""

    text = Text(
        max_length=EVENT_TEXT_LENGTH, help_text="E.g. Ask if they deliver on Sunday. It grants nothing: what may be agreed to, the plan says."
    )


class Keys(Shape):
    """Keys to press."""

    keys = Text(max_length=2 * MOST_KEYS, help_text=f"Digits, * and #; at most {MOST_KEYS} of them. Spaces and dashes are for people.")

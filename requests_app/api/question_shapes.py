"""How questions to the user and messages look in the API, and what may be sent."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from api.fields import Text
from requests_app.models import MessageStatus, Question, QuestionKind, QuestionStatus, Way
from requests_app.reading import ANSWER_LENGTH

Shape = serializers.Serializer[Any]


class QuestionFilter(Shape):
    """Which questions."""

    status = serializers.ChoiceField(
        choices=["unanswered", *QuestionStatus.values], required=False, help_text="One status; `unanswered`: open or confirming."
    )
    request = serializers.UUIDField(required=False, help_text="Those of one request.")


@extend_schema_serializer(component_name="Question")
class QuestionShape(Shape):
    """Something only you can say."""

    id = serializers.UUIDField()
    request = serializers.UUIDField(source="request_id")
    kind = serializers.ChoiceField(choices=QuestionKind.choices)
    text = Text()
    choices = serializers.ListField(child=Text())
    status = serializers.ChoiceField(
        choices=QuestionStatus.choices, help_text="`confirming`: the amount is above your limit and waits for a tap of yours, signed in."
    )
    answer_text = Text(allow_blank=True)
    amount_minor = serializers.SerializerMethodField(help_text="The amount that waits for your tap, or that you granted, in minor units.")
    answered_by = Text(allow_blank=True, help_text="page, sms or api")
    asked_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)

    def get_amount_minor(self, question: Question) -> int | None:
        """Null for answers that are no amount, and where there is none yet."""
        return (question.answer or {}).get("amount_minor")


class Tapped(Shape):
    """What you looked at before you confirmed it."""

    amount_minor = serializers.IntegerField(min_value=0, help_text="The question's. Where it is another by now nothing is granted (422).")


class NewAnswer(Shape):
    """Your answer, in your own words."""

    text = Text(max_length=ANSWER_LENGTH, help_text="E.g. up to $80; yes; the second one.")


class MessageFilter(Shape):
    """Which text messages."""

    request = serializers.UUIDField(required=False, help_text="Those of one request.")


@extend_schema_serializer(component_name="Message")
class MessageShape(Shape):
    """A text message, email or notification between Floyd and you."""

    id = serializers.UUIDField()
    request = serializers.UUIDField(source="request_id", allow_null=True)
    question = serializers.UUIDField(source="question_id", allow_null=True)
    outbound = serializers.BooleanField(help_text="True: from Floyd to you.")
    way = serializers.ChoiceField(choices=Way.choices)
    subject = Text(allow_blank=True)
    not_before = serializers.DateTimeField(allow_null=True, help_text="It waits for the end of your quiet hours.")
    body = Text(allow_blank=True)
    status = serializers.ChoiceField(choices=MessageStatus.choices)
    created_at = serializers.DateTimeField()

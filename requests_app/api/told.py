"""In the API: telling Floyd something in plain words."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from api.fields import Text
from api.resource import Resource
from context.api.shapes import FactShape, Shape
from context.models import Sensitivity
from requests_app.intake import MAX_ASK_LENGTH
from requests_app.learning.quick_add import tell


class NewWords(Shape):
    """What Floyd is to remember."""

    words = Text(max_length=MAX_ASK_LENGTH, help_text="E.g. My car is a 2019 Civic, winter tires are on.")


class UnsureShape(Shape):
    """A statement that could be meant otherwise, or contradicts what is known."""

    statement = Text()
    about = Text(allow_blank=True)
    topic = Text(allow_blank=True)
    sensitivity = serializers.ChoiceField(choices=Sensitivity.choices)
    fact = serializers.IntegerField(source="known", allow_null=True, help_text="The fact that it would replace.")


@extend_schema_serializer(component_name="Told")
class ToldShape(Shape):
    """What became of the words. Both lists empty: Floyd knew all of it."""

    saved = FactShape(many=True)
    unsure = UnsureShape(many=True)


class Tell(Resource):
    """Quick words."""

    @extend_schema(operation_id="tell_facts", request=NewWords, responses=ToldShape)
    def post(self, request: ApiRequest) -> Response:
        """Saves what is clear. What is `unsure` is not saved: POST it to the facts if it is right, or PATCH the fact that it replaces.

        Saying the same again adds nothing.
        """
        user: Any = request.user
        told = tell(user=user, words=self.read_body(request, NewWords)["words"])
        for fact in told.saved:
            fact.refresh_from_db()
        return Response(ToldShape(told).data)

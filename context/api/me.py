"""The caller's own preferences in the API."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models, transaction
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from api.conditions import check_match, shown_with_tag
from api.fields import Clock, Flag, Text, Whole
from api.resource import Resource
from api.schema import IF_MATCH, IF_NONE_MATCH
from context.models import User
from context.preferences import FIELDS, GROUPS, change_preferences

#: What no program may change: how much Floyd may do by itself.
ON_PAGE_ONLY = tuple(name for group in GROUPS if group.on_page_only for name in group.fields)
CHANGEABLE = tuple(name for name in FIELDS if name not in ON_PAGE_ONLY)
STRICT: dict[type[models.Field[Any, Any]], type[serializers.Field[Any, Any, Any, Any]]] = {
    models.CharField: Text,
    models.PositiveIntegerField: Whole,
    models.BooleanField: Flag,
    models.TimeField: Clock,
}


class Preferences(serializers.ModelSerializer[User]):
    """Columns of the user, with fields that take nothing but what they are described as."""

    serializer_field_mapping = {**serializers.ModelSerializer.serializer_field_mapping, **STRICT}


@extend_schema_serializer(component_name="Me")
class MeShape(Preferences):
    """You, and how Floyd works for you. Limits are changed on the settings page only."""

    class Meta:
        """Everything that the settings page shows."""

        model = User
        fields: ClassVar[tuple[str, ...]] = ("email", "phone", "phone_verified_at", "currency", *FIELDS)


class MeChange(Preferences):
    """How Floyd is to work for you."""

    class Meta:
        """What a program may change."""

        model = User
        fields: ClassVar[tuple[str, ...]] = CHANGEABLE


class Me(Resource):
    """You."""

    @extend_schema(operation_id="get_me", responses=MeShape, parameters=[IF_NONE_MATCH])
    def get(self, request: ApiRequest) -> Response:
        """Your preferences, with their ETag, which an edit needs."""
        user: Any = request.user
        return shown_with_tag(request, MeShape(user).data)

    @extend_schema(operation_id="edit_me", request=MeChange, responses=MeShape, parameters=[IF_MATCH])
    @transaction.atomic
    def patch(self, request: ApiRequest) -> Response:
        """Writes the preferences that are sent."""
        changes = self.read_body(request, MeChange, partial=True)
        caller: Any = request.user
        user = User.objects.select_for_update(no_key=True).get(pk=caller.pk)
        check_match(request, MeShape(user).data)
        return shown_with_tag(request, MeShape(change_preferences(user=user, **changes)).data)

"""In the API: taking everything along, and leaving."""

from __future__ import annotations

from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from api.fields import Text
from api.problems import Problem
from api.resource import Resource
from context import leaving
from context.account_pages import UNLIKE
from context.api.own_hand import check_password, password_field
from context.api.shapes import Shape
from context.export import download


class Leave(Shape):
    """That you mean it."""

    email = Text(max_length=254, help_text="The address with which you sign in, so that no slip of a program ends an account.")
    password = password_field()


class Export(Resource):
    """All that Floyd holds of you."""

    @extend_schema(operation_id="export", responses={(200, "application/json"): OpenApiTypes.OBJECT})
    def get(self, request: ApiRequest) -> StreamingHttpResponse:
        """One JSON document with a list for each sort of thing, sent while it is written."""
        user: Any = request.user
        return download(user)


class DeleteMe(Resource):
    """Leaving for good."""

    @extend_schema(operation_id="delete_me", request=Leave, responses={204: None})
    def post(self, request: ApiRequest) -> Response:
        """Closes your account at once, revokes every token, stops every call, and deletes all that Floyd holds of you. There is no way back."""
        user: Any = request.user
        sent = self.read_body(request, Leave)
        if sent["email"].casefold() != user.email.casefold():
            raise Problem(422, UNLIKE)
        check_password(request, user, sent["password"])
        leaving.begin(user=user)
        return Response(status=204)

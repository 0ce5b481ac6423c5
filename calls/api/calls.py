"""Calls in the API: reading them. A call is made by its request; what can be done with one that goes on is in `control`."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from api.conditions import shown_with_tag
from api.pages import Listing
from api.resource import Resource
from api.schema import IF_NONE_MATCH
from calls.access import get_call
from calls.api.shapes import CallShape, LineShape, TurnShape
from calls.models import Call, TranscriptLine, Turn
from requests_app.access import get_request


class CallsOfRequest(Listing):
    """The calls of a request."""

    @extend_schema(operation_id="list_calls", responses=CallShape(many=True))
    def get(self, request: ApiRequest, request_id: UUID) -> Response:
        """Newest first."""
        calls = Call.objects.filter(request=get_request(request.user, request_id)).prefetch_related("listenings__user")
        return self.page_of(request, calls, CallShape)


class OneCall(Resource):
    """One call."""

    @extend_schema(operation_id="get_call", responses=CallShape, parameters=[IF_NONE_MATCH])
    def get(self, request: ApiRequest, call_id: UUID) -> Response:
        """As it stands."""
        return shown_with_tag(request, CallShape(get_call(request.user, call_id)).data)


class Transcript(Listing):
    """What was said in a call."""

    ordering = ("seq",)

    @extend_schema(operation_id="list_transcript_lines", responses=LineShape(many=True))
    def get(self, request: ApiRequest, call_id: UUID) -> Response:
        """In order of speaking."""
        return self.page_of(request, TranscriptLine.objects.filter(call=get_call(request.user, call_id)), LineShape)


class Turns(Listing):
    """How long Floyd's replies took."""

    ordering = ("seq",)

    @extend_schema(operation_id="list_turns", responses=TurnShape(many=True))
    def get(self, request: ApiRequest, call_id: UUID) -> Response:
        """In order."""
        return self.page_of(request, Turn.objects.filter(call=get_call(request.user, call_id)), TurnShape)

"""Changes as they happen, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request as ApiRequest

from api import stream
from api.resource import Resource
from context.api.authentication import still_caller
from live.access import may_watch
from requests_app import access

LAST_EVENT_ID = OpenApiParameter(
    "Last-Event-ID",
    str,
    OpenApiParameter.HEADER,
    description="The `id` of the last event: what was missed comes first. Left out: begins now.",
)
EVENTS = {(200, "text/event-stream"): OpenApiTypes.STR}


def _stream(request: ApiRequest, topic: str) -> StreamingHttpResponse:
    user: Any = request.user
    since = stream.place(request.headers.get("Last-Event-ID"))
    stream.check_room(user.pk)
    caller = still_caller(request)

    def allowed() -> bool:
        now = caller()
        return now is not None and may_watch(now, topic)

    if not connection.in_atomic_block:
        connection.close()  # a stream may stay open for hours and needs no connection of its own
    events = stream.events(topic=topic, since=since, user_id=user.pk, allowed=allowed)
    # Proxies are asked to pass each event on at once.
    return StreamingHttpResponse(events, content_type="text/event-stream", headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


class RequestStream(Resource):
    """One request, live."""

    @extend_schema(operation_id="stream_request", responses=EVENTS, parameters=[LAST_EVENT_ID])
    def get(self, request: ApiRequest, request_id: UUID) -> StreamingHttpResponse:
        """Server-sent events: the request, its timeline, questions, texts, calls, transcript lines and turns, each as it changes.

        Open it, and GET what you want to show when `begin` has come: nothing is missed in between. `reload` says that too much
        was missed (GET everything again); `closed` that you may not see it any more.
        """
        return _stream(request, f"request.{access.get_request(request.user, request_id).pk}")


class OwnStream(Resource):
    """All that is yours, live."""

    @extend_schema(operation_id="stream_everything", responses=EVENTS, parameters=[LAST_EVENT_ID])
    def get(self, request: ApiRequest) -> StreamingHttpResponse:
        """Server-sent events: your requests, questions, texts, facts, contacts and calendar, each as it changes."""
        return _stream(request, f"user.{request.user.pk}")

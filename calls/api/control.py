"""What a program does with a call of its user's while it goes on: the actions of the page's controls that need no sound.

Listening in and speaking take a browser: its session is the right to them, and ends them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from api.resource import Resource
from api.schema import IDEMPOTENCY_KEY
from calls import controlling, services
from calls.access import own_call
from calls.api.shapes import Keys, Words
from context.api.once import done_once
from requests_app.api.shapes import EventShape
from requests_app.models import Event


def done_to(request: ApiRequest, call_id: UUID, act: Callable[..., Event]) -> Response:
    """Does `act(call_id=…, user=…)` to the user's own call, once per Idempotency-Key.

    The answer is the line on the timeline by which the call's process learns of it.
    """
    user: Any = request.user
    call = own_call(user, call_id)
    line, _ = done_once(request, lambda: act(call_id=call.pk, user=user), lambda ref: Event.objects.get(pk=ref, request=call.made_for))
    return Response(EventShape(line).data, status=202)


class Whisper(Resource):
    """Telling Floyd something."""

    @extend_schema(operation_id="whisper", request=Words, responses={202: EventShape}, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: ApiRequest, call_id: UUID) -> Response:
        """Has Floyd weave something into what it says next. Also while it rings."""
        return done_to(request, call_id, partial(services.whisper, text=self.read_body(request, Words)["text"]))


class PressKeys(Resource):
    """Keys."""

    @extend_schema(operation_id="press_keys", request=Keys, responses={202: EventShape}, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: ApiRequest, call_id: UUID) -> Response:
        """Has keys pressed on the line."""
        return done_to(request, call_id, partial(controlling.press_keys, keys=self.read_body(request, Keys)["keys"]))


class HangUp(Resource):
    """Hanging up."""

    @extend_schema(operation_id="hang_up", request=None, responses={202: EventShape}, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: ApiRequest, call_id: UUID) -> Response:
        """Ends the call with a goodbye; a second time at once. The request is summed up by what was said, not stopped."""
        return done_to(request, call_id, controlling.hang_up)


class GiveBack(Resource):
    """The end of a take-over."""

    @extend_schema(operation_id="give_back", request=None, responses={202: EventShape}, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: ApiRequest, call_id: UUID) -> Response:
        """Floyd goes on with a call that its user took over in a browser: it says again that it is the AI assistant."""
        return done_to(request, call_id, controlling.give_back)

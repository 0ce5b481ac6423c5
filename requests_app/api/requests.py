"""Requests in the API: list, create, read, stop, try again; their timeline."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from api.conditions import check_match, shown_with_tag
from api.pages import Listing
from api.resource import Resource
from api.schema import IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH
from context.api.once import HEADER, done_once
from requests_app import access, costs, listing, services
from requests_app.api.limits import CreationLimit
from requests_app.api.shapes import BillShape, CallAnyway, EventShape, Keeping, NewRequest, RequestFilter, RequestShape, RequestShort
from requests_app.models import Channel, Event
from requests_app.models import Request as Wish


def shown(wish: Wish) -> dict[str, Any]:
    """A request as JSON."""
    return dict(RequestShape(wish).data)


def done_to(request: ApiRequest, request_id: UUID, act: Callable[..., Wish]) -> Response:
    """Does `act(request_id=…, user=…)` to the user's own request, once per Idempotency-Key; answers with the request as it is then."""
    user: Any = request.user
    wish = access.own_request(user, request_id)
    after, _ = done_once(request, lambda: act(request_id=wish.pk, user=user), lambda ref: access.own_request(user, ref))
    return shown_with_tag(request, shown(after))


class Requests(Listing):
    """Your requests."""

    def get_throttles(self) -> list[BaseThrottle]:
        """Reading costs nothing that needs a limit."""
        return [CreationLimit()] if self.request.method == "POST" else []

    @extend_schema(operation_id="list_requests", parameters=[RequestFilter], responses=RequestShort(many=True))
    def get(self, request: ApiRequest) -> Response:
        """Newest first."""
        user: Any = request.user
        return self.page_of(request, listing.find_requests(user, **self.read_query(request, RequestFilter)), RequestShort)

    @extend_schema(operation_id="create_request", request=NewRequest, responses={201: RequestShape, 200: RequestShape}, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: ApiRequest) -> Response:
        """Gives Floyd a request. The same Idempotency-Key, or the same words within ten seconds, give the first one (200)."""
        user: Any = request.user
        ask = self.read_body(request, NewRequest)["ask"]
        wish, is_new = services.take_request(user=user, ask=ask, channel=Channel.API, client_key=request.headers.get(HEADER, ""))
        wish.refresh_from_db()
        return shown_with_tag(request, shown(wish), 201 if is_new else 200, Location=reverse("api-request", args=[wish.pk]))


class OneRequest(Resource):
    """One request."""

    def get_throttles(self) -> list[BaseThrottle]:
        """An edit may make a request."""
        return [CreationLimit()] if self.request.method == "PATCH" else []

    @extend_schema(operation_id="get_request", responses=RequestShape, parameters=[IF_NONE_MATCH])
    def get(self, request: ApiRequest, request_id: UUID) -> Response:
        """With its plan and its outcome."""
        return shown_with_tag(request, shown(access.get_request(request.user, request_id)))

    @extend_schema(operation_id="edit_request", request=NewRequest, responses={200: RequestShape, 201: RequestShape}, parameters=[IF_MATCH])
    def patch(self, request: ApiRequest, request_id: UUID) -> Response:
        """Puts other words in place of the ask: planned anew before a call, told to Floyd during one, a new request (201) after the end."""
        ask = self.read_body(request, NewRequest)["ask"]
        with transaction.atomic():
            wish = access.own_request(request.user, request_id, lock=True)
            check_match(request, shown(wish))
            after = services.edit_ask(request_id=wish.pk, user=wish.user, ask=ask, channel=Channel.API)
        after.refresh_from_db()
        return shown_with_tag(request, shown(after), 200 if after.pk == wish.pk else 201, Location=reverse("api-request", args=[after.pk]))


class StopRequest(Resource):
    """Stopping a request."""

    @extend_schema(operation_id="stop_request", request=None, responses=RequestShape, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: ApiRequest, request_id: UUID) -> Response:
        """Ends it; a call that is on ends politely."""
        return done_to(request, request_id, services.stop_request)


class CallNow(Resource):
    """Not waiting any longer."""

    @extend_schema(operation_id="call_now", request=CallAnyway, responses=RequestShape, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: ApiRequest, request_id: UUID) -> Response:
        """Does at once what waits for its time. Calling hours and caps hold all the same; whether listed opening hours do, you say."""
        though_closed = self.read_body(request, CallAnyway).get("though_closed", False)
        return done_to(request, request_id, partial(services.call_now, though_closed=though_closed))


class NotToday(Resource):
    """Waiting until tomorrow."""

    @extend_schema(operation_id="not_today", request=None, responses=RequestShape, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: ApiRequest, request_id: UUID) -> Response:
        """Puts off to the same time tomorrow, or as soon after as they can be called, what waits for a time of today."""
        return done_to(request, request_id, services.not_today)


class KeepRequest(Resource):
    """How long a request is kept."""

    @extend_schema(operation_id="keep_request", request=Keeping, responses=RequestShape, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: ApiRequest, request_id: UUID) -> Response:
        """Keeps it for good, or lets it go when its time comes (`deleted_at`)."""
        kept = self.read_body(request, Keeping)["kept"]
        return done_to(request, request_id, partial(services.keep, kept=kept))


class RetryRequest(Resource):
    """Trying a request again."""

    @extend_schema(operation_id="retry_request", request=None, responses=RequestShape, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: ApiRequest, request_id: UUID) -> Response:
        """Starts one that failed or was stopped again, with what Floyd knows by now."""
        return done_to(request, request_id, services.retry_request)


class Costs(Resource):
    """What a request costs."""

    @extend_schema(operation_id="get_costs", responses=BillShape, parameters=[IF_NONE_MATCH])
    def get(self, request: ApiRequest, request_id: UUID) -> Response:
        """By sort of service. A call's share changes until the telephone company has named its price."""
        return shown_with_tag(request, BillShape(costs.bill(access.get_request(request.user, request_id))).data)


class Events(Listing):
    """What happened to a request."""

    ordering = ("seq",)

    @extend_schema(operation_id="list_events", responses=EventShape(many=True))
    def get(self, request: ApiRequest, request_id: UUID) -> Response:
        """In order."""
        wish = access.get_request(request.user, request_id)
        return self.page_of(request, Event.objects.filter(request=wish), EventShape)

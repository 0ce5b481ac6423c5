"""Plans in the API: changing one, saying yes to it, what was known for it, and the call that Floyd offered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from api.conditions import check_match, shown_with_tag
from api.pages import Listing
from api.resource import Resource
from api.schema import IDEMPOTENCY_KEY, IF_MATCH
from context.models import User
from requests_app import access, services, versions
from requests_app.api.plan_shapes import Approval, PlanChange, SnapshotShape
from requests_app.api.requests import done_to, shown
from requests_app.api.shapes import RequestShape
from requests_app.models import Channel, Snapshot
from requests_app.models import Request as Wish
from requests_app.plan import Edits


class PlanOfRequest(Resource):
    """The plan of a request."""

    @extend_schema(operation_id="change_plan", request=PlanChange, responses=RequestShape, parameters=[IF_MATCH])
    @transaction.atomic
    def patch(self, request: ApiRequest, request_id: UUID) -> Response:
        """Writes the fields that are sent, under the rules that hold for Floyd's own plans; If-Match takes the ETag of the request.

        With another `goal` or `callee` the rest is planned anew around them (`planning`). More money than your spending limit is
        allowed on the page of the request only.
        """
        user: Any = request.user
        wish = access.own_request(user, request_id)
        check_match(request, shown(wish))
        sent = self.read_body(request, PlanChange, partial=True)
        if "callee" in sent:  # a part that was left out is none; the rules say what is lacking
            sent["callee"] = {"contact_id": None, "name": "", "kind": "", **sent["callee"]}
        edited = services.edit_plan(request_id=wish.pk, user=user, edits=Edits(**sent), version=wish.plan_version, on_page=False)
        return shown_with_tag(request, shown(edited))


class ApprovePlan(Resource):
    """Saying yes to a plan."""

    @extend_schema(operation_id="approve_plan", request=Approval, responses=RequestShape, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: ApiRequest, request_id: UUID) -> Response:
        """Lets a plan that waits for your yes go ahead: that one, by its version, and no other."""
        version = self.read_body(request, Approval)["version"]

        def approve(*, request_id: UUID, user: User) -> Wish:
            services.approve_plan(request_id=request_id, user=user, version=version, by="api")
            return access.own_request(user, request_id)

        return done_to(request, request_id, approve)


class TakeOffer(Resource):
    """The call that Floyd offers where it didn't know."""

    @extend_schema(operation_id="take_offer", request=None, responses={201: RequestShape}, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: ApiRequest, request_id: UUID) -> Response:
        """Makes a request of its own of it, linked by `parent`; the same one however often."""
        user: Any = request.user
        wish = access.own_request(user, request_id)
        made = services.take_offer(request_id=wish.pk, user=user, channel=Channel.API)
        return shown_with_tag(request, shown(made), 201, Location=reverse("api-request", args=[made.pk]))


class Snapshots(Listing):
    """What was known for a request."""

    ordering = ("-version",)

    @extend_schema(operation_id="list_snapshots", responses=SnapshotShape(many=True))
    def get(self, request: ApiRequest, request_id: UUID) -> Response:
        """Newest version first; what of it the plan shares, and what is kept back. Nothing changes a version."""
        wish = access.own_request(request.user, request_id)
        return self.page_of(request, Snapshot.objects.filter(request=wish), SnapshotShape, lambda rows: versions.shown(wish, rows))

"""Facts in the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from api.pages import Listing
from api.resource import Resource
from api.schema import IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH
from context import selectors, services
from context.api.kinds import FACTS
from context.api.shapes import FactChange, FactFilter, FactShape, NewFact
from context.models import Source


class Facts(Listing):
    """What Floyd knows about you and yours."""

    ordering = ("id",)

    @extend_schema(operation_id="list_facts", parameters=[FactFilter], responses=FactShape(many=True))
    def get(self, request: ApiRequest) -> Response:
        """Oldest first."""
        user: Any = request.user
        return self.page_of(request, selectors.find_facts(user, **self.read_query(request, FactFilter)), FactShape)

    @extend_schema(operation_id="create_fact", request=NewFact, responses={201: FactShape, 200: FactShape}, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: ApiRequest) -> Response:
        """Tells Floyd something. The same Idempotency-Key gives the first one (200)."""
        user: Any = request.user
        fields = self.read_body(request, NewFact)
        return FACTS.added(request, lambda: services.add_fact(user=user, source=Source.TOLD, **fields))


class OneFact(Resource):
    """One fact."""

    @extend_schema(operation_id="get_fact", responses=FactShape, parameters=[IF_NONE_MATCH])
    def get(self, request: ApiRequest, fact_id: int) -> Response:
        """Retired ones, too."""
        return FACTS.shown(request, FACTS.own(request, fact_id))

    @extend_schema(operation_id="edit_fact", request=FactChange, responses=FactShape, parameters=[IF_MATCH])
    def patch(self, request: ApiRequest, fact_id: int) -> Response:
        """Puts a new fact in its place, with an id of its own (see Location); the old one is retired, not rewritten."""
        changes = self.read_body(request, FactChange, partial=True)
        return FACTS.changed(request, fact_id, lambda fact: services.correct_fact(fact=fact, **changes))

    @extend_schema(operation_id="retire_fact", responses={204: None}, parameters=[IF_MATCH])
    def delete(self, request: ApiRequest, fact_id: int) -> Response:
        """Has Floyd forget it from now on. Old requests keep what they knew."""
        return FACTS.removed(request, fact_id, lambda fact: services.retire(row=fact))

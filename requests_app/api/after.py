"""What comes after a request, in the API: corrections of its outcome, reminders and follow-ups."""

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
from api.schema import IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH
from context.api.once import done_once
from requests_app import access, next_steps
from requests_app.api.after_shapes import CorrectionShape, NewCorrection, NewStep, StepChange, StepFilter, StepShape
from requests_app.corrections import correct
from requests_app.next_step import Correction, NextStep


class Corrections(Listing):
    """What you put right in an outcome."""

    ordering = ("id",)

    @extend_schema(operation_id="list_corrections", responses=CorrectionShape(many=True))
    def get(self, request: ApiRequest, request_id: UUID) -> Response:
        """Oldest first; of several about the same thing the last counts."""
        wish = access.get_request(request.user, request_id)
        return self.page_of(request, Correction.objects.filter(request=wish), CorrectionShape)

    @extend_schema(operation_id="correct_outcome", request=NewCorrection, responses={201: CorrectionShape, 200: CorrectionShape})
    def post(self, request: ApiRequest, request_id: UUID) -> Response:
        """Your words stand in place of Floyd's, which are kept. A corrected time moves the calendar's entry and what is due then."""
        user: Any = request.user
        said = self.read_body(request, NewCorrection)
        wish = access.own_request(user, request_id)
        row, is_new = done_once(
            request,
            lambda: correct(request=wish, user=user, way="api", item=said.get("item"), **{said["field"]: said["now"]})[0],
            lambda ref: Correction.objects.get(pk=ref, request=wish),
        )
        return Response(CorrectionShape(row).data, status=201 if is_new else 200)


def _shown(request: ApiRequest, step: NextStep, status: int = 200) -> Response:
    return shown_with_tag(request, StepShape(step).data, status, Location=reverse("api-next-step", args=[step.pk]))


class NextSteps(Listing):
    """Reminders, calls that follow, and promises to know of."""

    ordering = ("id",)

    @extend_schema(operation_id="list_next_steps", parameters=[StepFilter], responses=StepShape(many=True))
    def get(self, request: ApiRequest) -> Response:
        """Oldest first."""
        user: Any = request.user
        wanted = self.read_query(request, StepFilter)
        rows = NextStep.objects.filter(user=user, **{name: value for name, value in wanted.items() if name in ("status", "request")})
        return self.page_of(request, rows, StepShape)

    @extend_schema(operation_id="create_reminder", request=NewStep, responses={201: StepShape, 200: StepShape}, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: ApiRequest) -> Response:
        """Has Floyd remind you. The same Idempotency-Key gives the first one (200)."""
        user: Any = request.user
        said = self.read_body(request, NewStep)
        about = said.pop("request", None)
        wish = access.own_request(user, about) if about else None
        step, is_new = done_once(
            request, lambda: next_steps.add_reminder(user=user, request=wish, **said), lambda ref: next_steps.own_step(user, int(ref))
        )
        return _shown(request, step, 201 if is_new else 200)


class OneNextStep(Resource):
    """One of them."""

    @extend_schema(operation_id="get_next_step", responses=StepShape, parameters=[IF_NONE_MATCH])
    def get(self, request: ApiRequest, step_id: int) -> Response:
        """With its ETag, which an edit needs."""
        return _shown(request, next_steps.own_step(request.user, step_id))

    @extend_schema(operation_id="change_next_step", request=StepChange, responses=StepShape, parameters=[IF_MATCH])
    @transaction.atomic
    def patch(self, request: ApiRequest, step_id: int) -> Response:
        """Puts it off, or words it anew; a proposed one is accepted by that."""
        changes = self.read_body(request, StepChange, partial=True)
        step = next_steps.own_step(request.user, step_id, lock=True)
        check_match(request, StepShape(step).data)
        return _shown(request, next_steps.change_step(step=step, **changes))

    @extend_schema(operation_id="cancel_next_step", responses={204: None}, parameters=[IF_MATCH])
    @transaction.atomic
    def delete(self, request: ApiRequest, step_id: int) -> Response:
        """Cancels it; a call that was to follow is not made."""
        step = next_steps.own_step(request.user, step_id, lock=True)
        check_match(request, StepShape(step).data)
        next_steps.cancel_step(step=step)
        return Response(status=204)

"""The calendar in the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from api.pages import Listing
from api.resource import Resource
from api.schema import IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH
from context import selectors, services
from context.api.kinds import APPOINTMENTS
from context.api.shapes import EntryChange, EntryFilter, EntryShape, NewEntry


class Calendar(Listing):
    """Your appointments."""

    ordering = ("starts_at", "id")

    @extend_schema(operation_id="list_calendar", parameters=[EntryFilter], responses=EntryShape(many=True))
    def get(self, request: ApiRequest) -> Response:
        """In order of time, past ones too."""
        user: Any = request.user
        return self.page_of(request, selectors.find_entries(user, **self.read_query(request, EntryFilter)), EntryShape)

    @extend_schema(operation_id="create_calendar_entry", request=NewEntry, responses={201: EntryShape, 200: EntryShape}, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: ApiRequest) -> Response:
        """Notes an appointment. The same Idempotency-Key gives the first one (200)."""
        user: Any = request.user
        fields = self.read_body(request, NewEntry)
        return APPOINTMENTS.added(request, lambda: services.add_calendar_entry(user=user, **fields))


class OneCalendarEntry(Resource):
    """One appointment."""

    @extend_schema(operation_id="get_calendar_entry", responses=EntryShape, parameters=[IF_NONE_MATCH])
    def get(self, request: ApiRequest, entry_id: int) -> Response:
        """With its ETag, which an edit needs."""
        return APPOINTMENTS.shown(request, APPOINTMENTS.own(request, entry_id))

    @extend_schema(operation_id="edit_calendar_entry", request=EntryChange, responses=EntryShape, parameters=[IF_MATCH])
    def patch(self, request: ApiRequest, entry_id: int) -> Response:
        """Writes the fields that are sent."""
        changes = self.read_body(request, EntryChange, partial=True)
        return APPOINTMENTS.changed(request, entry_id, lambda entry: services.change_calendar_entry(entry=entry, **changes))

    @extend_schema(operation_id="delete_calendar_entry", responses={204: None}, parameters=[IF_MATCH])
    def delete(self, request: ApiRequest, entry_id: int) -> Response:
        """Takes it out of the calendar; `restore` brings it back."""
        return APPOINTMENTS.removed(request, entry_id, lambda entry: services.retire(row=entry))

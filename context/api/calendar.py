"""The calendar in the API."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from api.conditions import shown_with_tag
from api.pages import Listing
from api.resource import Resource
from api.schema import IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH
from context import selectors, services
from context.access import own_one
from context.api.editing import edit
from context.api.once import done_once
from context.api.shapes import EntryChange, EntryFilter, EntryShape, NewEntry
from context.models import CalendarEntry


def _shown(request: ApiRequest, entry: CalendarEntry, status: int = 200) -> Response:
    return shown_with_tag(request, EntryShape(entry).data, status, Location=reverse("api-calendar-entry", args=[entry.pk]))


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
        entry, is_new = done_once(request, lambda: services.add_calendar_entry(user=user, **fields), lambda ref: own_one(CalendarEntry, user, ref))
        return _shown(request, entry, 201 if is_new else 200)


class OneCalendarEntry(Resource):
    """One appointment."""

    @extend_schema(operation_id="get_calendar_entry", responses=EntryShape, parameters=[IF_NONE_MATCH])
    def get(self, request: ApiRequest, entry_id: int) -> Response:
        """With its ETag, which an edit needs."""
        return _shown(request, own_one(CalendarEntry, request.user, entry_id))

    @extend_schema(operation_id="edit_calendar_entry", request=EntryChange, responses=EntryShape, parameters=[IF_MATCH])
    def patch(self, request: ApiRequest, entry_id: int) -> Response:
        """Writes the fields that are sent."""
        changes = self.read_body(request, EntryChange, partial=True)
        entry = edit(request, CalendarEntry, entry_id, EntryShape, lambda entry: services.change_calendar_entry(entry=entry, **changes))
        return _shown(request, entry)

    @extend_schema(operation_id="delete_calendar_entry", responses={204: None}, parameters=[IF_MATCH])
    def delete(self, request: ApiRequest, entry_id: int) -> Response:
        """Takes it out of the calendar; `restore` brings it back."""
        edit(request, CalendarEntry, entry_id, EntryShape, lambda entry: services.retire(row=entry))
        return Response(status=204)

"""Contacts in the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from api.pages import Listing
from api.resource import Resource
from api.schema import IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH
from context import selectors, services
from context.api.kinds import CONTACTS
from context.api.shapes import ContactChange, ContactFilter, ContactShape, NewContact


class Contacts(Listing):
    """Whom Floyd may call for you."""

    ordering = ("id",)

    @extend_schema(operation_id="list_contacts", parameters=[ContactFilter], responses=ContactShape(many=True))
    def get(self, request: ApiRequest) -> Response:
        """Oldest first."""
        user: Any = request.user
        return self.page_of(request, selectors.find_contacts(user, **self.read_query(request, ContactFilter)), ContactShape)

    @extend_schema(operation_id="create_contact", request=NewContact, responses={201: ContactShape, 200: ContactShape}, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: ApiRequest) -> Response:
        """Notes somebody. The same Idempotency-Key gives the first one (200)."""
        user: Any = request.user
        fields = self.read_body(request, NewContact)
        return CONTACTS.added(request, lambda: services.add_contact(user=user, **fields))


class OneContact(Resource):
    """One contact."""

    @extend_schema(operation_id="get_contact", responses=ContactShape, parameters=[IF_NONE_MATCH])
    def get(self, request: ApiRequest, contact_id: int) -> Response:
        """With its ETag, which an edit needs."""
        return CONTACTS.shown(request, CONTACTS.own(request, contact_id))

    @extend_schema(operation_id="edit_contact", request=ContactChange, responses=ContactShape, parameters=[IF_MATCH])
    def patch(self, request: ApiRequest, contact_id: int) -> Response:
        """Writes the fields that are sent."""
        changes = self.read_body(request, ContactChange, partial=True)
        return CONTACTS.changed(request, contact_id, lambda contact: services.change_contact(contact=contact, **changes))

    @extend_schema(operation_id="delete_contact", responses={204: None}, parameters=[IF_MATCH])
    def delete(self, request: ApiRequest, contact_id: int) -> Response:
        """Has Floyd call them no more. Requests and appointments stay; `restore` brings the contact back."""
        return CONTACTS.removed(request, contact_id, lambda contact: services.retire(row=contact))

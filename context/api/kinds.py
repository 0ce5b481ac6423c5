"""What facts, contacts and appointments have in common in the API: whose they are, shown with a tag, made once, edited as they were seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic

from django.db import transaction
from django.urls import reverse
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from api.conditions import check_match, shown_with_tag
from context.access import Row, own_one
from context.api.once import done_once
from context.api.shapes import ContactShape, EntryShape, FactShape
from context.models import CalendarEntry, Contact, Fact


@dataclass(frozen=True, slots=True)
class Kind(Generic[Row]):
    """A kind of thing that Floyd knows. What is added, changed and removed is said by services; all but `shown` raise NotKnown.

    Attributes:
        shape: how one looks.
        address: name of the address of one.
    """

    model: type[Row]
    shape: type[BaseSerializer[Any]]
    address: str

    def shown(self, request: ApiRequest, row: Row, status: int = 200) -> Response:
        """One, with its ETag and address."""
        return shown_with_tag(request, self.shape(row).data, status, Location=reverse(self.address, args=[row.pk]))

    def own(self, request: ApiRequest, key: int | str) -> Row:
        """One of the caller's own."""
        user: Any = request.user
        return own_one(self.model, user, key)

    def added(self, request: ApiRequest, add: Callable[[], Row]) -> Response:
        """A new one (201), or the one that the same Idempotency-Key made before (200)."""
        row, is_new = done_once(request, add, lambda ref: self.own(request, ref))
        return self.shown(request, row, 201 if is_new else 200)

    def changed(self, request: ApiRequest, key: int, change: Callable[[Row], Row]) -> Response:
        """What `change` makes of it."""
        return self.shown(request, self._as_seen(request, key, change))

    def removed(self, request: ApiRequest, key: int, remove: Callable[[Row], object]) -> Response:
        """Nothing (204), once `remove` took it away."""
        self._as_seen(request, key, remove)
        return Response(status=204)

    @transaction.atomic
    def _as_seen(self, request: ApiRequest, key: int, act: Callable[[Row], Any]) -> Any:
        """What `act` gives for the locked row, if it is as the client saw it.

        Raises:
            Problem: 412 or 428, see `api.conditions`.
        """
        user: Any = request.user
        row = own_one(self.model, user, key, lock=True)
        check_match(request, self.shape(row).data)
        return act(row)


FACTS = Kind(Fact, FactShape, "api-fact")
CONTACTS = Kind(Contact, ContactShape, "api-contact")
APPOINTMENTS = Kind(CalendarEntry, EntryShape, "api-calendar-entry")

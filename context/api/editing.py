"""Editing a thing of one's own: locked, compared with what the editor saw, changed by a service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from rest_framework.request import Request as ApiRequest
from rest_framework.serializers import BaseSerializer

from api.conditions import check_match
from context.access import Row, own_one


@transaction.atomic
def edit(request: ApiRequest, model: type[Row], key: int, shape: type[BaseSerializer[Any]], act: Callable[[Row], Any]) -> Any:
    """What `act` makes of the row, if it is as the client saw it (If-Match).

    Raises:
        NotKnown: not this user's.
        Problem: 412 or 428, see `api.conditions`.
    """
    row = own_one(model, request.user, key, lock=True)
    check_match(request, shape(row).data)
    return act(row)

"""The header Idempotency-Key of any POST."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model
from rest_framework.request import Request as ApiRequest

from api import problems
from context.idempotency import KeyReusedError, once

HEADER = "Idempotency-Key"
Thing = TypeVar("Thing", bound=Model)

problems.register(KeyReusedError, 409)


def done_once(request: ApiRequest, act: Callable[[], Thing], find: Callable[[str], Thing]) -> tuple[Thing, bool]:
    """Does `act`, once per key if the client sent one.

    Args:
        find: gets the thing, as it is now, by its primary key.

    Returns:
        The thing, and whether it was done just now.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return act(), True
    user: Any = request.user
    ref, thing = once(user=user, operation=request.path, key=key, body=request.body, act=act)
    return (find(ref), False) if thing is None else (thing, True)

"""The user's word on a thing: yes to a proposal, no to it, or back to what was taken away. The same for facts, contacts and appointments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from api.resource import Resource
from context import services
from context.api.kinds import APPOINTMENTS, CONTACTS, FACTS, Kind

_YES = "Stands by a proposal; anything else stays as it is."
_NO = "Says no to a proposal, which is not made again; anything else stays as it is."
_BACK = "Brings back what was taken away; anything else stays as it is."
_KINDS: dict[str, tuple[Kind[Any], str]] = {
    "fact": (FACTS, "fact_id"),
    "contact": (CONTACTS, "contact_id"),
    "calendar_entry": (APPOINTMENTS, "entry_id"),
}


def _standing(kind: str, verb: str, words: str, act: Callable[..., object]) -> type[Resource]:
    """A view that does `act` to one of the caller's own, and shows it as it is then."""
    things, key = _KINDS[kind]

    class Standing(Resource):
        @extend_schema(operation_id=f"{verb}_{kind}", description=words, request=None, responses=things.shape)
        def post(self, request: ApiRequest, **named: int) -> Response:
            row = things.own(request, named[key])
            act(row=row)
            row.refresh_from_db()
            return things.shown(request, row)

    Standing.__doc__ = words
    return Standing


#: By kind: yes, no, back.
confirm = {kind: _standing(kind, "confirm", _YES, services.confirm) for kind in _KINDS}
reject = {kind: _standing(kind, "reject", _NO, services.reject) for kind in _KINDS}
restore = {kind: _standing(kind, "restore", _BACK, services.restore) for kind in _KINDS}

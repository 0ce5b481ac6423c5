"""Everything that Floyd holds of a user, as one JSON document, written row by row.

`{"format": "floyd-export-1", "made_at": "…", "account": [{…}], "facts": [{…}, …], …}`: one list for each part, each row with the names of
its columns; moments in ISO 8601, ids as they are; sound in base64. Each app registers its parts; what is left out is registered with the reason.
"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.http import StreamingHttpResponse
from django.utils import timezone

from context.models import User
from context.ownership import claim, rows_of

FORMAT = "floyd-export-1"
ROWS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Part:
    """One list of the document: the rows of a model, without secrets and what is only ours to work with."""

    name: str
    model: type[Model]
    without: frozenset[str]
    rows_at_once: int = 0


parts: dict[type[Model], Part] = {}
#: Model → why its rows are in no export.
left_out: dict[type[Model], str] = {}


def register(name: str, model: type[Model], *, without: tuple[str, ...] = (), rows_at_once: int = 0) -> None:
    """Has the rows of `model` exported under `name`. Call it from an app's `ready`. `rows_at_once`: for large rows; 0: the usual number."""
    parts[model] = Part(name, model, frozenset(without), rows_at_once)


def leave_out(model: type[Model], why: str) -> None:
    """Says why the rows of `model` are not exported."""
    left_out[model] = why


def text_of(user: User) -> Iterator[str]:
    """The document, in pieces. Runs queries, a few hundred rows at a time."""
    claim(user)
    head = json.dumps({"format": FORMAT, "made_at": timezone.now()}, cls=DjangoJSONEncoder)
    yield head.removesuffix("}")
    for part in parts.values():
        yield f", {json.dumps(part.name)}: ["
        between = ""
        for row in _rows(part, user):
            yield between + json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
            between = ",\n"
        yield "]"
    yield "}\n"


def _rows(part: Part, user: User) -> Iterator[dict[str, Any]]:
    """Rows in order of their keys; each page begins behind the last, so that no cursor stays open meanwhile."""
    columns = [field.attname for field in part.model._meta.concrete_fields if field.name not in part.without]
    rows = rows_of(part.model, user).order_by("pk")
    last: Any = None
    while page := list((rows if last is None else rows.filter(pk__gt=last))[: part.rows_at_once or ROWS_AT_ONCE].values("pk", *columns)):
        last = page[-1]["pk"]
        for row in page:
            yield {name: _as_json(value) for name, value in row.items() if name in columns}


def _as_json(value: Any) -> Any:
    """Bytes in base64; anything else as it is."""
    return base64.b64encode(value).decode() if isinstance(value, bytes | memoryview) else value


def download(user: User) -> StreamingHttpResponse:
    """The document as a file, sent while it is written."""

    async def pieces() -> AsyncIterator[str]:
        text = text_of(user)
        while piece := await sync_to_async(lambda: next(text, ""))():
            yield piece

    headers = {"Content-Disposition": f'attachment; filename="floyd-{timezone.localdate():%Y-%m-%d}.json"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(pieces(), content_type="application/json", headers=headers)

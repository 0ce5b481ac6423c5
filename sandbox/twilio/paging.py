"""Lists in pages, with the paths that lead to the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from aiohttp import web

from sandbox.twilio.errors import bad_request

T = TypeVar("T")
PAGING = frozenset({"PageSize", "Page", "PageToken"})


def page_of(request: web.Request, name: str, rows: Sequence[T], shown: Callable[[T], dict[str, Any]], prefix: str) -> web.Response:
    """One page of `rows` (newest first), as the 2010 API writes it. `prefix` is the two letters of the rows' sids, for the page token."""
    query = request.query
    try:
        size, number = int(query.get("PageSize", "50")), int(query.get("Page", "0"))
    except ValueError:
        raise bad_request(20001, "Page and PageSize must be whole numbers") from None
    if not 1 <= size <= 1000 or number < 0:
        raise bad_request(20001, "PageSize must lie between 1 and 1000")
    start = number * size
    part = rows[start : start + size]

    def path(page: int) -> str:
        fields = [(key, value) for key, value in query.items() if key not in PAGING] + [("PageSize", str(size)), ("Page", str(page))]
        if page > 0:
            fields.append(("PageToken", f"PA{prefix}{page:032x}"))
        return f"{request.path}?{urlencode(fields)}"

    body = {
        name: [shown(row) for row in part],
        "page": number,
        "page_size": size,
        "start": start,
        "end": start + len(part) - 1 if part else start,
        "uri": path(number),
        "first_page_uri": path(0),
        "next_page_uri": path(number + 1) if start + size < len(rows) else None,
        "previous_page_uri": path(number - 1) if number else None,
    }
    return web.json_response(body)

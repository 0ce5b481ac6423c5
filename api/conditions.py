"""ETag and If-Match: whoever edits a thing must have seen it as it is now, so that two editors never overwrite each other unseen."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from api.problems import Problem

MISSING = "An edit needs the header If-Match with the ETag of what you read, so that nobody's change is overwritten unseen. GET it first."
CHANGED = "It has been changed since you read it. GET it again, and repeat your edit on what it is now."
BAD = "If-Match holds an ETag in double quotes, as it came with the thing, or several with commas between."
_TAG = re.compile(r'\s*(W/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*(?:,|$)')


def etag(shown: Any) -> str:
    """The tag of a thing as it is shown: other content, other tag."""
    return f'"{hashlib.sha256(JSONRenderer().render(shown)).hexdigest()[:32]}"'


def shown_with_tag(request: ApiRequest, shown: Any, status: int = 200, **headers: str) -> Response:
    """The thing with its ETag; 304 when the client (If-None-Match) has it already."""
    tag = etag(shown)
    sent = request.headers.get("If-None-Match", "")
    if request.method == "GET" and (sent.strip() == "*" or tag in _tags(sent, weak=True)):
        return Response(status=304, headers={"ETag": tag})
    return Response(shown, status=status, headers={"ETag": tag, **headers})


def check_match(request: ApiRequest, shown: Any) -> None:
    """Lets an edit through when it was made on the thing as it is now. Call it with the row locked.

    Raises:
        Problem: 428 without If-Match, 412 when the thing has changed since.
    """
    sent = request.headers.get("If-Match")
    if sent is None:
        raise Problem(428, MISSING)
    if sent.strip() == "*":
        return
    if not (tags := _tags(sent, weak=False)):
        raise Problem(412 if sent.lstrip().startswith("W/") else 400, CHANGED if sent.lstrip().startswith("W/") else BAD)
    if etag(shown) not in tags:
        raise Problem(412, CHANGED)


def _tags(header: str, *, weak: bool) -> list[str]:
    """Tags of a header; weak ones count only where told so (RFC 9110, 13.1)."""
    return [f'"{found[2]}"' for found in _TAG.finditer(header) if weak or not found[1]]

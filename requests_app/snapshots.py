"""Versions of what is known for a request: the next one is taken when it is planned and there is none that still holds."""

from __future__ import annotations

from datetime import datetime

from context.snapshot import left_out, take_snapshot
from requests_app import dealings
from requests_app.models import Request, Snapshot
from requests_app.selectors import answers_for_plan


def current(*, request: Request, now: datetime) -> Snapshot:
    """The snapshot that the request is planned on, in the caller's transaction, with the request locked.

    Whoever has a request planned anew sets `current_snapshot` to None and gets the next version. An answer of the user gets one
    only where there is more known than a snapshot holds: other words may be about other things.
    """
    words = "\n".join([request.ask, *(answer["answer"] for answer in answers_for_plan(request))])
    taken = request.current_snapshot
    if taken is not None and (taken.ask == words or not left_out(taken.data)):
        return taken
    data = take_snapshot(user=request.user, now=now, ask=words)
    data["dealings"] = dealings.with_contacts(request, data["contacts"])
    version = Snapshot.objects.filter(request=request).count() + 1
    return Snapshot.objects.create(request=request, version=version, ask=words, data=data)

"""Who is who in the tests: always the same people. Factories make the rest."""

from __future__ import annotations

import re
from typing import Any

from django.db.models.functions import Now

from context.household import seed_household
from context.models import User
from requests_app.models import Channel, Request, Snapshot
from requests_app.status import ENDED, Status

PASSWORD = "a-password-for-tests"
TOMS_PHONE = "+15195550142"
STRANGERS_PHONE = "+15195550999"


def tells(text: object, figure: str) -> bool:
    """Whether a text names a figure. The keys of rows ("fact:4417") may hold any digits."""
    return re.search(rf"(?<![\w:/-]){figure}(?!\w)", str(text)) is not None


def tom() -> User:
    """Tom Redmond of Guelph: wife Krista, daughter Mara, school, florist, garage, dentist; limit $100."""
    return seed_household(password=PASSWORD)


def alice() -> User:
    """Alice Stone, another user: no contacts, no facts, no phone."""
    return User.objects.create_user("alice@stone.example", PASSWORD, name="Alice Stone")


def sam() -> User:
    """Sam Lee, a member of staff."""
    return User.objects.create_user("sam@floyd.example", PASSWORD, name="Sam Lee", is_staff=True)


def make_request(
    user: User,
    *,
    status: Status = Status.PENDING,
    ask: str = "Call the school, Mara is sick today.",
    snapshot: dict[str, Any] | None = None,
    **fields: Any,
) -> Request:
    """A request that already stands at `status`; with a `snapshot`, that was taken for it."""
    if status in ENDED:
        fields.setdefault("ended_at", Now())
    request = Request.objects.create(user=user, ask=ask, channel=Channel.WEB, status=status, **fields)
    if snapshot is not None:
        request.current_snapshot = Snapshot.objects.create(request=request, version=1, ask=ask, data=snapshot)
        request.save(update_fields=["current_snapshot"])
    return request

"""A user's corrections of an outcome ("no, it was Tuesday"): kept beside what was written down, and carried on to what was derived from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop as noop

from context.models import User
from live.publish import publish
from requests_app.aftermath import items_shown, summary_shown
from requests_app.errors import InvalidAsk, NotPossibleNow
from requests_app.life import record_event, topics
from requests_app.models import Request
from requests_app.next_step import Correction

LENGTH = 400
#: What of an item can be put right.
FIELDS = ("text", "when")
MOST = 200

Follower = Callable[[Correction], None]
_followers: list[Follower] = []


def register(follower: Follower) -> None:
    """Has `follower` bring up to date what it derived from an outcome. Call it from an app's `ready`."""
    if follower not in _followers:
        _followers.append(follower)


@transaction.atomic
def correct(*, request: Request, user: User, way: str, item: int | None, **changes: str) -> list[Correction]:
    """Keeps the user's own words in place of Floyd's.

    Args:
        item: place of the outcome's item, counted from 0; None for the summary.
        changes: `text` and `when` of an item, or `summary`. What is the same as now is no correction.

    Raises:
        NotPossibleNow: there is no such item, or too much was corrected.
        InvalidAsk: nothing was said.
    """
    locked = Request.objects.select_for_update(no_key=True, of=("self",)).select_related("user", "contact").get(pk=request.pk)
    was = _as_shown(locked, item)
    rows = []
    if unknown := set(changes) - set(was):
        known = noop("The whole has a summary only, not: %(fields)s.") if item is None else noop("An item has text and when, not: %(fields)s.")
        raise InvalidAsk(known % {"fields": ", ".join(sorted(unknown))})
    for field, value in changes.items():
        now = " ".join(value.split())
        if now == was.get(field, ""):
            continue
        if not now:
            raise InvalidAsk(noop("Say what is right; to leave it empty says nothing."))
        if len(now) > LENGTH:
            raise InvalidAsk(noop("That is too long: at most %(length)s letters.") % {"length": LENGTH})
        row = Correction(request=locked, attempt=locked.attempt, item=item, field=field, was=was.get(field, "")[:LENGTH], now=now, user=user, way=way)
        row.save(force_insert=True)
        rows.append(row)
    if not rows:
        raise InvalidAsk(noop("That is what stands there already. Say what is right."))
    record_event(
        request_id=locked.pk,
        kind="corrected",
        text=noop("You corrected: %(what)s") % {"what": "; ".join(f"“{row.was}” → “{row.now}”" for row in rows)},
    )
    for row in rows:
        for follower in _followers:
            follower(row)
    publish(topics=topics(locked.pk, locked.user_id), kind="request", ref=locked.pk)
    return rows


def _as_shown(request: Request, item: int | None) -> dict[str, str]:
    outcome: dict[str, Any] = request.outcome if isinstance(request.outcome, dict) else {}
    if request.corrections.count() >= MOST:
        raise NotPossibleNow(noop("This outcome was corrected too often."))
    if item is None:
        if not outcome.get("summary"):
            raise NotPossibleNow(noop("There is no outcome to correct."))
        row = summary_shown(request)
        return {"summary": row.now if row else str(outcome["summary"])}
    items = items_shown(request)
    if not 0 <= item < len(items):
        raise NotPossibleNow(noop("There is no such part of the outcome."))
    return {field: str(items[item].get(field) or "") for field in FIELDS}

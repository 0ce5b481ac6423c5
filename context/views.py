"""The page of what Floyd knows: what waits for the user's word, facts, contacts, calendar."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from context import interview, selectors
from context.item_pages import undo_of
from context.known_kinds import kind_of
from context.models import User
from context.provenance import came_from
from context.signed_in import signed_in
from live.rows import heads

MOST_SEARCHED = 120
#: Facts that were of no use for so long are looked at again, a few at a time.
UNUSED = timedelta(days=180)
MOST_REVIEWED = 3


@require_GET
@signed_in
def knows(request: HttpRequest) -> HttpResponse:
    """All of it, or what has the words that are searched for."""
    user: Any = request.user
    q = request.GET.get("q", "").replace("\x00", "").strip()[:MOST_SEARCHED]
    # Read before the rows, so that nothing that comes meanwhile is missed. What is found stays as it was found.
    live_topics = "" if q else json.dumps(heads([f"user.{user.pk}"]))
    context = {
        "page": "knows",
        "q": q,
        "live_topics": live_topics,
        "undo": undo_of(request),
        "proposals": [{"row": row, "kind": kind_of(row), "source": came_from(row)} for row in selectors.proposals(user)],
        "interview": None if q else interview.next_question(user),
        "review": [] if q else selectors.unused_facts(user, since=timezone.now() - UNUSED)[:MOST_REVIEWED],
        **_lists(user, q, whole="all" in request.GET),
    }
    return render(request, "context/knows.html", context)


def _lists(user: User, q: str, *, whole: bool) -> dict[str, Any]:
    since = timezone.now() - (timedelta(days=100 * 366) if whole else timedelta(days=1))
    facts = selectors.search_facts(user, q)
    found: dict[str, Any] = {}
    # Of many facts the newest are shown, in the order in which they came: `data-order` in `lists.html`.
    found["facts"], found["more_facts"] = _shown(facts.order_by("-created_at", "-pk"), whole=whole)
    found["facts"].sort(key=lambda fact: (fact.created_at, fact.statement))
    found["contacts"], found["more_contacts"] = _shown(selectors.search_contacts(user, q), whole=whole)
    found["calendar"], found["more_entries"] = _shown(selectors.search_entries(user, q, starts_after=since), whole=whole)
    return found


def _shown(rows: QuerySet[Any], *, whole: bool) -> tuple[list[Any], int]:
    """What is shown of rows, and how many there are if that is not all."""
    if whole:
        return list(rows), 0
    shown = list(rows[: selectors.MOST_SHOWN + 1])
    return shown[: selectors.MOST_SHOWN], rows.count() if len(shown) > selectors.MOST_SHOWN else 0

"""What pages and the API list: the user's requests, open questions, texts."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q, QuerySet

from context.models import Contact, User
from live.rows import heads
from requests_app import access
from requests_app.life import UNANSWERED
from requests_app.models import WORDS, Message, Question, Request
from requests_app.recorded import with_recorded
from requests_app.status import ENDED, Status

PER_PAGE = 25
MOST_GOING_ON = 50
MOST_WORDS = 10
MOST_LINKED = 10
NOT_ENDED = frozenset(Status) - ENDED
#: What no list shows.
_HEAVY = ("relevant", "plan_text", "plan_edits")


@dataclass(frozen=True, slots=True)
class RequestList:
    """A user's requests, newest first."""

    now: list[Request]
    lately: list[Request]


def request_list(user: User) -> RequestList:
    """Requests that are going on, and the last of those that have ended."""
    rows = with_recorded(access.visible_requests(user).defer(*_HEAVY))
    now = list(rows.exclude(status__in=ENDED)[:MOST_GOING_ON])
    return RequestList(now=now, lately=list(rows.filter(status__in=ENDED)[:PER_PAGE]))


def a_page_of(rows: QuerySet[Request], *, before: UUID | None = None) -> tuple[list[Request], str]:
    """Rows for a list, newest first, from where the page before ended; and where the next one begins (empty: there is none)."""
    rows = with_recorded(rows.defer(None).defer(*_HEAVY))
    found = list((rows.filter(pk__lt=before) if before else rows)[: PER_PAGE + 1])
    return found[:PER_PAGE], str(found[PER_PAGE - 1].pk) if len(found) > PER_PAGE else ""


def called_contacts(user: User) -> QuerySet[Contact]:
    """Whom the user's requests were about, by name."""
    return Contact.objects.filter(Exists(access.visible_requests(user).filter(contact=OuterRef("pk")))).order_by("name", "pk")


def linked_to(wish: Request) -> list[Request]:
    """What the request follows up, what follows it up, and what came in the same breath, oldest first."""
    family = Q(pk=wish.parent_id) | Q(parent=wish)
    if wish.parent_id:
        family |= Q(parent=wish.parent_id)
    rows = Request.objects.filter(family, user=wish.user_id).exclude(pk=wish.pk)
    return list(rows.only("ask", "plan").order_by("pk")[:MOST_LINKED])


def find_requests(
    user: User,
    *,
    status: str = "",
    q: str = "",
    created_after: datetime | None = None,
    created_before: datetime | None = None,
    contact: Contact | None = None,
) -> QuerySet[Request]:
    """The user's requests that fit, newest first, without what a list does not show.

    Args:
        status: one status, `in_flight` (not ended) or `ended`; empty: all.
        q: words of the ask, the plan's title, the callee or the outcome, or their beginnings, all of which occur.
        contact: whom they are about.
    """
    rows = access.visible_requests(user).defer(*_HEAVY, "plan")
    if status:
        groups = {"in_flight": NOT_ENDED, "ended": ENDED}
        rows = rows.filter(status__in=groups.get(status, [status]))
    if created_after:
        rows = rows.filter(created_at__gte=created_after)
    if created_before:
        rows = rows.filter(created_at__lt=created_before)
    if contact:
        rows = rows.filter(contact=contact)
    if words := re.findall(r"\w+", q)[:MOST_WORDS]:
        beginnings = SearchQuery(" & ".join(f"'{word}':*" for word in words), config="simple", search_type="raw")
        rows = rows.alias(words=WORDS).filter(words=beginnings)
    return rows


def find_questions(user: User, *, status: str = "", request: UUID | None = None) -> QuerySet[Question]:
    """Questions to the user that fit, newest first.

    Args:
        status: one status, or `unanswered`; empty: all.
    """
    rows = Question.objects.filter(request__in=access.visible_requests(user))
    if status:
        rows = rows.filter(status__in=UNANSWERED if status == "unanswered" else [status])
    return rows.filter(request=request) if request else rows


def find_messages(user: User, *, request: UUID | None = None) -> QuerySet[Message]:
    """The user's text messages, newest first."""
    rows = access.visible_messages(user).order_by("-id")
    return rows.filter(request=request) if request else rows


def open_questions(user: User) -> list[Question]:
    """What the user is asked right now."""
    return list(access.visible_questions(user).filter(status__in=UNANSWERED).select_related("request__user")[:20])


def last_messages(user: User, *, most: int = 100) -> list[Message]:
    """The end of the user's thread with Floyd, in order of time; what was said by several ways is there once."""
    return list(access.visible_messages(user).filter(copy_of=None).order_by("-created_at", "-pk")[:most])[::-1]


def live_topics(*topics: str) -> str:
    """Topics for a page to watch, each with the sequence number it is about to show. Read it before the rows."""
    return json.dumps(heads(list(topics)))

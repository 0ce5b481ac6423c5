"""What pages list: the user's requests, open questions, texts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from context.models import User
from live.rows import heads
from requests_app import access
from requests_app.life import UNANSWERED
from requests_app.models import Message, Question, Request
from requests_app.status import ENDED

PER_PAGE = 25
MOST_GOING_ON = 50
#: What the list shows; the snapshot of a request can be large.
_HEAVY = ("snapshot", "relevant", "plan_text")


@dataclass(frozen=True, slots=True)
class RequestList:
    """A user's requests, newest first; `older` is where the next page begins (empty: there is none)."""

    now: list[Request]
    lately: list[Request]
    older: str = ""


def request_list(user: User, *, before: UUID | None = None) -> RequestList:
    """Requests that are going on, and a page of those that have ended."""
    rows = access.visible_requests(user).defer(*_HEAVY)
    ended = rows.filter(status__in=ENDED)
    if before:
        ended = ended.filter(pk__lt=before)
    lately = list(ended[: PER_PAGE + 1])
    older = str(lately[PER_PAGE - 1].pk) if len(lately) > PER_PAGE else ""
    now = [] if before else list(rows.exclude(status__in=ENDED)[:MOST_GOING_ON])
    return RequestList(now=now, lately=lately[:PER_PAGE], older=older)


def open_questions(user: User) -> list[Question]:
    """What the user is asked right now."""
    return list(access.visible_questions(user).filter(status__in=UNANSWERED).select_related("request__user")[:20])


def last_messages(user: User, *, most: int = 100) -> list[Message]:
    """The end of the user's text thread, in order of time."""
    return list(access.visible_messages(user).order_by("-created_at", "-pk")[:most])[::-1]


def live_topics(*topics: str) -> str:
    """Topics for a page to watch, each with the sequence number it is about to show. Read it before the rows."""
    return json.dumps(heads(list(topics)))

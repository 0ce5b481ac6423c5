"""What callers want of a user whose number they rang: put to that user, or kept for them. Code words it, from short typed values.

Nothing that a caller says reaches a planner, and nothing of it is learned from. A caller hears no more than the user answers.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Value
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_noop as noop

from calls.models import Call
from context.dates import moment_in_words
from context.models import User
from context.selectors import appointments
from context.user_lock import lock_user
from context.when import read_when
from live.publish import publish
from requests_app.life import record_event, topics
from requests_app.messages import queue_message
from requests_app.models import Channel, Question, QuestionKind, Request
from requests_app.outcome import Achieved
from requests_app.questions import ask_question
from requests_app.status import Status
from requests_app.steps import CALLER_STEP
from use_cases.on_behalf.noting import slots_for

#: Matters of callers that may wait for one user at a time; more is no use to anybody.
MOST_WAITING = 5
#: How long something takes of which only the beginning was said.
USUALLY = timedelta(hours=1)
SOMEBODY = "Somebody"
MAY_IT_BE = noop("Is that all right with you?")


class TooManyError(Exception):
    """Enough waits for the user already, or this call has put something to them before."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What a caller wants. `who` and `about` are short names; `when` is a moment in words, empty if none was named."""

    who: str
    about: str
    when: str = ""

    def __str__(self) -> str:
        """In a sentence, as data of somebody else's: quoted."""
        asked = noop("“%(who)s” asks about “%(about)s”, %(moment)s.") if self.when else noop("“%(who)s” asks about “%(about)s”.")
        return asked % {"who": self.who or SOMEBODY, "about": self.about, "moment": self.when}


def moment(said: str, now: datetime, user: User) -> datetime | None:
    """The moment that was named; None when none was that lies ahead."""
    found = read_when(said, now=now, time_zone=user.time_zone) if said.strip() else None
    return found.start if found is not None and found.timed else None


def moment_words(at: datetime | None, user: User) -> str:
    """A moment in words; empty for none."""
    return moment_in_words(at, user.time_zone) if at is not None else ""


def is_free(user: User, at: datetime) -> bool:
    """Whether nothing stands in the user's calendar then. What fills whole days takes no hour."""
    until = Coalesce("ends_at", ExpressionWrapper(F("starts_at") + Value(USUALLY), output_field=DateTimeField()))
    return not appointments(user).filter(all_day=False, starts_at__lt=at + USUALLY).annotate(until=until).filter(until__gt=at).exists()


@transaction.atomic
def put_to_user(*, user: User, call_id: UUID, key: str, matter: Matter, at: datetime | None = None) -> Question:
    """Asks the user, by the ways that they chose. The same key again is the same question.

    Args:
        at: the moment that the matter names: a yes puts it into the user's calendar.

    Raises:
        TooManyError: see there.
    """
    question_id = uuid.uuid5(uuid.NAMESPACE_URL, f"floyd:{call_id}:caller:{key}")
    if (known := Question.objects.filter(pk=question_id).first()) is not None:
        return known
    lock_user(user.pk)
    call = Call.objects.select_for_update(of=("self",), no_key=True).get(pk=call_id)
    waiting = Request.objects.filter(user=user, channel=Channel.CALLER, status=Status.WAITING_FOR_USER).count()
    if call.request_id is not None or waiting >= MOST_WAITING:
        raise TooManyError
    request = _kept(user, str(matter), key=f"caller:{call_id}:{key}", status=Status.WAITING_FOR_USER)
    Call.objects.filter(pk=call_id).update(request=request)
    return ask_question(
        request=request,
        kind=QuestionKind.YES_NO,
        text=f"{matter} {MAY_IT_BE}",
        step=CALLER_STEP,
        waiter=f"call.{call_id}",
        slots={"matter": str(matter), "who": matter.who, **slots_for(who=matter.who or SOMEBODY, about=matter.about, at=at)},
        question_id=question_id,
    )


@transaction.atomic
def leave_message(*, user: User, call_id: UUID, key: str, who: str, words: str) -> None:
    """Keeps a message for the user, and tells them, once."""
    client_key = f"caller:{call_id}:{key}"
    if Request.objects.filter(user=user, client_key=client_key).exists():
        return
    summary = noop("“%(who)s” left a message: “%(words)s”") % {"who": who or SOMEBODY, "words": words}
    outcome = {"achieved": Achieved.YES, "summary": summary, "items": [], "missing": [], "next_steps": []}
    ask = noop("A message of “%(who)s”.") % {"who": who or SOMEBODY}
    request = _kept(user, ask, key=client_key, status=Status.DONE, outcome=outcome, ended_at=Now())
    Call.objects.filter(pk=call_id, request=None).update(request=request)
    queue_message(user=user, body=summary, request=request, dedupe_key=client_key)


def _kept(user: User, ask: str, *, key: str, **columns: Any) -> Request:
    request = Request.objects.create(user=user, ask=ask, channel=Channel.CALLER, client_key=key, **columns)
    record_event(request_id=request.pk, kind="created", text=noop("Somebody rang your number."), data={"channel": request.channel})
    publish(topics=topics(request.pk, user.pk), kind="request", ref=request.pk)
    return request

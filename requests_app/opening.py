"""What is known of when a request's callee can be called: of a contact from the contact, of a business from the directory from its listing.

Listings are wrong at times: the user may have somebody called though they are listed as closed. Calling hours are the law's, and stay.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from context import opening_hours
from context.dates import clock_in_words, clock_of
from requests_app import candidates
from requests_app.candidates import Candidate
from requests_app.life import record_event
from requests_app.models import Event, Request

#: The timeline's line by which the user overrules listed hours; its data names the number, so that it holds for nobody else.
OVERRULED = "overruled_hours"
#: So long it holds: long enough for a busy line to be tried again.
OVERRULED_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Opening:
    """Empty: unknown. `closed_until` is an exception from the hours, such as a holiday."""

    time_zone: str = ""
    hours: dict[str, Any] = field(default_factory=dict)
    closed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why somebody cannot be called now, as a sentence; `listed` when it is only their listed hours, which the user may overrule."""

    words: str
    listed: bool


def opening_of(request: Request) -> Opening:
    """The callee's hours, as far as they are known and stand."""
    listed = _listed(request)
    return Opening(listed.time_zone) if (listed.hours or listed.closed_until) and _overruled(request) else listed


def _listed(request: Request) -> Opening:
    known = request.contact or candidates.current_of(request.candidates, request.number)
    if known is None:
        return Opening()
    hours = known.hours if isinstance(known.hours, dict) else {}
    return Opening(known.time_zone, hours, known.closed_until if isinstance(known, Candidate) else None)


def _overruled(request: Request) -> bool:
    said = Event.objects.filter(request=request, kind=OVERRULED, created_at__gt=timezone.now() - OVERRULED_FOR)
    return any(data.get("number") == request.number for data in said.values_list("data", flat=True))


def overrule(request: Request) -> None:
    """Has the listed hours of the request's number not count for a while: its user said so."""
    text = noop("You want them called now, though they are listed as closed.")
    record_event(request_id=request.pk, kind=OVERRULED, text=text, data={"number": request.number})


def hindrance(request: Request, now: datetime) -> Hindrance | None:
    """What forbids a call at this hour; None when nothing does, or nobody is to be called yet."""
    if not request.number:
        return None
    known = opening_of(request)
    where = opening_hours.zones(request.number, known.time_zone, request.user.time_zone)
    there = now.astimezone(where[0])
    lawful = opening_hours.next_time(now, where, settings.CALLING_HOURS, {})
    if lawful != now:
        first, last = settings.CALLING_HOURS
        return Hindrance(
            noop("It is %(day)s %(clock)s there, and Floyd calls nobody before %(first)s or after %(last)s.")
            % {"day": f"{there:%A}", "clock": clock_of(there), "first": clock_in_words(first), "last": clock_in_words(last)},
            listed=False,
        )
    opens = opening_hours.next_time(max(now, known.closed_until or now), where, settings.CALLING_HOURS, known.hours)
    if opens == now:
        return None
    if opens is None:
        return Hindrance(noop("They are listed as closed now."), listed=True)
    again = opens.astimezone(where[0])
    words = noop("They are listed as closed now, and open again on %(day)s at %(clock)s, their time.") % {
        "day": f"{again:%A}",
        "clock": clock_of(again),
    }
    return Hindrance(words, listed=True)

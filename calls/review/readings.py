"""The log of what staff open of people: written before anything is shown, read by whose it is."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.contrib import admin
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_noop as noop

from calls.models import Call
from calls.review_models import StaffReading
from context.models import User
from requests_app import retention
from requests_app.access import REASON_LENGTH, STAFF_EVENT, STAFF_LOOK, look_of, open_for_staff
from requests_app.models import Event, Request

log = logging.getLogger(__name__)

#: Shorter reasons say nothing to the user who reads them.
SHORTEST_REASON = 8
#: What its user reads on one page.
MOST_SHOWN = 200
MOST_FORGOTTEN_AT_ONCE = 5000

#: What was opened, in words for whose it is.
_words: dict[str, str] = {
    "page": noop("A call"),
    "recording": noop("A call"),
    "export": noop("A call, as a file"),
    "calls.call": noop("What is known of a call"),
    "calls.turn": noop("What is known of a call"),
    "calls.grant": noop("What you allowed in a call"),
    "context.user": noop("Your account"),
    "context.fact": noop("Facts"),
    "context.contact": noop("Contacts"),
    "context.calendarentry": noop("Your calendar"),
    "requests_app.request": noop("Requests"),
    "requests_app.event": noop("Requests"),
    "requests_app.question": noop("Questions to you"),
    "requests_app.message": noop("Texts, mails and notifications"),
    "requests_app.charge": noop("What it cost"),
    "account.emailaddress": noop("Your mail addresses"),
    "mfa.authenticator": noop("How you sign in"),
    "usersessions.usersession": noop("Your devices"),
}
SOMETHING = noop("Something else of yours")
#: The same for staff, where whose it is makes no difference of it.
_FOR_STAFF = {"recording": noop("The recording of a call")}


@dataclass(frozen=True, slots=True)
class Shown:
    """A reading as its user sees it: when, what in words, why in the words of staff, and where more stands (an address; may be empty)."""

    at: datetime
    what: str
    reason: str
    in_list: bool = False
    address: str = ""


def name_kinds(words: Mapping[str, str]) -> None:
    """Says what else can be opened, in words for whose it is: by model. Call it from an app's `ready`."""
    _words.update(words)


def in_words(what: str) -> str:
    """`StaffReading.what` as staff read it: records by the name of their table."""
    if "." not in what:
        return _FOR_STAFF.get(what) or _words.get(what, what)
    try:
        return capfirst(str(apps.get_model(what)._meta.verbose_name_plural))
    except LookupError:  # a table that is no more
        return what


def kinds() -> list[tuple[str, str]]:
    """All that can be in the log, with its words, by those: parts of a call, and records that the admin shows."""
    of_calls = [what for what in _words if "." not in what]
    known = {what: in_words(what) for what in (*of_calls, *(model._meta.label_lower for model in admin.site._registry))}
    return sorted(known.items(), key=lambda one: one[1].casefold())


def tidy(reason: str) -> str:
    """A reason as it is kept; empty when it says too little."""
    reason = " ".join(reason.split())[:REASON_LENGTH]
    return reason if len(reason) >= SHORTEST_REASON else ""


def note(*, staff: User, reason: str, what: str, whose: Iterable[int | None], call: Call | None = None, row: str = "") -> None:
    """Writes down that a member of staff is shown something; once per look for each whose it is.

    Args:
        what: `StaffReading.what`.
        whose: keys of users; None: of somebody without an account.
        row: key of the record; empty: a call, or a list.
    """
    about = {"staff": staff, "call": call, "what": what, "row": row[:40], "reason": reason}
    lately = StaffReading.objects.filter(**about, opened_at__gte=Now() - STAFF_LOOK)
    wanted, known = dict.fromkeys(whose), set(lately.values_list("user_id", flat=True))
    new = [StaffReading(user_id=user_id, **about) for user_id in wanted if user_id not in known]
    if new:
        StaffReading.objects.bulk_create(new)
        log.info("staff %s opened %s %s (of %s)", staff.pk, what, call.pk if call is not None else row, len(new))


def note_request(*, staff: User, wish: Request | None, reason: str) -> None:
    """Says it in the timeline of somebody's request, too; once per look."""
    if wish is not None and wish.user_id != staff.pk and look_of(staff, wish) is None:
        open_for_staff(staff, wish.pk, reason=reason)


def of(user: User) -> list[Shown]:
    """What staff opened of this user, newest first: what the log says, and looks at requests, which stand in their timelines."""
    readings = StaffReading.objects.filter(user=user).order_by("-opened_at")[:MOST_SHOWN]
    looks = Event.objects.filter(request__user=user, kind=STAFF_EVENT).order_by("-id").values_list("created_at", "data", "request_id")[:MOST_SHOWN]
    shown = [Shown(row.opened_at, _words.get(row.what, SOMETHING), row.reason, not (row.row or row.call_id)) for row in readings]
    shown += [Shown(at, noop("A request"), str(data.get("reason", "")), address=reverse("request", args=[key])) for at, data, key in looks]
    return sorted(shown, key=lambda one: one.at, reverse=True)[:MOST_SHOWN]


def forget_old() -> int:
    """Deletes readings that hang on no call once their time is over, as that of other records; those of calls go with them. Returns how many."""
    over = retention.past(StaffReading.objects.filter(call=None), ended="opened_at")
    old = over.order_by("pk").values_list("pk", flat=True)[:MOST_FORGOTTEN_AT_ONCE]
    return StaffReading.objects.filter(pk__in=list(old)).delete()[0]

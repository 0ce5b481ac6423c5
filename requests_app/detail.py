"""All that the page of one request shows, for the page itself and for what is pushed to it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from context.models import User
from context.page_dates import with_hour
from requests_app import approving, costs, rescheduling, retention
from requests_app.aftermath import aftermath, steps_of
from requests_app.candidates_shown import candidates_shown
from requests_app.models import Request
from requests_app.next_step import NextStep
from requests_app.offers import offered
from requests_app.opening import hindrance
from requests_app.plan_editing import editable
from requests_app.plan_shown import plan_shown
from requests_app.status import PAST_CHANGING, Status, allowed


def detail(wish: Request, *, bill: costs.Bill | None = None, steps: list[NextStep] | None = None) -> dict[str, Any]:
    """Template variables that are the same for every viewer. A few short queries; what is given is not read."""
    shown = {"plan": plan_shown(wish), "sources": sources(wish), "candidates": candidates_shown(wish, timezone.now())}
    read = {"bill": costs.bill(wish) if bill is None else bill, "steps": steps_of(wish) if steps is None else steps}
    return {"wish": wish, "goes_at": retention.goes_at(wish), **shown, **read, **aftermath(wish)}


def buttons(wish: Request, user: User) -> dict[str, Any]:
    """What this viewer may do with the request: only its user acts."""
    status, now = Status(wish.status), timezone.now()
    waits = rescheduling.waits(wish, now)
    return {
        "wish": wish,
        "own": wish.user_id == user.pk,
        "undo_left_s": wish.undo_left_s,
        "follows_up": status in PAST_CHANGING,
        "can_stop": allowed(status, Status.CANCELLED),
        "can_retry": status in (Status.FAILED, Status.CANCELLED),
        "can_call_now": waits,
        "hindrance": hindrance(wish, now) if waits else None,
        "can_put_off": rescheduling.is_for_today(wish, now),
        "can_edit": editable(wish),
        "can_approve": status == Status.WAITING_FOR_USER and approving.waiting(wish.pk) is not None,
        "offer": offered(wish),
    }


def sources(wish: Request) -> list[dict[str, str]]:
    """What an answer rests on, in words, from the snapshot taken when it was asked."""
    cited = (wish.outcome or {}).get("sources") or ()
    known: dict[str, dict[str, str]] = {}
    snapshot = wish.snapshot or {}
    for entry in snapshot.get("facts", ()):
        known[str(entry.get("id"))] = {"kind": noop("You told me"), "text": str(entry.get("statement", ""))}
    for entry in snapshot.get("calendar", ()):
        at = parse_datetime(str(entry.get("starts_at", "")))
        when = at and (date_format(localtime(at), _("l, j F Y, \\a\\l\\l \\d\\a\\y")) if entry.get("all_day") else with_hour(at, _("l, j F Y")))
        parts = (entry.get("title"), when, entry.get("place"))
        known[str(entry.get("id"))] = {"kind": noop("Calendar"), "text": " · ".join(str(part) for part in parts if part)}
    for entry in snapshot.get("contacts", ()):
        known[str(entry.get("id"))] = {"kind": noop("Contact"), "text": str(entry.get("name", ""))}
    labelled = [one if isinstance(one, dict) else {"id": one} for one in cited]
    shown = (
        known.get(str(one.get("id"))) or {"kind": str(one.get("kind") or noop("Looked in")), "text": str(one.get("label", ""))} for one in labelled
    )
    return [one for one in shown if one["text"]]

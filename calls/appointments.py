"""An agreed appointment goes into the user's calendar, an altered one is moved, a cancelled one taken out.

The time is read in code, from the words of the outcome, as clocks show it where the callee is. What leaves a doubt is proposed, not written down.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from calls import briefing
from calls.models import Call
from context import services as knowledge
from context.errors import KnowledgeError
from context.models import CalendarEntry, FactStatus, Source
from context.opening_hours import zones
from context.when import When, read_when
from requests_app.aftermath import source_ref
from requests_app.models import Request
from requests_app.outcome import Achieved, ItemKind, Outcome, OutcomeItem
from requests_app.plan import PlanKind
from requests_app.services import record_event

TITLE_LENGTH = 200


def time_zone(request: Request) -> str:
    """Where the callee's clocks are: the contact's own zone, else the number's, else the user's."""
    contact_zone = request.contact.time_zone if request.contact else ""
    return zones(request.number, contact_zone, request.user.time_zone)[0].key


def moment(request: Request, text: str | None, now: datetime | None = None) -> When | None:
    """The moment that the words of an outcome name."""
    return read_when(text or "", now=now or timezone.now(), time_zone=time_zone(request))


def keep(call: Call, outcome: Outcome) -> None:
    """Brings the calendar up to date with an outcome. Safe to run again."""
    kind = str(call.brief.get("kind", ""))
    if outcome.achieved is Achieved.NO or kind not in {PlanKind.BOOK, PlanKind.CHANGE, PlanKind.CANCEL, PlanKind.ENQUIRE}:
        return
    if kind == PlanKind.CANCEL:
        entry = _the_one(call.made_for)
        if entry is not None and outcome.achieved is Achieved.YES:
            knowledge.retire(row=entry)
            _tell(call, noop("“%(title)s” was taken out of your calendar.") % {"title": entry.title})
        return
    for index, item in enumerate(outcome.items):
        if item.kind is ItemKind.AGREED and (when := moment(call.made_for, item.when)) is not None:
            _write(call, index, item, when, _the_one(call.made_for) if kind == PlanKind.CHANGE else None)


def _write(call: Call, index: int, item: OutcomeItem, when: When, known: CalendarEntry | None) -> None:
    request, ref = call.made_for, source_ref(call.made_for, call.attempt, index)
    if CalendarEntry.objects.filter(user=request.user, source_ref=ref).exists():
        return
    sure = when.sure and when.timed
    if known is not None and sure:
        length = known.ends_at - known.starts_at if known.ends_at else None
        ends_at = when.end or (when.start + length if length else None)
        knowledge.change_calendar_entry(entry=known, starts_at=when.start, ends_at=ends_at, source_ref=ref)
        _tell(call, noop("“%(title)s” was moved in your calendar.") % {"title": known.title})
        return
    # What was only asked about, and agreed to, is called as the outcome has it.
    asked = call.brief.get("kind") == PlanKind.ENQUIRE
    fields = _fields(request, ref, when, item.text.rstrip(". ")[:TITLE_LENGTH] if asked else title(call))
    try:
        if sure:
            knowledge.add_calendar_entry(user=request.user, **fields)
            _tell(call, noop("“%(title)s” is in your calendar.") % {"title": fields["title"]})
        elif knowledge.propose_calendar_entry(user=request.user, **fields):
            _tell(
                call,
                noop("“%(title)s” may belong in your calendar: the time (“%(when)s”) leaves a doubt.")
                % {"title": fields["title"], "when": item.when},
            )
    except KnowledgeError:  # an end before the start, a contact that is gone
        return


def _fields(request: Request, ref: str, when: When, named: str) -> dict[str, Any]:
    return {
        "title": named,
        "starts_at": when.start,
        "ends_at": when.end,
        "place": request.contact.address if request.contact else "",
        "contact": request.contact,
        "source": Source.CALL,
        "source_ref": ref,
    }


def add(request: Request, item: int, when: When) -> None:
    """Writes an appointment down whose time the user has told."""
    call = Call.objects.filter(request=request, attempt=request.attempt).first()
    if call is not None:
        knowledge.add_calendar_entry(user=request.user, **_fields(request, source_ref(request, request.attempt, item), when, title(call)))


def title(call: Call) -> str:
    """What the appointment is called: what was agreed, and with whom."""
    agreed = [str(slot.get("item") or "") for slot in call.slots if slot.get("kind") == "agreed"]
    what = next((item for item in reversed(agreed) if item), "") or str((call.made_for.plan or {}).get("title") or "Appointment")
    name = briefing.callee_name(call.made_for)
    text = what if name.casefold() in what.casefold() else f"{what}, {name}"
    return f"{text[:1].upper()}{text[1:]}"[:TITLE_LENGTH]


def _the_one(request: Request) -> CalendarEntry | None:
    """The appointment that a request to alter or cancel is about: the only one ahead with that contact, or that its words name."""
    ahead = CalendarEntry.objects.filter(user=request.user, status=FactStatus.CONFIRMED, starts_at__gte=timezone.now() - timedelta(hours=1))
    theirs = list(ahead.filter(contact=request.contact)) if request.contact else []
    if len(theirs) != 1:
        said = _words(f"{request.ask} {(request.plan or {}).get('goal', '')}")
        theirs = [entry for entry in theirs or ahead if _words(entry.title) & said]
    return theirs[0] if len(theirs) == 1 else None


def _words(text: str) -> set[str]:
    return {word for word in "".join(char if char.isalnum() else " " for char in text.casefold()).split() if len(word) > 3}


def _tell(call: Call, text: str) -> None:
    record_event(request_id=call.made_for.pk, kind="calendar", text=text, data={"call": str(call.pk)})

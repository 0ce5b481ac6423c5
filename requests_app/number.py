"""Which number to call: the one that the user named, else the contact's, else one that the directory lists, else what the user says.

And what else the user must say before a call.
Nothing here reaches for the outside: who looks into the directory is `directory`, asked by a hint. Every number goes through the gates afterwards.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from context import selectors
from context.choices import CalleeChoice
from context.models import Contact
from context.phone import read_number
from context.snapshot import as_known
from live.publish import publish
from requests_app import callee, candidate_words, candidates, releasing
from requests_app.callee import Wanted
from requests_app.candidates import Candidate, Candidates, State
from requests_app.hints import hint
from requests_app.life import fail_request, record_event, topics, transition
from requests_app.models import Question, QuestionKind, QuestionStatus, Request
from requests_app.named_number import named_number
from requests_app.questions import ask_question
from requests_app.reading import CANDIDATE_STEP, NUMBER_STEP
from requests_app.status import Status

EVIDENCE_LENGTH = 200
#: As a choice beside the candidates.
NONE_OF_THEM = noop("None of them")
NO_AREA = noop("I don't know where you live, so I can't look for one near you.")


@transaction.atomic
def find_number(*, request_id: UUID | str) -> None:
    """Finds out whom to dial for a request that is ready for it, and asks for the call; or for a look into the directory; or asks the user.

    A number that is already there (the user gave it, or an earlier try found it) is used again. Calling it twice does no
    harm: whoever places the call checks again.
    """
    rows = Request.objects.select_for_update(no_key=True, of=("self",)).select_related("user", "contact", "current_snapshot")
    request = rows.filter(pk=request_id, status=Status.FINDING_NUMBER).first()
    if request is None:
        return
    if request.contact is not None and request.contact.do_not_call:
        trouble = noop("%(name)s is marked “do not call” in your contacts. Change that there, then try again.") % {"name": request.contact.name}
        fail_request(request_id=request.pk, before=Status.FINDING_NUMBER, trouble=trouble)
        return
    if not request.number and not _settle(request):
        return
    if (fact := releasing.next_to_ask(request)) is not None:
        text = noop("The plan needs something that you want to be asked about first.")
        if transition(request_id=request.pk, before=Status.FINDING_NUMBER, after=Status.WAITING_FOR_USER, text=text):
            releasing.ask(request, fact, _name(request))
        return
    hint("calls.place", request.pk)


def to_be_searched(request: Request) -> str:
    """What the directory is to be searched for; empty when it is not: somebody is known, it was searched, or the user's area is not known."""
    wanted = _wanted(request)
    contact = _known(request, wanted)
    if (contact and _dialable(contact, request)) or not request.user.home_area.strip():
        return ""
    term = contact["name"] if contact else wanted.term
    searched = candidates.read(request.candidates)
    return "" if searched and searched.wanted.casefold() == term.casefold() else term


def _settle(request: Request) -> bool:
    """Stores a number; False when somebody else must do something first (and was asked to)."""
    wanted = _wanted(request)
    contact = _known(request, wanted)
    if (named := _named(request, wanted)) and not (contact and named == _dialable(contact, request)):
        _store(request, named, noop("you gave it"))
        return True
    if contact and (number := _dialable(contact, request)):
        _store(request, number, noop("from your contacts: %(name)s") % {"name": contact["name"]}, contact_id=int(contact["id"].partition(":")[2]))
        return True
    if to_be_searched(request):
        hint("requests.look_up", request.pk)
        return False
    listed = candidates.read(request.candidates) or Candidates(wanted=wanted.term, trouble=NO_AREA)
    now = timezone.now()
    left = listed.left(now)
    if left and request.user.callee_choice == CalleeChoice.USER:
        chosen, none_of_them = _chosen(request, left)
        if chosen is None and not none_of_them:
            _ask_which(request, listed, left, now)
            return False
        left = [chosen] if chosen else []
    if not left:
        _ask_whom(request, wanted, contact, listed)
        return False
    _take(request, listed, left[0], now)
    return True


# --- whom ---


def _wanted(request: Request) -> Wanted:
    """Whom the plan means, or whom the user named when asked."""
    planned = (request.plan or {}).get("callee") or {}
    name, kind = str(planned.get("name") or ""), str(planned.get("kind") or "")
    vendor = _vendor(request)
    if vendor:
        return Wanted(name=vendor, kind=kind, ask=vendor, named_by_user=True)
    return Wanted(name=name or kind or "the business", kind=kind, ask=request.ask, contact_id=planned.get("contact_id"))


def _vendor(request: Request) -> str:
    """The name that the user gave in place of a number, in the latest answer."""
    answered = Question.objects.filter(request=request, step=NUMBER_STEP, status=QuestionStatus.ANSWERED).order_by("-answered_at", "-pk").first()
    return str((answered.answer or {}).get("vendor", "")) if answered else ""


def _named(request: Request, wanted: Wanted) -> str | None:
    """The number in the ask, as long as the user has said nothing newer about whom to call."""
    return None if wanted.named_by_user or "callee" in request.plan_edits else named_number(request)


def _known(request: Request, wanted: Wanted) -> dict[str, Any] | None:
    """The user's contact that is meant, as it was when the request was planned; not one that is not to be called.

    Somebody whom the user has only now named is looked for among all contacts.
    """
    barred = {f"contact:{pk}" for pk in Contact.objects.filter(user=request.user, do_not_call=True).values_list("pk", flat=True)}
    frozen = (request.snapshot or {}).get("contacts", ())
    contacts = [as_known(contact) for contact in selectors.contacts(request.user)] if wanted.named_by_user else frozen
    known = [one for one in contacts if one["id"] not in barred or one["id"] == wanted.contact_id]
    done = Request.objects.filter(user=request.user, status=Status.DONE, contact__isnull=False)
    uses = {f"contact:{pk}": count for pk, count in done.values_list("contact").annotate(Count("pk"))} if known else {}
    return callee.choose(known, wanted, uses)


def _dialable(contact: dict[str, Any], request: Request) -> str | None:
    """Their number, read the way it is dialled where the user lives; None when it is none."""
    return read_number(contact.get("phone") or "", request.user.region)


def _name(request: Request) -> str:
    current = candidates.current_of(request.candidates, request.number)
    contact = request.contact.name if request.contact else ""
    return contact or (current.name if current else "") or str(((request.plan or {}).get("callee") or {}).get("name") or "") or "them"


# --- what is stored and asked ---


def _store(request: Request, number: str, evidence: str, **columns: Any) -> None:
    columns |= {"number": number, "number_evidence": evidence[:EVIDENCE_LENGTH]}
    Request.objects.filter(pk=request.pk).update(**columns, updated_at=Now())
    request.refresh_from_db(fields=["contact", *columns])
    record_event(request_id=request.pk, kind="number", text=noop("The number: %(number_evidence)s.") % {"number_evidence": request.number_evidence})
    publish(topics=topics(request.pk, request.user_id), kind="request", ref=request.pk)


def _take(request: Request, listed: Candidates, candidate: Candidate, now: datetime) -> None:
    listed.set_state(candidate.number, State.CURRENT)
    evidence = "; ".join(candidate_words.evidence(candidate, listed.measured_from, now))
    _store(
        request,
        candidate.number,
        noop("listed by %(source)s: %(name)s; %(evidence)s") % {"source": listed.source, "name": candidate.name, "evidence": evidence},
        candidates=candidates.write(listed),
        contact_id=None,
    )


def _chosen(request: Request, left: list[Candidate]) -> tuple[Candidate | None, bool]:
    """The candidate that the user picked, if it may still be called, and whether they wanted none of those that are left."""
    answered = Question.objects.filter(request=request, step=CANDIDATE_STEP, status=QuestionStatus.ANSWERED).order_by("-answered_at", "-pk").first()
    if answered is None:
        return None, False
    choice = (answered.answer or {}).get("choice")
    offered = dict(zip(answered.choices, [*answered.slots["numbers"], ""], strict=False))
    if choice == NONE_OF_THEM:
        return None, set(offered.values()) >= {one.number for one in left}
    return next((one for one in left if one.number == offered.get(choice)), None), False


def _ask_which(request: Request, listed: Candidates, left: list[Candidate], now: datetime) -> None:
    tried = f"{candidate_words.called(listed.tried)} " if listed.tried else ""
    which = noop("Which %(wanted)s shall I call?") % {"wanted": listed.wanted}
    if listed.measured_from:
        which = noop("Which %(wanted)s shall I call (distances from the middle of %(place)s)?") % {
            "wanted": listed.wanted,
            "place": listed.measured_from,
        }
    text = f"{tried}{which}"
    choices = [*candidate_words.labels(left, listed.measured_from, now), NONE_OF_THEM]
    if transition(request_id=request.pk, before=Status.FINDING_NUMBER, after=Status.WAITING_FOR_USER, text=noop("Several were found; you choose.")):
        slots = {"numbers": [one.number for one in left]}
        ask_question(request=request, kind=QuestionKind.CHOICE, text=text, step=CANDIDATE_STEP, choices=choices, slots=slots)


def _ask_whom(request: Request, wanted: Wanted, contact: dict[str, Any] | None, listed: Candidates) -> None:
    """What was searched, why nothing fitted, and whether the user knows somebody."""
    if contact:
        missing = (
            noop("The number I have for %(name)s can't be dialled.") % {"name": contact["name"]}
            if contact.get("phone")
            else noop("I have no number for %(name)s.") % {"name": contact["name"]}
        )
    else:
        missing = (
            noop("I found no %(term)s in your contacts.") % {"term": wanted.term}
            if wanted.is_a_sort
            else noop("I have no number for %(term)s.") % {"term": wanted.term}
        )
    text = candidate_words.why_none(listed, missing=missing)
    asked = noop("Do you have a preferred one?") if wanted.is_a_sort else noop("Which number should I call?")
    if transition(request_id=request.pk, before=Status.FINDING_NUMBER, after=Status.WAITING_FOR_USER, text=text):
        how = " " + noop("Give me a number, or a name to look up.") if request.user.home_area.strip() else ""
        ask_question(request=request, kind=QuestionKind.TEXT, text=f"{text} {asked}{how}", step=NUMBER_STEP)

"""Which number to call: the contact's, else the one the user names. Nothing else is dialled; and what else the user must say before a call."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from context.phone import read_number
from context.snapshot import find
from live.publish import publish
from requests_app import releasing
from requests_app.hints import hint
from requests_app.life import fail_request, record_event, topics, transition
from requests_app.models import QuestionKind, Request
from requests_app.questions import ask_question
from requests_app.reading import NUMBER_STEP
from requests_app.status import Status

EVIDENCE_LENGTH = 200


@transaction.atomic
def find_number(*, request_id: UUID | str) -> None:
    """Finds out whom to dial for a request that is ready for it, and asks for the call; or asks the user for a number, or for their word.

    A number that is already there (the user gave it, or an earlier try found it) is used again. Calling it twice does no
    harm: whoever places the call checks again.
    """
    rows = Request.objects.select_for_update(no_key=True, of=("self",)).select_related("user", "contact")
    request = rows.filter(pk=request_id, status=Status.FINDING_NUMBER).first()
    if request is None:
        return
    if request.contact is not None and request.contact.do_not_call:
        trouble = f"{request.contact.name} is marked “do not call” in your contacts. Change that there, then try again."
        fail_request(request_id=request.pk, before=Status.FINDING_NUMBER, trouble=trouble)
        return
    callee = (request.plan or {}).get("callee") or {}
    contact = find(request.snapshot or {}, callee.get("contact_id") or "") or {}
    name = contact.get("name") or callee.get("name") or "them"
    if not request.number:
        number = read_number(contact.get("phone", ""), request.user.region)
        if number is None:
            _ask(request, name, known=bool(contact.get("phone")))
            return
        _store(request, number, f"from your contacts: {name}")
    if (fact := releasing.next_to_ask(request)) is not None:
        text = "The plan needs something that you want to be asked about first."
        if transition(request_id=request.pk, before=Status.FINDING_NUMBER, after=Status.WAITING_FOR_USER, text=text):
            releasing.ask(request, fact, name)
        return
    hint("calls.place", request.pk)


def _store(request: Request, number: str, evidence: str) -> None:
    evidence = evidence[:EVIDENCE_LENGTH]
    Request.objects.filter(pk=request.pk).update(number=number, number_evidence=evidence, updated_at=Now())
    record_event(request_id=request.pk, kind="number", text=f"Number {evidence}")
    publish(topics=topics(request.pk, request.user_id), kind="request", ref=request.pk)


def _ask(request: Request, name: str, *, known: bool) -> None:
    lacking = f"The number I have for {name} can't be dialled." if known else f"I have no number for {name}."
    if transition(request_id=request.pk, before=Status.FINDING_NUMBER, after=Status.WAITING_FOR_USER, text=lacking):
        ask_question(request=request, kind=QuestionKind.TEXT, text=f"{lacking} Which number should I call?", step=NUMBER_STEP)

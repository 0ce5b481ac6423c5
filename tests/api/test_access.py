"""Every operation of the API × role: nobody sees or does what is not theirs. An operation that is not listed fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from calls.models import Call, TranscriptLine, Turn
from context.import_models import ImportBatch
from context.interview_models import InterviewQuestion
from context.mail_models import Mail, Mailbox
from context.models import CalendarEntry, Contact, Fact, User
from providers.types import ProviderError
from requests_app import services, thinking
from requests_app.access import open_for_staff
from requests_app.models import Event, Message, Question, Request
from requests_app.next_step import Correction, NextStep, StepKind
from requests_app.next_steps import add_step
from requests_app.status import Status
from tests.api_client import Program, problem
from tests.cast import PASSWORD, make_request
from tests.fakes import ScriptedThinker

pytestmark = pytest.mark.django_db

ROLES = ("anonymous", "owner", "stranger", "staff")
OPEN_TO_ALL, OWN_LIST, OWN_THING = (200, 200, 200, 200), (401, 200, 200, 200), (401, 200, 404, 404)
#: Staff are told that they have to give a reason first.
WITH_REASON = (401, 200, 404, 403)
CREATE, DO = (401, 201, 201, 201), (401, 200, 404, 404)
#: Needs If-Match, which whoever may not see the thing cannot have: they learn no more than that it is not there.
EDIT, REMOVE = (401, 200, 404, 404), (401, 204, 404, 404)
OPERATIONS: dict[tuple[str, str], tuple[int, int, int, int]] = {
    ("GET", "api-requests"): OWN_LIST,
    ("POST", "api-requests"): CREATE,
    ("GET", "api-request"): WITH_REASON,
    ("PATCH", "api-request"): EDIT,
    ("POST", "api-stop"): DO,
    ("POST", "api-keep"): DO,
    ("POST", "api-retry"): (401, 409, 404, 404),
    ("POST", "api-call-now"): (401, 409, 404, 404),
    ("POST", "api-not-today"): (401, 409, 404, 404),
    # It has no plan, and nothing was offered.
    ("PATCH", "api-plan"): (401, 409, 404, 404),
    ("POST", "api-approve"): (401, 409, 404, 404),
    ("POST", "api-take-offer"): (401, 409, 404, 404),
    ("GET", "api-snapshots"): OWN_THING,
    ("GET", "api-events"): WITH_REASON,
    ("GET", "api-costs"): WITH_REASON,
    ("GET", "api-corrections"): WITH_REASON,
    ("POST", "api-corrections"): (401, 201, 404, 404),
    ("GET", "api-next-steps"): OWN_LIST,
    ("POST", "api-next-steps"): CREATE,
    ("GET", "api-next-step"): OWN_THING,
    ("PATCH", "api-next-step"): EDIT,
    ("DELETE", "api-next-step"): REMOVE,
    ("GET", "api-request-stream"): WITH_REASON,
    ("GET", "api-stream"): OWN_LIST,
    ("GET", "api-description"): OPEN_TO_ALL,
    ("GET", "api-calls"): WITH_REASON,
    ("GET", "api-call"): WITH_REASON,
    ("GET", "api-lines"): WITH_REASON,
    ("GET", "api-turns"): WITH_REASON,
    # Nobody is on the line.
    ("POST", "api-whisper"): (401, 409, 404, 404),
    ("POST", "api-press-keys"): (401, 409, 404, 404),
    ("POST", "api-hang-up"): (401, 409, 404, 404),
    ("POST", "api-give-back"): (401, 409, 404, 404),
    ("GET", "api-questions"): OWN_LIST,
    ("GET", "api-question"): OWN_THING,
    ("POST", "api-answer"): DO,
    # Above the limit: no token does it, whoever's.
    ("POST", "api-confirm"): (401, 403, 404, 404),
    ("GET", "api-messages"): OWN_LIST,
    ("GET", "api-message"): OWN_THING,
    ("GET", "api-me"): OWN_LIST,
    ("PATCH", "api-me"): OWN_LIST,
    # The password of the account and its address are asked for, whoever's token it is.
    ("POST", "api-delete-me"): (401, 204, 422, 422),
    ("GET", "api-export"): OWN_LIST,
    ("GET", "api-mailbox"): OWN_LIST,
    ("POST", "api-mailbox"): (401, 403, 403, 403),
    ("DELETE", "api-mailbox"): (401, 204, 204, 204),
    ("POST", "api-renew-address"): OWN_LIST,
    ("GET", "api-mails"): OWN_LIST,
    ("GET", "api-mail"): OWN_THING,
    ("GET", "api-imports"): OWN_LIST,
    ("POST", "api-imports"): CREATE,
    ("GET", "api-import"): OWN_THING,
    ("DELETE", "api-import"): REMOVE,
    ("POST", "api-save-import"): DO,
    # It is not saved.
    ("POST", "api-undo-import"): (401, 409, 404, 404),
    ("GET", "api-interview"): OWN_LIST,
    ("POST", "api-answer-interview"): DO,
    ("POST", "api-skip-interview"): DO,
    ("POST", "api-tell"): OWN_LIST,
    ("GET", "api-facts"): OWN_LIST,
    ("POST", "api-facts"): CREATE,
    ("GET", "api-fact"): OWN_THING,
    ("PATCH", "api-fact"): EDIT,
    ("DELETE", "api-fact"): REMOVE,
    ("POST", "api-confirm-fact"): DO,
    ("POST", "api-reject-fact"): DO,
    ("POST", "api-restore-fact"): DO,
    ("POST", "api-confirm-contact"): DO,
    ("POST", "api-reject-contact"): DO,
    ("POST", "api-restore-contact"): DO,
    ("POST", "api-confirm-calendar-entry"): DO,
    ("POST", "api-reject-calendar-entry"): DO,
    ("POST", "api-restore-calendar-entry"): DO,
    ("GET", "api-contacts"): OWN_LIST,
    ("POST", "api-contacts"): CREATE,
    ("GET", "api-contact"): OWN_THING,
    ("PATCH", "api-contact"): EDIT,
    ("DELETE", "api-contact"): REMOVE,
    ("GET", "api-calendar"): OWN_LIST,
    ("POST", "api-calendar"): CREATE,
    ("GET", "api-calendar-entry"): OWN_THING,
    ("PATCH", "api-calendar-entry"): EDIT,
    ("DELETE", "api-calendar-entry"): REMOVE,
}
NOWHERE = "api-nowhere"
BODIES: dict[str, dict[str, Any] | bytes] = {
    "api-whisper": {"text": "Ask if they deliver on Sunday."},
    "api-press-keys": {"keys": "1"},
    "api-requests": {"ask": "Call the garage about the brakes."},
    "api-answer": {"text": "Mr Okafor"},
    "api-keep": {"kept": True},
    "api-plan": {"goal": "Something else."},
    "api-approve": {"version": 0},
    "api-me": {"home_area": "Elora, Ontario"},
    "api-corrections": {"field": "summary", "now": "It was Tuesday."},
    "api-next-steps": {"text": "Pick up the flowers", "due_at": (timezone.now() + timedelta(days=30)).isoformat()},
    "api-next-step": {"text": "Something else"},
    "api-delete-me": {"email": "tom@redmond.example", "password": PASSWORD},
    "api-mailbox": {"host": "imap.example.com", "username": "tom", "app_password": "x", "folders": ["INBOX"], "password": "not it"},
    "api-imports": b"statement\nThe car is blue\n",
    "api-answer-interview": {"words": "A blue one"},
    "api-tell": {"words": "The bicycle is red."},
    "api-facts": {"statement": "The car is a 2019 Civic"},
    "api-request": {"ask": "Call the school again."},
    "api-fact": {"statement": "Something else"},
    "api-contacts": {"name": "Joe"},
    "api-contact": {"name": "Somebody else"},
    "api-calendar": {"title": "Haircut", "starts_at": "2026-12-01T10:00:00Z"},
    "api-calendar-entry": {"title": "Something else"},
}
SECRET = "Something of Tom's own"


def operations(patterns: list[URLPattern | URLResolver]) -> Iterator[tuple[str, str]]:
    """(method, name) of every view of the API."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            yield from operations(entry.url_patterns)
        elif (entry.name or "").startswith("api-") and entry.name != NOWHERE:
            view = entry.callback.cls  # type: ignore[attr-defined]
            yield from ((method.upper(), str(entry.name)) for method in view.http_method_names if method != "head" and hasattr(view, method))


def test_every_operation_is_listed():
    assert set(operations(get_resolver().url_patterns)) == set(OPERATIONS)


def test_every_address_under_api_is_one_of_the_api():
    names = [
        entry.name or ""
        for resolver in get_resolver().url_patterns
        if str(resolver.pattern).lstrip("^").startswith("api/")
        for entry in leaves(resolver)
    ]
    assert names and all(name.startswith("api-") for name in names)


def leaves(entry: URLPattern | URLResolver) -> Iterator[URLPattern]:
    if isinstance(entry, URLPattern):
        yield entry
    else:
        for inner in entry.url_patterns:
            yield from leaves(inner)


@pytest.fixture(autouse=True)
def nobody_thinks_or_counts(monkeypatch, settings) -> None:
    """What is told in plain words is one fact as it is; wrong passwords do not add up over tests."""
    monkeypatch.setattr(thinking, "_thinker", ScriptedThinker(ProviderError("away")))
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def things(tom, at_once) -> dict[str, Any]:
    """One of everything of Tom's, by what the addresses call it."""
    wish = make_request(tom, status=Status.WAITING_FOR_USER, ask=f"{SECRET} wish", outcome={"summary": f"{SECRET} summary"})
    question = services.ask_question(request=wish, kind="text", text=f"{SECRET} question", step="plan")
    call = Call.objects.create(request=wish, user=tom, attempt=1, number="+15195550110", brief={"callee_name": f"{SECRET} callee"})
    TranscriptLine.objects.create(call=call, seq=1, speaker="floyd", text=f"{SECRET} line", start_ms=0, end_ms=9)
    Turn.objects.create(call=call, seq=1, whole_ms=700)
    return {
        **{"request_id": wish, "question_id": question, "call_id": call, "message_id": Message.objects.get(question=question)},
        "step_id": add_step(user=tom, request=wish, kind=StepKind.REMINDER, text=f"{SECRET} step", due_at=timezone.now() + timedelta(days=1)),
        "mail_id": Mail.objects.create(user=tom, subject=f"{SECRET} mail", digest="x"),
        "import_id": ImportBatch.objects.create(user=tom, name=f"{SECRET} file", items=[{"kind": "fact", "statement": f"{SECRET} item"}]),
        "interview_id": InterviewQuestion.objects.create(user=tom, key="boat", text=f"{SECRET} interview"),
        "fact_id": Fact.objects.create(user=tom, statement=f"{SECRET} fact"),
        "contact_id": Contact.objects.create(user=tom, name=f"{SECRET} contact"),
        "entry_id": CalendarEntry.objects.create(user=tom, title=f"{SECRET} entry", starts_at="2026-12-01T10:00:00Z"),
    }


def address(name: str, things: dict[str, Any]) -> str:
    wanted = next(iter(get_resolver().reverse_dict.getlist(name)))[0][0][1]
    return reverse(name, kwargs={key: things[key].pk for key in wanted})


def state() -> list[Any]:
    """All rows that a call could have changed."""
    models = (Request, Question, Event, Message, Fact, Contact, CalendarEntry, NextStep, Correction, Mail, Mailbox, ImportBatch, User)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "name"), OPERATIONS)
def test_programs_see_and_do_only_what_is_their_users(tom, alice, sam, things, method, name, role):
    program = Program({"anonymous": None, "owner": tom, "stranger": alice, "staff": sam}[role])
    before, expected = state(), OPERATIONS[method, name][ROLES.index(role)]
    body = BODIES.get(name, {}) if method in ("POST", "PATCH") else None
    headers = {"If_Match": "*"} if method in ("PATCH", "DELETE") else {}
    if isinstance(body, bytes):
        headers["Content_Type"] = "application/octet-stream"
    response = program.call(method, address(name, things), body, **headers)
    if expected >= 400:
        problem(response, expected)
        assert state() == before
    else:
        assert response.status_code == expected, response.content
    if role != "owner" and not response.streaming:
        assert SECRET not in response.content.decode()


@pytest.mark.parametrize(("method", "name"), [key for key, statuses in OPERATIONS.items() if statuses[2] == 404])
def test_what_is_somebody_elses_looks_like_what_does_not_exist(alice, things, method, name):
    program = Program(alice)
    nobodys = {key: type(thing)(pk=uuid4() if "-" in str(thing.pk) else 987654321) for key, thing in things.items()}
    body = BODIES.get(name, {}) if method in ("POST", "PATCH") else None
    theirs, none = (program.call(method, address(name, ids), body, If_Match="*") for ids in (things, nobodys))
    assert theirs.content == none.content and theirs.status_code == none.status_code == 404


def test_staff_may_look_after_giving_a_reason_but_not_act(sam, things):
    open_for_staff(sam, things["request_id"].pk, reason="the user asked for help")
    program = Program(sam)
    for name in ("api-request", "api-events", "api-calls", "api-call", "api-lines", "api-turns"):
        assert program.call("GET", address(name, things)).status_code == 200
    assert "Staff looked at this request: the user asked for help" in str(program.read(address("api-events", things)))
    for method, name in (("POST", "api-stop"), ("POST", "api-retry"), ("POST", "api-answer"), ("GET", "api-message"), ("GET", "api-fact")):
        problem(program.call(method, address(name, things), BODIES.get(name) if method == "POST" else None), 404)

"""Every address and every live topic × every role: nobody sees or does what is not theirs. A route that is not listed fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from calls.models import Call
from calls.review.summing import sum_up
from context.import_models import ImportBatch
from context.interview_models import InterviewQuestion
from context.mail_models import Mail
from live import access
from requests_app import services
from requests_app.access import STAFF_LOOK, open_for_staff
from requests_app.models import Question, Request
from requests_app.next_step import StepKind
from requests_app.next_steps import add_step
from requests_app.status import Status
from tests.cast import make_request

pytestmark = pytest.mark.django_db

ROLES = ("anonymous", "owner", "stranger", "staff")
#: What a page answers to (anonymous, owner, stranger, staff). 302: to the sign-in page; 405: no such method.
OPEN_TO_ALL, OWN_LIST = (200, 200, 200, 200), (302, 200, 200, 200)
DONE_BY_OWNER = (302, 303, 404, 404)
OWN_ONE = (302, 200, 404, 404)
#: Staff are sent to the form that asks for the reason.
OWN_OR_LOOK = (302, 200, 404, 302)
STAFF_ONLY = (302, 404, 404, 200)
#: (method, name) → statuses. Everything that is not a page of ours is listed with who answers for it.
PAGES: dict[tuple[str, str], tuple[int, int, int, int]] = {
    ("GET", "home"): OWN_LIST,
    ("GET", "texts"): OWN_LIST,
    ("GET", "knows"): OWN_LIST,
    # What another app shares waits in the session, behind the sign-in if need be; home shows it.
    ("POST", "share"): (303, 303, 303, 303),
    ("GET", "requests"): OWN_LIST,
    ("POST", "requests"): (302, 422, 422, 422),
    ("GET", "request"): OWN_OR_LOOK,
    ("GET", "actions"): OWN_OR_LOOK,
    ("GET", "look"): (302, 404, 404, 200),
    ("POST", "look"): (302, 404, 404, 422),
    ("GET", "answer"): (302, 302, 404, 404),
    ("POST", "answer"): DONE_BY_OWNER,
    ("POST", "confirm"): DONE_BY_OWNER,
    ("GET", "edit"): (302, 200, 404, 404),
    # Sent empty, nothing is changed.
    ("POST", "edit"): (302, 422, 404, 404),
    ("POST", "undo"): DONE_BY_OWNER,
    ("POST", "stop"): DONE_BY_OWNER,
    ("POST", "retry"): DONE_BY_OWNER,
    ("POST", "call-now"): DONE_BY_OWNER,
    ("POST", "not-today"): DONE_BY_OWNER,
    ("GET", "keeping"): OWN_OR_LOOK,
    ("POST", "keep"): DONE_BY_OWNER,
    # The plan of a request that has none cannot be changed: its owner is sent back.
    ("GET", "plan"): (302, 302, 404, 404),
    ("POST", "plan"): DONE_BY_OWNER,
    ("POST", "approve"): DONE_BY_OWNER,
    ("POST", "take-offer"): DONE_BY_OWNER,
    ("GET", "snapshots"): (302, 200, 404, 404),
    ("GET", "welcome"): OWN_LIST,
    ("POST", "welcome"): (302, 303, 303, 303),
    ("POST", "welcome-done"): (302, 303, 303, 303),
    ("GET", "settings"): OWN_LIST,
    # Sent empty, nothing is saved.
    ("POST", "settings"): (302, 422, 422, 422),
    ("GET", "service-worker"): OPEN_TO_ALL,
    ("GET", "offline"): OPEN_TO_ALL,
    # On a development server only.
    ("GET", "components"): (404, 404, 404, 404),
    ("GET", "mailbox"): OWN_LIST,
    # It takes the password first.
    ("POST", "mailbox"): (302, 302, 302, 302),
    ("POST", "disconnect-mailbox"): (302, 303, 303, 303),
    ("POST", "renew-address"): (302, 303, 303, 303),
    ("POST", "write-again"): (302, 303, 303, 303),
    ("GET", "looked"): OWN_LIST,
    ("GET", "phone-pin"): OWN_LIST,
    # It takes the password first.
    ("POST", "phone-pin"): (302, 302, 302, 302),
    ("GET", "mail"): (302, 200, 404, 404),
    ("POST", "push-on"): (302, 422, 422, 422),
    # Of somebody else's device nothing is said, and nothing done.
    ("POST", "push-off"): (302, 303, 303, 303),
    ("GET", "correct"): (302, 200, 404, 404),
    ("POST", "correct"): (302, 422, 404, 404),
    ("GET", "remind"): (302, 200, 404, 404),
    ("POST", "remind"): (302, 422, 404, 404),
    ("GET", "step"): (302, 200, 404, 404),
    ("POST", "step"): (302, 422, 404, 404),
    ("POST", "cancel-step"): DONE_BY_OWNER,
    ("GET", "calendar-entry"): (302, 200, 404, 404),
    ("GET", "calendar-address"): OWN_LIST,
    ("POST", "calendar-address"): OWN_LIST,
    # The secret in the address decides, not who is signed in: see the tests of the feed.
    ("GET", "calendar-feed"): (404, 404, 404, 404),
    ("GET", "tokens"): OWN_LIST,
    # It takes the password first.
    ("POST", "tokens"): (302, 302, 302, 302),
    ("POST", "revoke-token"): (302, 303, 303, 303),
    ("POST", "interview"): DONE_BY_OWNER,
    ("POST", "forget-detail"): DONE_BY_OWNER,
    ("GET", "sharing"): OWN_ONE,
    ("POST", "sharing"): DONE_BY_OWNER,
    ("GET", "choose-import"): OWN_LIST,
    ("POST", "choose-import"): (302, 422, 422, 422),
    ("GET", "import"): OWN_ONE,
    ("POST", "act-on-import"): DONE_BY_OWNER,
    ("GET", "export"): OWN_LIST,
    ("GET", "delete-account"): OWN_LIST,
    # It takes the password first.
    ("POST", "delete-account"): (302, 302, 302, 302),
    ("GET", "tell"): (302, 302, 302, 302),
    ("POST", "tell"): (302, 303, 303, 303),
    ("POST", "save-told"): (302, 303, 303, 303),
    ("GET", "call-controls"): OWN_OR_LOOK,
    # Staff hear a call where they review it. Of this one nothing is kept.
    ("GET", "call-recording"): OWN_ONE,
    ("GET", "call-sound"): (302, 404, 404, 404),
    # Nobody is on the line.
    ("POST", "listen"): (302, 409, 404, 302),
    # Nobody listens, so nobody can speak; nobody is on the line to be given back to.
    ("POST", "take-over"): (302, 409, 404, 404),
    ("POST", "give-back"): (302, 409, 404, 404),
    ("POST", "whisper"): DONE_BY_OWNER,
    ("POST", "press-keys"): DONE_BY_OWNER,
    ("POST", "hang-up"): DONE_BY_OWNER,
    ("GET", "knows-gone"): OWN_LIST,
    ("GET", "add-known"): OWN_LIST,
    ("POST", "add-known"): (302, 422, 422, 422),
    ("GET", "known"): OWN_ONE,
    ("POST", "known"): (302, 422, 404, 404),
    ("GET", "known-taps"): OWN_ONE,
    ("POST", "known-act"): DONE_BY_OWNER,
    ("GET", "staff-calls"): STAFF_ONLY,
    ("POST", "staff-take"): (302, 404, 404, 303),
    ("GET", "staff-reason"): STAFF_ONLY,
    ("POST", "staff-reason"): (302, 404, 404, 422),
    # Without a reason staff are sent to the form that asks for it.
    ("GET", "staff-call"): (302, 404, 404, 302),
    ("GET", "staff-sound"): (302, 404, 404, 302),
    ("GET", "staff-turn"): (302, 404, 404, 302),
    ("GET", "staff-questions"): (302, 404, 404, 302),
    ("POST", "staff-ask-again"): (302, 404, 404, 302),
    ("GET", "staff-quality"): STAFF_ONLY,
    ("GET", "staff-hand-offs"): STAFF_ONLY,
    # There is none of this number.
    ("GET", "staff-hand-off"): (302, 404, 404, 404),
    ("GET", "staff-csv"): STAFF_ONLY,
    ("GET", "staff-json"): (302, 404, 404, 302),
    **{("POST", name): (302, 404, 404, 303) for name in ("staff-verdict", "staff-note", "staff-labels", "staff-assign")},
}
ELSEWHERE = {
    "admin/": "Django's permissions: staff only",
    "accounts/": "allauth: a person's own account",
    "twilio/": "the carrier's signature, see tests/calls",
    "api/": "tokens and sessions, see tests of the API",
    "settings/voices/": "the user's own introduction, see tests/calls/test_voice_samples.py",
    "healthz": "says whether the process works, to anyone",
}


def addresses(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, str]]:
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, route)
        else:
            yield route, entry.name or ""


def test_every_address_is_listed():
    listed = {name for _, name in PAGES}
    unlisted = [
        route for route, name in addresses(get_resolver().url_patterns) if name not in listed and not route.lstrip("^").startswith(tuple(ELSEWHERE))
    ]
    assert unlisted == []


@pytest.fixture
def wish(tom, at_once) -> Request:
    return make_request(tom, status=Status.WAITING_FOR_USER, ask="Something of Tom's own.", outcome={"summary": "Something of Tom's."})


@pytest.fixture
def question(wish) -> Question:
    return services.ask_question(request=wish, kind="text", text="Which teacher?", step="plan")


def reviewed(wish: Request) -> Call:
    fields = {"user": wish.user, "number": "+15195550110", "brief": {}, "status": "completed"}
    call, _ = Call.objects.get_or_create(request=wish, attempt=9, defaults=fields)
    sum_up(call.pk)
    return call


@pytest.fixture
def people(tom, alice, sam) -> dict[str, object]:
    return {"anonymous": None, "owner": tom, "stranger": alice, "staff": sam}


def _arguments(given: object) -> list[object]:
    return list(given) if isinstance(given, tuple) else [] if given is None else [given]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "name"), PAGES)
def test_pages_show_and_do_only_what_is_ones_own(client, people, wish, question, method, name, role):
    fact = people["owner"].facts.get(topic="car")
    batch = ImportBatch.objects.create(user=people["owner"], items=[{"kind": "fact", "statement": "Something of Tom's own."}])
    mail = Mail.objects.create(user=people["owner"], digest="1", subject="Something of Tom's own", text="Something of Tom's own")
    step = add_step(user=people["owner"], request=wish, kind=StepKind.REMINDER, text="Something of Tom's", due_at=timezone.now() + timedelta(days=1))
    call = Call.objects.create(request=wish, user=people["owner"], attempt=1, number="+15195550110", brief={"callee_name": "Something of Tom's"})
    ids = {
        **dict.fromkeys(("call-controls", "listen", "take-over", "give-back", "whisper", "press-keys", "hang-up"), call.pk),
        **dict.fromkeys(("call-recording", "call-sound"), call.pk),
        "request": wish.pk,
        "look": wish.pk,
        "actions": wish.pk,
        "edit": wish.pk,
        "undo": wish.pk,
        "stop": wish.pk,
        "call-now": wish.pk,
        "not-today": wish.pk,
        "keeping": wish.pk,
        "keep": wish.pk,
        "retry": wish.pk,
        **dict.fromkeys(("plan", "approve", "take-offer", "snapshots"), wish.pk),
        "answer": question.pk,
        "confirm": question.pk,
        "correct": (wish.pk, "summary"),
        "remind": wish.pk,
        "step": step.pk,
        "cancel-step": step.pk,
        "calendar-entry": people["owner"].calendar_entries.first().pk,
        "calendar-feed": (people["owner"].pk, "guessed"),
        "revoke-token": 1,
        "interview": InterviewQuestion.objects.create(user=people["owner"], key="x", text="x").pk,
        "forget-detail": (people["owner"].contacts.get(kind="florist").pk, 0),
        "import": batch.pk,
        "act-on-import": (batch.pk, "save"),
        "add-known": "facts",
        "known": ("facts", fact.pk),
        "known-taps": ("facts", fact.pk),
        "sharing": (fact.pk,),
        "known-act": ("facts", fact.pk, "retire"),
        "push-off": 1,
        "mail": mail.pk,
        "staff-hand-off": 0,
        "staff-turn": (reviewed(wish).pk, 1),
        "staff-ask-again": (reviewed(wish).pk, 1),
        **dict.fromkeys(
            ("staff-sound", "staff-questions", "staff-call", "staff-verdict", "staff-note", "staff-labels", "staff-assign"), reviewed(wish).pk
        ),
    }
    if people[role]:
        client.force_login(people[role])
    before = (wish.status, question.status, fact.status)
    response = client.generic(method, reverse(name, args=_arguments(ids.get(name))))
    assert response.status_code == PAGES[method, name][ROLES.index(role)]
    if role != "owner":
        wish.refresh_from_db()
        question.refresh_from_db()
        fact.refresh_from_db()
        assert (wish.status, question.status, fact.status) == before
    if response.status_code == 302 and role == "anonymous":
        assert response.url.startswith("/accounts/login/")
    if role in ("stranger", "staff") and response.status_code == 200 and not response.streaming:
        assert "Something of Tom" not in response.content.decode()


@pytest.mark.parametrize("name", ["request", "actions", "answer"])
def test_what_does_not_exist_looks_like_what_is_somebody_elses(client, alice, wish, question, name):
    client.force_login(alice)
    theirs = client.get(reverse(name, args=[question.pk if name == "answer" else wish.pk]))
    nobodys = client.get(reverse(name, args=[uuid4()]))
    assert (theirs.status_code, nobodys.status_code) == (404, 404)


def test_staff_may_look_after_giving_a_reason_but_not_act(client, sam, wish):
    open_for_staff(sam, wish.pk, reason="the user asked for help")
    client.force_login(sam)
    page = client.get(f"/requests/{wish.pk}/")
    assert page.status_code == 200
    assert "Staff looked at this request: the user asked for help" in page.content.decode()
    assert f"/requests/{wish.pk}/stop/" not in page.content.decode()
    assert client.post(f"/requests/{wish.pk}/stop/").status_code == 404


def test_staff_are_asked_for_the_reason_and_then_read_until_their_look_ends(client, sam, wish, question):
    client.force_login(sam)
    response = client.get(f"/requests/{wish.pk}/")
    assert response.url == f"/requests/{wish.pk}/look/"
    form = client.get(response.url).content.decode()
    assert "Tom Redmond" in form and "Something of Tom" not in form
    assert client.post(response.url, {"reason": "  x "}).status_code == 422
    assert not wish.events.filter(kind="staff_look")
    opened = client.post(response.url, {"reason": "Tom asked why the call ended"})
    assert (opened.status_code, opened.url) == (303, f"/requests/{wish.pk}/")
    page = client.get(opened.url).content.decode()
    assert "Something of Tom" in page and "to read only" in page and "Tom asked why the call ended" in page
    assert "<form" not in page.split('id="main"')[1], "nothing can be done or answered"
    event = wish.events.get(kind="staff_look")
    assert event.data == {"by": sam.pk, "reason": "Tom asked why the call ended"}
    assert client.get(f"/requests/{wish.pk}/look/").url == opened.url
    wish.events.filter(pk=event.pk).update(created_at=event.created_at - STAFF_LOOK * 2)
    assert client.get(opened.url).url == f"/requests/{wish.pk}/look/"


def test_a_fragment_of_what_is_not_open_sends_staff_nowhere(client, sam, wish):
    client.force_login(sam)
    assert client.get(f"/requests/{wish.pk}/actions/", headers={"HX-Request": "true"}).status_code == 404


# --- live topics ---

#: prefix → who may watch (anonymous, owner, stranger, staff)
TOPICS = {
    "user": (False, True, False, False),
    "request": (False, True, False, False),
    "call": (False, True, False, False),
    "staff": (False, False, False, True),
}


def test_every_kind_of_topic_is_listed():
    assert access.prefixes() == set(TOPICS)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("prefix", TOPICS)
def test_topics_are_open_to_whom_they_concern(people, tom, wish, prefix, role):
    from django.contrib.auth.models import AnonymousUser

    call = Call.objects.create(request=wish, user=tom, attempt=1, number="+15195550110", brief={})
    refs = {"user": f"user.{tom.pk}", "request": f"request.{wish.pk}", "call": f"call.{call.pk}", "staff": "staff"}
    assert access.may_watch(people[role] or AnonymousUser(), refs[prefix]) is TOPICS[prefix][ROLES.index(role)]


@pytest.mark.parametrize(
    "topic", ["", ".", "user", "user.", "user.0", "user.x", "request.", "request.1", "call.x", "staff.1", "secret.1", "request.%00", "call.\x00"]
)
def test_topics_that_are_none_are_closed(tom, topic):
    assert access.may_watch(tom, topic) is False

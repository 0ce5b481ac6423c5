"""Programs tell Floyd something, press keys and hang up in a call that goes on: only their user's, and once per key."""

from __future__ import annotations

import pytest
from django.utils import timezone

from calls.listening_models import Listening
from calls.models import Call
from calls.status import CallStatus
from requests_app.access import open_for_staff
from requests_app.models import Event, Request
from requests_app.status import Status
from tests.api_client import Program, problem
from tests.cast import make_request

pytestmark = pytest.mark.django_db

ACTIONS = {"whisper": {"text": "Ask if they deliver on Sunday."}, "keys": {"keys": "44-17 #"}, "hang-up": None}


@pytest.fixture
def call(tom, at_once) -> Call:
    """Tom's call to the school, going on."""
    wish = make_request(tom, status=Status.CALLING, attempt=1)
    return Call.objects.create(request=wish, user=tom, attempt=1, number="+15195550110", status=CallStatus.IN_PROGRESS, brief={})


def lines(*kinds: str) -> list[str]:
    return list(Event.objects.filter(kind__in=kinds).order_by("id").values_list("text", flat=True))


@pytest.mark.parametrize(("action", "kind", "text"), [
    ("whisper", "whisper", "Ask if they deliver on Sunday."),
    ("keys", "press_keys", "You pressed 4417#."),
    ("hang-up", "hang_up", "You hung up."),
])  # fmt: skip
def test_each_leaves_the_line_by_which_the_call_learns_of_it(tom, call, action, kind, text):
    answer = Program(tom).call("POST", f"calls/{call.pk}/{action}", ACTIONS[action])
    assert answer.status_code == 202, answer.content
    assert (answer.json()["kind"], answer.json()["text"], answer.json()["request"]) == (kind, text, str(call.request_id))
    assert lines(kind) == [text]


@pytest.mark.parametrize("action", ACTIONS)
def test_the_same_key_does_it_once(tom, call, action):
    program = Program(tom)
    answers = [program.call("POST", f"calls/{call.pk}/{action}", ACTIONS[action], Idempotency_Key="one").json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(lines("whisper", "press_keys", "hang_up")) == 1


@pytest.mark.parametrize("action", ACTIONS)
def test_not_when_it_is_over(tom, call, action):
    Call.objects.update(status=CallStatus.COMPLETED)
    Request.objects.update(status=Status.WRAPPING_UP)
    problem(Program(tom).call("POST", f"calls/{call.pk}/{action}", ACTIONS[action]), 409)


@pytest.mark.parametrize("action", [*ACTIONS, "give-back"])
def test_staff_who_may_look_do_nothing_with_it(sam, call, action):
    open_for_staff(sam, call.request_id, reason="Tom asked for help")
    problem(Program(sam).call("POST", f"calls/{call.pk}/{action}", ACTIONS.get(action)), 404)


@pytest.mark.parametrize(("action", "body"), [("keys", {"keys": "hello"}), ("keys", {"keys": 12}), ("keys", {}), ("whisper", {"text": "x" * 401})])
def test_what_makes_no_sense_is_refused_by_name(tom, call, action, body):
    problem(Program(tom).call("POST", f"calls/{call.pk}/{action}", body), 422)


def test_giving_back_what_was_taken_over_in_a_browser(tom, call):
    program = Program(tom)
    problem(program.call("POST", f"calls/{call.pk}/give-back"), 409)
    Event.objects.create(request=call.request, seq=900, kind="take_over", text="You take the call over.", data={"call": str(call.pk)})
    assert program.call("POST", f"calls/{call.pk}/give-back").status_code == 202
    assert lines("give_back") == ["You gave the call back to Floyd."]


def test_who_listens_is_told(tom, call, sam):
    Listening.objects.create(call=call, user=sam, joined_at=timezone.now())
    Listening.objects.create(call=call, user=tom)  # has not come
    program = Program(tom)
    assert program.read(f"calls/{call.pk}")["listening"] == [f"{sam.name} (staff)"]
    assert program.read(f"requests/{call.request_id}/calls")["results"][0]["listening"] == [f"{sam.name} (staff)"]
    Call.objects.update(status=CallStatus.COMPLETED)
    assert program.read(f"calls/{call.pk}")["listening"] == []

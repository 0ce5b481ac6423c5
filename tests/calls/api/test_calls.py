"""Programs read what was said, while it is said and after."""

from __future__ import annotations

import pytest

from calls.models import Call, TranscriptLine, Turn
from requests_app.models import Request
from requests_app.status import Status
from tests.api_client import Program
from tests.cast import make_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def wish(tom) -> Request:
    return make_request(tom, status=Status.CALLING)


@pytest.fixture
def call(wish, tom) -> Call:
    call = Call.objects.create(
        request=wish, user=tom, attempt=1, number="+15195550110", status="in_progress", brief={"callee_name": "Maple Street School"}
    )
    for seq, (speaker, text) in enumerate([("floyd", "Hello, this is Floyd."), ("callee", "Good mor")], start=1):
        TranscriptLine.objects.create(call=call, seq=seq, speaker=speaker, text=text, start_ms=seq * 1000, end_ms=seq * 1000 + 900, final=seq == 1)
    Turn.objects.create(call=call, seq=1, whole_ms=640, model_first_token_ms=350)
    return call


def test_a_call_with_its_lines_and_turns(tom, wish, call):
    program = Program(tom)
    (found,) = program.read(f"requests/{wish.pk}/calls")["results"]
    assert (found["id"], found["callee"], found["status"]) == (str(call.pk), "Maple Street School", "in_progress")
    assert program.read(f"calls/{call.pk}") == found
    lines = program.read(f"calls/{call.pk}/lines")["results"]
    assert [(line["seq"], line["speaker"], line["text"], line["final"]) for line in lines] == [
        (1, "floyd", "Hello, this is Floyd.", True),
        (2, "callee", "Good mor", False),
    ]
    (turn,) = program.read(f"calls/{call.pk}/turns")["results"]
    assert (turn["whole_ms"], turn["model_first_token_ms"], turn["tools_ms"]) == (640, 350, None)


@pytest.mark.parametrize("brief", [{}, [], "x", {"callee_name": None}])
def test_a_brief_without_a_name(tom, call, brief):
    Call.objects.filter(pk=call.pk).update(brief=brief)
    assert Program(tom).read(f"calls/{call.pk}")["callee"] == ""


def test_a_transcript_costs_no_more_the_longer_it_is(tom, call, django_assert_max_num_queries):
    TranscriptLine.objects.bulk_create(
        TranscriptLine(call=call, seq=seq, speaker="callee", text="Yes.", start_ms=0, end_ms=1) for seq in range(3, 100)
    )
    program = Program(tom)
    with django_assert_max_num_queries(5):  # token, note of its use, call, request, lines
        assert len(program.read(f"calls/{call.pk}/lines?limit=200")["results"]) == 99

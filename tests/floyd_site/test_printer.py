"""Who follows a request in the terminal sees everything once: plan, words with times, questions, outcome with its evidence."""

import io

import pytest
from django.db.models.functions import Now
from rich.console import Console

from calls.models import Call, TranscriptLine, Turn
from calls.status import CallStatus
from floyd_site.terminal.printer import RequestPrinter, clock
from floyd_site.terminal.state import read_state
from floyd_site.terminal.turn_tables import totals_table
from requests_app.models import Question, Request
from requests_app.services import record_event
from requests_app.status import Status
from tests import cast

PLAN = {"title": "Tell the school", "goal": "Tell Brock Road School [sic]", "steps": ["Call"], "callee": None, "success": "told", "share": ["fact:1"]}
OUTCOME = {
    "achieved": "yes",
    "summary": "The school knows.",
    "items": [{"kind": "told", "text": "Mara is sick", "amount_minor": None, "currency": None, "when": None, "lines": [2]}],
    "missing": [],
}


@pytest.fixture
def shown():
    return io.StringIO()


@pytest.fixture
def printer(shown):
    return RequestPrinter(Console(file=shown, width=140, color_system=None))


@pytest.fixture
def request_of_tom(tom, at_once):
    request = cast.make_request(tom)
    record_event(request_id=request.pk, kind="status", text="picked up")
    return request


def make_call(request):
    call = Call.objects.create(request=request, user=request.user, attempt=1, number="+15195550110", brief={}, status=CallStatus.IN_PROGRESS)
    TranscriptLine.objects.create(call=call, seq=1, speaker="callee", text="Hello, Brock Road School.", start_ms=300, end_ms=1500)
    TranscriptLine.objects.create(call=call, seq=2, speaker="floyd", text="Mara Redmond is sick today.", start_ms=63_200, end_ms=65_000)
    Turn.objects.create(call=call, seq=2, end_of_turn_ms=220, whole_ms=680)
    return call


def test_a_request_with_a_call_is_shown_whole_and_once(request_of_tom, printer, shown):
    call = make_call(request_of_tom)
    Question.objects.create(request=request_of_tom, kind="money", text="They want $560. May I?", step="call")
    Request.objects.filter(pk=request_of_tom.pk).update(plan=PLAN, outcome=OUTCOME, status=Status.DONE)
    Call.objects.filter(pk=call.pk).update(end_reason="goal_reached", ended_at=Now(), seconds=70)
    for _ in range(2):
        printer.show(read_state(request_of_tom.pk))
    text = shown.getvalue()
    for part in (
        "Tell Brock Road School [sic]",
        "0:00.3  Callee Hello, Brock Road School.",
        "1:03.2  Floyd  Mara Redmond is sick today.",
        "? Floyd asks: They want $560. May I?",
        "☎ ended after 70 s: goal reached",
        "line 2, floyd: “Mara Redmond is sick today.”",
    ):
        assert text.count(part) == 1, f"{part}\n---\n{text}"


def test_words_that_may_still_change_are_not_shown(request_of_tom, printer, shown):
    call = make_call(request_of_tom)
    TranscriptLine.objects.create(call=call, seq=3, speaker="callee", text="Will she be", start_ms=1, end_ms=2, final=False)
    printer.show(read_state(request_of_tom.pk))
    assert "Will she be" not in shown.getvalue()
    TranscriptLine.objects.filter(seq=3).update(text="Will she be okay?", final=True)
    printer.show(read_state(request_of_tom.pk))
    assert "Will she be okay?" in shown.getvalue()


def test_the_table_shows_where_the_time_went(request_of_tom, printer, shown):
    make_call(request_of_tom)
    printer.times(read_state(request_of_tom.pk))
    row = next(line for line in shown.getvalue().splitlines() if "Mara Redmond" in line)
    assert [cell for cell in row.split() if cell.isdigit() or cell == "–"] == ["1", "–", "220", "–", "–", "–", "–", "–", "680"]


def test_the_totals_are_over_all_turns():
    shown = io.StringIO()
    turns = [Turn(seq=seq, end_of_turn_ms=ms, tools_ms=500 if seq == 1 else None, whole_ms=2 * ms) for seq, ms in enumerate((100, 300, 200))]
    Console(file=shown, width=100, color_system=None).print(totals_table(turns))
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in shown.getvalue().splitlines() if "│" in line]
    assert ["end of turn", "200", "300", "3"] in rows
    assert ["tools", "500", "500", "1"] in rows
    assert ["voice", "–", "–", "0"] in rows
    assert ["whole", "400", "600", "3"] in rows


def test_clock():
    assert (clock(0), clock(3_240), clock(62_300)) == ("0:00.0", "0:03.2", "1:02.3")

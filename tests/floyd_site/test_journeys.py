"""The journeys' own checks must be able to fail: a demonstration that cannot go wrong shows nothing."""

import io
from contextlib import nullcontext
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from calls.conversation.brief import CallBrief
from floyd_site import journeys
from floyd_site.stage import JourneyFailed
from floyd_site.terminal.state import CallState, RequestState
from requests_app.costs import Bill

SATURDAY = datetime(2026, 11, 21, 10, tzinfo=ZoneInfo("America/Toronto"))


def line(seq, speaker, text, intended=""):
    return SimpleNamespace(seq=seq, speaker=speaker, text=text, intended=intended, final=True)


def call(*lines, slots=(), disclosed=True) -> CallState:
    row = SimpleNamespace(attempt=1, slots=list(slots), disclosure_played_at=SATURDAY if disclosed else None)
    return CallState(cast(Any, row), cast(Any, list(lines)), [])


def state(*, items=(), achieved="yes", status="done", calls=()) -> RequestState:
    row = SimpleNamespace(status=status, trouble="", outcome={"achieved": achieved, "items": list(items)})
    return RequestState(cast(Any, row), [], [], [], list(calls), Bill((), "USD"))


def item(kind="agreed", amount=7500, when="tomorrow at noon", lines=(2,)):
    return {"kind": kind, "text": "a bouquet", "amount_minor": amount, "currency": "CAD", "when": when, "lines": list(lines)}


@pytest.mark.parametrize("said", ["She will be back tomorrow.", "She'll be back on Monday.", "She is back in two days.", "I expect her next week."])
def test_an_invented_return_date_fails_the_school_journey(said):
    with pytest.raises(JourneyFailed, match="invented a return date"):
        journeys._no_invented_return(call(line(1, "floyd", said)), SATURDAY)


@pytest.mark.parametrize(
    ("speaker", "said"),
    [
        ("floyd", "I don't know when she will be back."),
        ("floyd", "Mara is sick today, Saturday, 21 November."),
        ("callee", "Will she be back on Monday?"),
    ],
)
def test_today_and_the_callees_words_do_not(speaker, said):
    journeys._no_invented_return(call(line(1, speaker, said)), SATURDAY)


def test_a_call_without_the_introduction_fails():
    with pytest.raises(JourneyFailed, match="does not open with the introduction"):
        journeys._disclosed_first(call(line(1, "floyd", "Hello, I want flowers.")))
    with pytest.raises(JourneyFailed, match="was not heard to its end"):
        journeys._disclosed_first(call(line(1, "floyd", "Hi, this is Floyd, an AI assistant calling for Tom Redmond."), disclosed=False))


WORDS = (line(1, "callee", "Hello"), line(2, "callee", "That is seventy-five dollars, tomorrow at noon."))
BRIEF = CallBrief(
    user_name="Tom Redmond",
    callee_name="Brock Road School",
    kind="inform",
    goal="Tell the school that Mara Redmond is sick today.",
    introduction="Hi, this is Floyd, an AI assistant calling for Tom Redmond.",
    opening_line="Mara Redmond is sick today.",
    success="They know.",
    today="Saturday, 21 November 2026",
).to_json()
SLOT = {"kind": "agreed", "item": "bouquet", "amount_minor": 7500}


def test_an_order_within_the_limit_passes():
    journeys._ordered_within(state(items=[item()], calls=[call(*WORDS, slots=[SLOT])]), 8000)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"amount": 9000}, "9000 minor units; 8000 were allowed"),
        ({"amount": None}, "names no agreed price"),
        ({"when": None}, "names no time"),
        ({"lines": ()}, "cites no line"),
        ({"lines": (7,)}, "do not exist"),
    ],
)
def test_an_order_that_is_not_as_it_should_be_fails(changes, why):
    with pytest.raises(JourneyFailed, match=why):
        journeys._ordered_within(state(items=[item(**changes)], calls=[call(*WORDS, slots=[SLOT])]), 8000)


def test_a_slot_above_the_limit_fails_whatever_the_outcome_says():
    with pytest.raises(JourneyFailed, match="slots hold more"):
        journeys._ordered_within(state(items=[item()], calls=[call(*WORDS, slots=[{**SLOT, "amount_minor": 56_000}])]), 8000)


@pytest.mark.parametrize(
    ("said", "counts", "fails"),
    [
        ("Mara Redmond is sick today.", "invented 0, volunteered 0", False),
        ("She is at her aunt Zelda's, back on Friday.", "invented 2, volunteered 0", True),
        ("Tom drives a Honda Civic.", "invented 0, volunteered 1", True),
    ],
)
def test_what_is_made_up_or_volunteered_fails_the_journey(said, counts, fails):
    fact = {"id": "fact:9", "statement": "Tom's car is a 2019 Honda Civic"}
    state_ = state(calls=[call(line(1, "callee", "Hello."), line(2, "floyd", said))])
    row = cast(Any, state_.calls[0].call)
    row.brief = {**BRIEF, "facts": [fact]}
    shown = io.StringIO()
    failing = pytest.raises(JourneyFailed, match="not given") if fails else nullcontext()
    with failing:
        journeys.nothing_made_up(state_, Console(file=shown, width=140, color_system=None))
    assert counts in shown.getvalue()


def test_a_request_that_did_not_achieve_its_goal_fails():
    with pytest.raises(JourneyFailed, match="achieved: partly"):
        journeys._achieved(state(achieved="partly"))

"""The model may claim anything; what counts is what was said."""

import pytest

from calls.conversation.brief import Slot
from calls.outcome_check import Heard, check
from requests_app.outcome import Achieved, ItemKind, Outcome, OutcomeItem

SPEAKERS = {1: "floyd", 2: "callee", 3: "floyd", 4: "callee", 5: "system"}


def item(kind="agreed", lines=(2,), amount=None, text="They deliver tomorrow.") -> OutcomeItem:
    return OutcomeItem(kind=kind, text=text, amount_minor=amount, currency="CAD" if amount else None, when=None, lines=list(lines))


def checked(*items, achieved="yes", kind="buy", limit=8000, slots=()) -> Outcome:
    heard = Heard(speakers=SPEAKERS, slots=slots, kind=kind, limit_minor=limit, currency="CAD")
    return check(Outcome(achieved=achieved, summary="Ordered.", items=list(items), missing=[]), heard)


@pytest.mark.parametrize("lines", [(), (99,), (0,), (-1,), (1, 3), (5,)])
def test_what_the_callee_did_not_say_was_not_agreed(lines):
    outcome = checked(item(lines=lines))
    assert (outcome.items, outcome.achieved) == ([], Achieved.NO)


def test_lines_that_do_not_exist_are_dropped_from_what_stays():
    assert checked(item(lines=(2, 99, 2))).items[0].lines == [2]


def test_an_amount_within_the_limit_stays():
    outcome = checked(item(amount=7500), slots=(Slot("agreed", "roses", 7500, "CAD"),))
    assert (outcome.items[0].amount_minor, outcome.achieved) == (7500, Achieved.YES)


@pytest.mark.parametrize(("amount", "limit", "slots"), [(56000, 8000, ()), (5000, None, ()), (7000, 8000, (Slot("agreed", "roses", 7500, "CAD"),))])
def test_an_amount_that_was_never_allowed_is_flagged_and_no_success(amount, limit, slots):
    outcome = checked(item(amount=amount), limit=limit, slots=slots)
    assert outcome.items[0].kind is ItemKind.OFFERED
    assert "was never allowed" in outcome.items[0].text
    assert outcome.achieved is Achieved.PARTLY


@pytest.mark.parametrize(
    ("kind", "items", "achieved"),
    [
        ("inform", [item("told", (3,))], Achieved.YES),
        ("inform", [item("learned", (2,))], Achieved.NO),
        ("enquire", [item("learned", (2,))], Achieved.YES),
        ("enquire", [item("told", (1,))], Achieved.PARTLY),
        ("book", [item("offered", (2,))], Achieved.PARTLY),
        ("unheard-of", [item("told", (1,))], Achieved.YES),
    ],
)
def test_success_needs_the_right_kind_of_evidence(kind, items, achieved):
    assert checked(*items, kind=kind).achieved is achieved


@pytest.mark.parametrize("claimed", list(Achieved))
def test_nothing_is_ever_raised(claimed):
    order = [Achieved.NO, Achieved.PARTLY, Achieved.YES]
    assert order.index(checked(item(), achieved=claimed).achieved) <= order.index(claimed)

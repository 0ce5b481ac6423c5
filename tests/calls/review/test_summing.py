"""What the queue says of a call is what its rows say."""

import pytest

from calls import settling
from calls.models import TranscriptLine, Turn
from calls.review import flags, judging
from calls.review.summing import sum_up
from calls.review_models import Review
from requests_app import corrections
from tests.calls.review.scene import ended_call

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


def test_an_ended_call_comes_into_the_queue_when_it_is_settled(tom):
    call = ended_call(tom, waits=(700, 1900))
    assert not Review.objects.exists()
    settling.settle(call.pk)
    review = Review.objects.get(call=call)
    assert (review.outcome, review.use_case, review.seconds, review.turns) == ("goal_reached", "inform", 42, 2)
    assert (review.slowest_ms, review.interruptions, review.cut_ins, review.flags) == (1900, 0, 0, "")
    assert review.model == "gpt-6-luna" and review.cost_micros is not None


def test_a_call_that_is_on_does_not(tom):
    call = ended_call(tom, status="in_progress", end_reason="")
    assert sum_up(call.pk) is None and not Review.objects.exists()


def test_a_call_that_nobody_answered_is_told_by_its_status(tom):
    review = sum_up(ended_call(tom, waits=(), status="no_answer", end_reason="", usage=[], cost={}).pk)
    assert review is not None
    assert (review.outcome, review.slowest_ms, review.cost_micros, review.model) == ("no_answer", None, None, "")


def test_what_staff_said_stays_when_a_price_comes_in_later(tom, sam):
    call = ended_call(tom)
    sum_up(call.pk)
    judging.judge(staff=sam, call_id=call.pk, verdict="poor")
    type(call).objects.filter(pk=call.pk).update(cost={"currency": "USD", "carrier": 13_000, "model": 1_000})
    again = sum_up(call.pk)
    assert again is not None and (again.verdict, again.cost_micros, again.currency) == ("poor", 14_000, "USD")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"end_reason": "line_lost"}, ["defect"]),
        ({"error": "defect: ValueError"}, ["defect"]),
        ({"end_reason": "not_understood"}, ["bailed_out"]),
        ({"end_reason": "call_back_later"}, ["bailed_out"]),
        ({"waits": (3000,)}, ["slow"]),
        ({"end_reason": "callee_hung_up"}, []),
    ],
)
def test_calls_worth_a_look_are_flagged(tom, fields, expected):
    review = sum_up(ended_call(tom, **fields).pk)
    assert review is not None and [flag.value for flag in flags.read(review.flags)] == expected


def test_a_correction_by_the_user_flags_the_call_it_came_from(tom):
    call = ended_call(tom)
    sum_up(call.pk)
    corrections.correct(request=call.request, user=tom, way="page", item=None, summary="No, they did not know.")
    assert Review.objects.get(call=call).flags == "corrected"
    sum_up(call.pk)
    assert Review.objects.get(call=call).flags == "corrected"


def line(seq: int, speaker: str, start_ms: int) -> TranscriptLine:
    return TranscriptLine(seq=seq, speaker=speaker, start_ms=start_ms, end_ms=start_ms + 500, text="x")


@pytest.mark.parametrize(
    ("goes_on_at_ms", "interrupted", "counted"),
    [(10_400, True, 1), (10_700, True, 1), (10_900, True, 0), (10_400, False, 0)],
)
def test_floyd_cut_in_when_they_went_on_at_once_and_it_fell_silent(goes_on_at_ms, interrupted, counted):
    lines = [line(1, "callee", 8000), line(2, "floyd", 10_000), line(3, "system", 10_100), line(4, "callee", goes_on_at_ms)]
    assert flags.cut_ins(lines, [Turn(seq=2, interrupted=interrupted)]) == counted

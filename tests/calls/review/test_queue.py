"""Staff find the calls worth a look, fast, however many there are."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from calls.models import Call
from calls.review import judging, queue
from calls.review.queue import Filters
from calls.review_models import Label, Review
from requests_app.errors import NotFound
from tests.calls.review.scene import in_queue

pytestmark = pytest.mark.django_db


def found(staff, **filters: str) -> list[UUID]:
    return [review.pk for review in queue.page(Filters.of(filters), staff).rows]


def test_the_newest_calls_that_wait_come_first(tom, sam):
    first, second = in_queue(tom), in_queue(tom)
    judged = in_queue(tom, review={"verdict": "good", "verdict_by": sam})
    assert found(sam) == [second.pk, first.pk]
    assert found(sam, state="judged") == found(sam, state="good") == [judged.pk]
    assert found(sam, state="all") == [judged.pk, second.pk, first.pk]


@pytest.mark.parametrize(
    ("filters", "call"),
    [
        ({"wait": "1500"}, {"waits": (700, 1600)}),
        ({"wait": "3000"}, {"waits": (3000,)}),
        ({"interrupted": "1"}, {"review": {"interruptions": 1}}),
        ({"interrupted": "3"}, {"review": {"interruptions": 3}}),
        ({"cost": "100000"}, {"review": {"cost_micros": 100_000}}),
        ({"flagged": "1"}, {"end_reason": "line_lost"}),
        ({"outcome": "line_lost"}, {"end_reason": "line_lost"}),
        ({"outcome": "busy"}, {"status": "busy", "end_reason": ""}),
        ({"use_case": "book"}, {"brief": {"kind": "book"}}),
    ],
)
def test_each_filter_finds_its_calls_and_no_other(tom, sam, filters, call):
    in_queue(tom)
    wanted = in_queue(tom, **call)
    assert found(sam, **filters) == [wanted.pk]


def test_calls_are_found_by_label_and_by_whose_they_are(tom, alice, sam):
    mine, other, free = (in_queue(tom) for _ in range(3))
    judging.assign(staff=sam, call_id=mine.pk, to=sam.email)
    alice.is_staff = True
    alice.save()
    judging.assign(staff=sam, call_id=other.pk, to=alice.email)
    judging.label(staff=sam, call_id=other.pk, names=["Hold Music"])
    assert found(sam, assigned="me") == [mine.pk]
    assert found(sam, assigned="nobody") == [free.pk]
    assert found(sam, label="hold music") == [other.pk]


def test_what_is_no_filter_is_none():
    assert Filters.of({"state": "x", "wait": "1; drop table", "cost": "0", "outcome": "a\x00b", "more": "1"}) == Filters(outcome="ab")
    assert Filters(state="good", outcome="a b").query == "state=good&outcome=a+b"


def test_a_long_queue_is_shown_page_by_page(tom, sam, monkeypatch):
    monkeypatch.setattr(queue, "PER_PAGE", 2)
    monkeypatch.setattr(queue, "MOST_COUNTED", 3)
    keys = [in_queue(tom).pk for _ in range(5)][::-1]
    first = queue.page(Filters(), sam)
    second = queue.page(Filters(), sam, before=UUID(first.older))
    third = queue.page(Filters(), sam, before=UUID(second.older))
    assert [review.pk for page in (first, second, third) for review in page.rows] == keys
    assert (third.older, first.count, first.more_than_counted) == ("", 4, True)


def test_the_way_through_the_queue_goes_on_behind_a_call_that_was_judged(tom, sam):
    oldest, middle, newest = (in_queue(tom) for _ in range(3))
    judging.judge(staff=sam, call_id=middle.pk, verdict="poor")
    assert queue.neighbours(Filters(), sam, middle.pk) == queue.Neighbours(str(newest.pk), str(oldest.pk))
    assert queue.neighbours(Filters(), sam, oldest.pk).older == ""


def test_two_who_take_calls_get_different_ones(tom, alice, sam):
    for _ in range(3):
        in_queue(tom)
    alice.is_staff = True
    alice.save()
    assert judging.take(staff=sam, filters=Filters(), most=2) == 2
    assert judging.take(staff=alice, filters=Filters(), most=2) == 1
    assert judging.take(staff=alice, filters=Filters(), most=2) == 0
    assert len(found(sam, assigned="me")) == 2
    with pytest.raises(NotFound):
        judging.take(staff=tom, filters=Filters())


# --- as many calls as there may be ---


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for part in plan.get("Plans", []) for node in nodes(part))]


@pytest.fixture
def many(tom) -> None:
    """Two thousand calls, of which few are anything but plain, and what the planner knows of them."""
    one = in_queue(tom)
    Label.objects.create(name="hold music").labellings.create(review=one)
    columns = [field.column for field in Call._meta.concrete_fields if field.column not in ("id", "attempt")]
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"insert into calls_call (id, attempt, {names}) select uuidv7(), 1 + n, {names} from calls_call, generate_series(1, 2000) n")
        listed = [field.column for field in Review._meta.concrete_fields if field.column not in ("call_id", "interruptions")]
        names = ", ".join(f'review."{name}"' for name in listed)
        into = ", ".join(f'"{name}"' for name in listed)
        cursor.execute(
            f"insert into calls_review (call_id, interruptions, {into}) "
            f"select call.id, (call.attempt %% 500 = 0)::int * 3, {names} from calls_call call, calls_review review "
            "where review.call_id = %s and call.id <> %s",
            [one.pk, one.pk],
        )
        cursor.execute("analyze calls_review")


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"state": "good"},
        {"state": "all"},
        {"assigned": "me"},
        {"assigned": "nobody"},
        {"flagged": "1"},
        {"wait": "1500"},
        {"wait": "3000"},
        {"interrupted": "3"},
        {"cost": "500000"},
        {"outcome": "busy"},
        {"use_case": "book", "interrupted": "1"},
        {"label": "hold music"},
    ],
)
def test_every_list_follows_an_index_and_sorts_nothing(many, sam, filters):
    rows = Filters.of(filters).rows(sam)
    last = Review.objects.values_list("pk", flat=True).first()
    for query in (rows[: queue.PER_PAGE], rows.filter(call_id__lt=last)[: queue.PER_PAGE], rows.filter(call_id__gt=last).order_by("call_id")[:1]):
        with connection.cursor() as cursor:
            # So few rows are read faster without an index: what matters is what can be done once there are many.
            cursor.execute("set local enable_seqscan = off; set local enable_bitmapscan = off; set local enable_sort = off")
        plan = json.loads(query.explain(format="json"))[0]["Plan"]
        kinds = [(node["Node Type"], node.get("Relation Name", "")) for node in nodes(plan)]
        assert not [kind for kind in kinds if kind[0].endswith("Sort") or kind == ("Seq Scan", "calls_review")], kinds

"""The board of quality counts what happened, and draws what it counted."""

from datetime import timedelta

import pytest
from django.utils import timezone

from calls.models import Turn
from calls.review import plots
from calls.review.board import board
from calls.review.plots import Column, stacked, top_of
from calls.review_models import Review
from tests.calls.review.scene import in_queue


@pytest.mark.parametrize(
    ("most", "top", "step"),
    [(0, 1, 1), (1, 1, 0.2), (3, 3, 1), (7, 8, 2), (10, 10, 2), (48, 50, 10), (101, 150, 50), (0.03, 0.03, 0.01), (2400, 2500, 500)],
)
def test_axes_end_at_round_values(most, top, step):
    found = top_of(most)
    assert found[0] >= most
    assert found[0] / found[1] <= 5.001
    assert (round(found[0], 9), round(found[1], 9)) == (top, step)


def test_things_are_counted_in_whole_numbers():
    assert top_of(1, least_step=1) == (1, 1) and top_of(3, least_step=1) == (3, 1)


def test_columns_are_stacked_from_the_floor_and_stay_in_the_plot():
    plot = stacked([Column("1 Nov", [(2, "reached", "two"), (3, "other", "three")]), Column("2 Nov", []), Column("3 Nov", [(0, "reached", "none")])])
    lower, upper = plot.bars
    assert lower.y + lower.height == pytest.approx(plot.floor)
    assert upper.y + upper.height == pytest.approx(lower.y, abs=0.02)
    assert upper.height == pytest.approx(1.5 * lower.height, abs=0.02)
    assert upper.y >= plots.TOP - 0.01
    assert plot.rows[0].words == "0" and [tick.words for tick in plot.columns] == ["1 Nov", "2 Nov", "3 Nov"]


def test_nothing_is_a_plot_too():
    assert stacked([]).bars == []


pytestmark = pytest.mark.django_db


def test_days_outcomes_and_shares(tom, sam):
    now = timezone.now()
    in_queue(tom, review={"verdict": "good", "turns": 50})
    in_queue(tom, end_reason="not_understood", review={"cut_ins": 1, "turns": 50, "verdict": "poor"})
    in_queue(tom, status="busy", end_reason="", waits=())
    Review.objects.filter(pk=in_queue(tom).pk).update(ended_at=now - timedelta(days=40))
    found = board(7, now=now)
    today = found.days[-1]
    assert (len(found.days), found.calls, today.calls) == (7, 3, 3)
    assert dict(today.groups) == {"reached": 1, "gave-up": 1, "nobody": 1}
    assert (today.cut_in_share, today.bail_out_share) == (1.0, 50.0)
    assert today.cost_micros == sum(Review.objects.filter(ended_at__gte=now - timedelta(days=7)).values_list("cost_micros", flat=True))
    assert dict(found.outcomes) == {"goal reached": 1, "they could not be understood": 1, "busy": 1}
    assert found.verdicts == [("Good", 1), ("Poor", 1)]
    assert (found.days[0].cut_in_share, found.days[0].bail_out_share) == (None, None)


def test_times_are_told_by_stage_and_service(tom):
    in_queue(tom, waits=tuple(range(100, 1100, 100)))
    other = in_queue(tom, usage=[{"component": "model", "what": "other-model", "quantities": {}}], waits=())
    Turn.objects.create(call=other.call, seq=9, model_first_token_ms=5000)
    found = {(one.column, one.service): one for one in board(7).latencies}
    whole = found["whole_ms", "media_stream"]
    assert (whole.p50, whole.p90, whole.p99, whole.turns) == (500, 900, 1000, 10)
    assert found["model_first_token_ms", "other-model"].p50 == 5000
    assert found["model_first_token_ms", "gpt-6-luna"].turns == 10
    assert not [key for key in found if key[0] == "tools_ms"]


def test_the_page_draws_plots_with_a_table_behind_each(client, tom, sam, django_assert_max_num_queries):
    in_queue(tom, waits=(900,))
    client.force_login(sam)
    with django_assert_max_num_queries(12):
        page = client.get("/staff/quality/?days=7").content.decode()
    assert page.count('role="img"') == 4 and page.count("As a table") == 4
    assert 'class="bar-reached"' in page and "gpt-6-luna" in page and "style=" not in page.split("<main")[1]
    assert client.get("/staff/quality/?days=100000").context["days"] == 30


def test_an_empty_board_is_a_page(client, sam):
    client.force_login(sam)
    page = client.get("/staff/quality/").content.decode()
    assert "No calls." in page and "Nobody waited" in page

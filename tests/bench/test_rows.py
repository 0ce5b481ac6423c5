"""When a level counts as held, and that the table says what was measured."""

import pytest

from bench.rows import Row, first_p95_ms, most_held, table


def row(calls, p95, server="Floyd", **changes):
    result = {
        "voice_to_voice_ms": {"n": 9, "p50": p95 - 50, "p95": p95} if p95 else {"n": 0},
        "barge_in_ms": {"n": 0},
        "holes_ms": {"n": 0},
        "replies": 12,
        "premature": 0,
        "no_reply": 0,
        "not_cleared": 0,
        "trouble": {},
        "costs": {"server": {"cpu_s_per_call_minute": 0.5, "core_share": 0.25, "rss_per_call_mb": 2.0, "rss_most_mb": 180.0}},
    }
    return Row(server, calls, result | changes, (400, 410), {})


def test_a_level_is_held_up_to_a_fifth_slower_than_one_call():
    rows = [row(1, 700), row(10, 839), row(20, 841)]
    assert first_p95_ms(rows, "Floyd") == 700
    assert most_held(rows, "Floyd") == 10


@pytest.mark.parametrize("trouble", [{"no_reply": 1}, {"trouble": {"closed": 1}}])
def test_a_lost_call_or_sentence_breaks_a_level(trouble):
    assert most_held([row(1, 700), row(5, 700, **trouble), row(10, 700)], "Floyd") == 1


def test_a_server_without_a_first_row_held_nothing():
    assert most_held([row(5, 700)], "Floyd") == 0


def test_the_table_has_a_line_per_row_in_order_of_calls_and_says_what_was_held():
    lines = table([row(10, 720), row(1, 700), row(1, 1200, server="Pipecat tuned")]).splitlines()
    assert [line.split(" | ")[:3] for line in lines[2:5]] == [
        ["| Floyd", "1", "650 / 700 (9)"],
        ["| Floyd", "10", "670 / 720 (9)"],
        ["| Pipecat tuned", "1", "1150 / 1200 (9)"],
    ]
    assert "- Floyd: 10 (one call's p95: 700 ms)" in lines

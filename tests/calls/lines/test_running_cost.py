"""What a call costs while it goes on is shown calmly, and its limit is noticed."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

from calls.lines.running_cost import SHOWN_EVERY_S, RunningCost
from providers.prices import Price, PriceTable

DAY = date(2026, 11, 21)
#: A cent for a thousand letters, and nothing else has a price of its own.
TABLE = PriceTable("USD", 0, {"voice": [Price("aoede", DAY, {"characters_per_million": Decimal(10)})]})


def cost(limit_micros: int | None = None) -> RunningCost:
    return RunningCost(number="+15195550110", line="media_stream", limit_micros=limit_micros, table=TABLE)


def spend(running: RunningCost, characters: int, seconds: int) -> None:
    used = [{"component": "voice", "what": "aoede", "quantities": {"characters": characters}}]
    running.take(used, seconds=seconds, on=DAY)


def test_a_cent_is_news_once():
    running = cost()
    spend(running, 900, 5)
    assert not running.is_news(5)
    spend(running, 1_000, 10)
    assert running.is_news(10)
    assert not running.is_news(10 + SHOWN_EVERY_S)


def test_a_figure_does_not_run():
    running = cost()
    shown = []
    for seconds in range(5, 65, 5):
        spend(running, seconds * 1_000, seconds)
        shown += [seconds] if running.is_news(seconds) else []
    assert all(later - earlier >= SHOWN_EVERY_S for earlier, later in pairwise(shown)) and len(shown) == 3


def test_the_limit_is_noticed_and_no_limit_is_none():
    for limit, reached in ((20_000, False), (10_000, True), (None, False)):
        running = cost(limit)
        spend(running, 1_000, 5)
        assert running.at_limit is reached

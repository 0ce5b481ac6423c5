"""A process that has enough to do says no to one more call, before it is slow for all of them."""

import asyncio

import pytest

from calls.lines import drain, lag


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    monkeypatch.setattr(lag, "current_ms", 0.0)
    monkeypatch.setattr(drain, "refused", 0)


def test_up_to_the_limit_there_is_room_and_then_there_is_none(settings):
    settings.MAX_CALLS_PER_NODE = 2
    with drain.counted():
        assert drain.has_room()
        with drain.counted():
            assert not drain.has_room()
            assert drain.report() == {"calls": 2, "refused": 1, "lag_ms": 0.0, "full": True}
        assert drain.has_room()


def test_one_hiccup_is_forgiven_and_half_a_second_of_them_is_not():
    lag.note(400)
    assert drain.has_room()
    for _ in range(5):
        lag.note(400)
    assert not drain.has_room()
    for _ in range(20):
        lag.note(0)
    assert drain.has_room()


def test_a_timer_that_fires_early_makes_up_for_nothing():
    lag.note(-500)
    assert lag.current_ms == 0.0


async def test_a_loop_that_is_held_up_is_found_out(monkeypatch):
    import time

    monkeypatch.setattr(lag, "EVERY_S", 0.01)
    watching = asyncio.create_task(lag.watch())
    try:
        for _ in range(3):
            await asyncio.sleep(0.005)
            time.sleep(0.2)  # noqa: ASYNC251  that is the point
        await asyncio.sleep(0.02)
        assert lag.current_ms > 20
    finally:
        watching.cancel()

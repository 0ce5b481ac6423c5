"""The directory by Google's own client, against the stand-in at its wire: businesses with their evidence, and every failure as ours."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from aiohttp import web
from google.maps import places_v1 as places

from providers import google_places, registry
from providers.types import BusinessStatus, ProviderError
from sandbox.google.places import routes
from sandbox.people import load
from sandbox.settings import Settings
from sandbox.state import SandboxState

KEY = "AIza" + "k" * 35
GUELPH = {"area": "Guelph, Ontario", "region": "CA", "language": "en-US"}


@pytest.fixture(scope="module")
def stand_in() -> Iterator[SimpleNamespace]:
    """The stand-in in a thread of its own: the client blocks."""
    state, loop, up = SandboxState(Settings(), load()), asyncio.new_event_loop(), threading.Event()
    found = SimpleNamespace(state=state, address="")

    async def start() -> web.AppRunner:
        app = web.Application()
        app.add_routes(routes(state))
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        found.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        up.set()
        return runner

    def run() -> None:
        runner = loop.run_until_complete(start())
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert up.wait(10)
    yield found
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)


@pytest.fixture
def directory(stand_in):
    stand_in.state.faults.clear()
    made = registry.directory(
        SimpleNamespace(PROVIDERS={"directory": "google_places"}, GOOGLE_MAPS_API_KEY=KEY, GOOGLE_PLACES_ENDPOINT=stand_in.address)
    )
    yield made
    made.close()


def test_plumbers_near_guelph_come_with_what_speaks_for_each(directory):
    found = directory.search("plumber", **GUELPH)
    assert (directory.source, found.measured_from) == ("Google Maps", "Guelph")
    closed, open_one, travelling = found.listings
    assert (closed.name, closed.phone, closed.rating, closed.ratings) == ("Royal City Plumbing", "+1 519-555-0180", 4.9, 212)
    assert closed.address == "40 Quebec Street, Guelph" and closed.time_zone == "America/Toronto"
    assert closed.hours["wed"] == [["08:00", "17:00"]] and closed.status is BusinessStatus.OPERATIONAL
    assert closed.closed_until and datetime.now(UTC) < closed.closed_until < datetime.now(UTC) + timedelta(hours=40)
    assert 100 < (closed.distance_m or 0) < 300
    assert open_one.hours["sun"] == [["00:00", "24:00"]] and open_one.closed_until is None
    assert travelling.distance_m is None and travelling.phone


def test_an_unknown_area_has_no_distances(directory):
    found = directory.search("plumber", **{**GUELPH, "area": "Nowhere at all"})
    assert found.measured_from == "" and {one.distance_m for one in found.listings} <= {None}


def test_nothing_found_is_no_error(directory):
    assert directory.search("astronaut", **GUELPH).listings == ()


@pytest.mark.parametrize(("mode", "permanent"), [("500", False), ("429", False), ("garbage", False), ("odd_json", False)])
def test_what_the_directory_does_wrong_is_our_error_after_a_second_try(directory, stand_in, mode, permanent):
    stand_in.state.faults.set("google.places", {"mode": mode, "times": -1})
    with pytest.raises(ProviderError) as error:
        directory.search("plumber", **GUELPH)
    assert error.value.permanent is permanent
    assert "plumber" not in str(error.value)


def test_a_passing_failure_is_passed_over(directory, stand_in):
    stand_in.state.faults.set("google.places", {"mode": "500", "times": 1})
    assert directory.search("plumber", **GUELPH).listings


def test_one_that_does_not_answer_is_given_up(stand_in):
    stand_in.state.faults.set("google.places", {"mode": "stall", "times": -1, "ms": 700})
    slow = google_places.GooglePlaces(KEY, stand_in.address, timeout_s=0.2)
    with pytest.raises(ProviderError) as error:
        slow.search("plumber", **GUELPH)
    assert not error.value.permanent
    slow.close()


def test_one_that_is_not_there_is_our_error():
    away = google_places.GooglePlaces(KEY, "http://127.0.0.1:9")
    with pytest.raises(ProviderError):
        away.search("plumber", **GUELPH)
    away.close()


def test_a_wrong_key_is_permanent(stand_in):
    stand_in.state.faults.clear()
    wrong = google_places.GooglePlaces("nonsense", stand_in.address)
    with pytest.raises(ProviderError) as error:
        wrong.search("plumber", **GUELPH)
    assert error.value.permanent
    wrong.close()


def test_no_key_says_which_setting():
    with pytest.raises(ProviderError, match="GOOGLE_MAPS_API_KEY"):
        google_places.make_directory(SimpleNamespace(GOOGLE_MAPS_API_KEY="", GOOGLE_PLACES_ENDPOINT=""))


def period(day, opens, close_day=None, closes=None):
    point = places.Place.OpeningHours.Period.Point
    opened = point(day=day, hour=opens // 100, minute=opens % 100)
    if close_day is None:
        return places.Place.OpeningHours.Period(open_=opened)
    return places.Place.OpeningHours.Period(open_=opened, close=point(day=close_day, hour=closes // 100, minute=closes % 100))


WEEKS = {
    "an ordinary day": ([period(1, 800, 1, 1730)], {"mon": [["08:00", "17:30"]]}),
    "a lunch break": ([period(1, 800, 1, 1200), period(1, 1300, 1, 1700)], {"mon": [["08:00", "12:00"], ["13:00", "17:00"]]}),
    "past midnight": ([period(6, 1800, 0, 200)], {"sat": [["18:00", "02:00"]]}),
    "to midnight": ([period(2, 900, 3, 0)], {"tue": [["09:00", "24:00"]]}),
    "a night and a day on end": ([period(5, 2200, 0, 600)], {"fri": [["22:00", "24:00"]], "sat": [["00:00", "24:00"]], "sun": [["00:00", "06:00"]]}),
    "never": ([], {}),
    "no length": ([period(1, 900, 1, 900)], {}),
}


@pytest.mark.parametrize("name", WEEKS)
def test_opening_hours_are_read(name):
    periods, expected = WEEKS[name]
    assert {day: spans for day, spans in google_places.hours_of(periods).items() if spans} == expected


def test_always_open_is_every_day():
    assert google_places.hours_of([period(0, 0)]) == {day: [["00:00", "24:00"]] for day in google_places.DAYS}

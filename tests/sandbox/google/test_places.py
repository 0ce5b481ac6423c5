"""The directory's stand-in answers what the real one answers, and refuses what it refuses; asked by Google's own client and by hand."""

from __future__ import annotations

import json

import pytest
from aiohttp import ClientSession, web

from sandbox.faults import Fault
from sandbox.google.places import PATH, routes
from sandbox.people import load
from sandbox.settings import Settings
from sandbox.state import SandboxState

KEY = "AIza" + "k" * 35
MASK = "places.id,places.displayName,places.internationalPhoneNumber"


@pytest.fixture
def state():
    return SandboxState(Settings(), load())


@pytest.fixture
async def ask(state):
    app = web.Application()
    app.add_routes(routes(state))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with ClientSession() as session:

        async def post(body, *, key=KEY, mask=MASK, **query):
            headers = {name: value for name, value in {"X-Goog-Api-Key": key, "X-Goog-FieldMask": mask}.items() if value}
            async with session.post(f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}", json=body, headers=headers, params=query) as answer:
                return answer.status, json.loads(await answer.text())

        yield post
    await runner.cleanup()


async def names(ask, text, **body):
    status, answer = await ask({"textQuery": text, "includePureServiceAreaBusinesses": True, **body})
    assert status == 200, answer
    return [place["displayName"]["text"] for place in answer.get("places", [])]


async def test_plumbers_are_found_best_rated_first_and_nobody_else(ask):
    found = await names(ask, "plumber near Guelph, Ontario")
    assert found == ["Royal City Plumbing", "Maple Leaf Plumbing", "Speed River Plumbing"]
    assert await names(ask, "Maple Leaf Plumbing") == ["Maple Leaf Plumbing", *[name for name in found if name != "Maple Leaf Plumbing"]][:1]


async def test_who_has_no_address_is_only_found_when_asked_for(ask):
    _, answer = await ask({"textQuery": "plumber"})
    assert [place["displayName"]["text"] for place in answer["places"]] == ["Royal City Plumbing", "Maple Leaf Plumbing"]
    _, answer = await ask({"textQuery": "Speed River Plumbing", "includePureServiceAreaBusinesses": True}, mask="places.location,places.id")
    assert next(sorted(place) for place in answer["places"]) == ["id"]


async def test_nothing_found_is_an_empty_object(ask):
    assert await ask({"textQuery": "astronaut"}) == (200, {})


async def test_a_town_is_an_area(ask):
    _, answer = await ask({"textQuery": "Guelph, Ontario"}, mask="places.location,places.types,places.displayName")
    assert answer["places"][0]["types"] == ["locality", "political"]


async def test_only_what_the_mask_names_is_there_and_enums_are_numbers_on_request(ask):
    _, answer = await ask({"textQuery": "garage"}, mask="places.businessStatus,places.displayName.text")
    assert answer["places"][0] == {"businessStatus": "OPERATIONAL", "displayName": {"text": "Speedvale Garage"}}
    _, answer = await ask({"textQuery": "garage"}, mask="places.businessStatus", **{"$alt": "json;enum-encoding=int"})
    assert answer["places"][0] == {"businessStatus": 1}


REFUSED = {
    "no key": ({"key": ""}, {"textQuery": "plumber"}, 403, "PERMISSION_DENIED", "unregistered callers"),
    "a wrong key": ({"key": "sk-1"}, {"textQuery": "plumber"}, 400, "INVALID_ARGUMENT", "API key not valid"),
    "no mask": ({"mask": ""}, {"textQuery": "plumber"}, 400, "INVALID_ARGUMENT", "FieldMask is a required parameter"),
    "a mask of nothing": ({"mask": "places.nonsense"}, {"textQuery": "plumber"}, 400, "INVALID_ARGUMENT", "invalid argument"),
    "a mask with spaces": ({"mask": "places.id, places.types"}, {"textQuery": "plumber"}, 400, "INVALID_ARGUMENT", "invalid argument"),
    "no text": ({}, {}, 400, "INVALID_ARGUMENT", "Empty text_query"),
    "an unknown field": ({}, {"textQuery": "plumber", "color": "red"}, 400, "INVALID_ARGUMENT", 'Unknown name "color"'),
    "too many": ({}, {"textQuery": "plumber", "maxResultCount": 21}, 400, "INVALID_ARGUMENT", "between 1 and 20"),
    "too wide": ({}, {"textQuery": "x", "locationBias": {"circle": {"radius": 60_000}}}, 400, "INVALID_ARGUMENT", "Radius"),
    "a region of three letters": ({}, {"textQuery": "x", "regionCode": "CAN"}, 400, "INVALID_ARGUMENT", "region_code"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_the_service_refuses_is_refused(ask, name):
    how, body, code, canonical, words = REFUSED[name]
    status, answer = await ask(body, **how)
    assert status == answer["error"]["code"] == code
    assert answer["error"]["status"] == canonical and words in answer["error"]["message"]


async def test_faults_are_those_of_the_menu(ask, state):
    state.faults.set("google.places", {"mode": "429"})
    assert (await ask({"textQuery": "plumber"}))[0] == 429
    state.faults.set("google.places", {"mode": "empty"})
    assert await ask({"textQuery": "plumber"}) == (200, {})
    assert (await ask({"textQuery": "plumber"}))[1]["places"]
    assert isinstance(state.faults._on.get("google.places"), Fault | None)

"""A human at the vendor's phone, by the calls that the page makes."""

import base64
from typing import Any

import aiohttp
import numpy as np
import pytest

from tests.sandbox.twilio.application import STREAM, until
from tests.sandbox.twilio.conftest import FLORIST, a_call


@pytest.fixture
def control(carrier):
    async def post(path: str, body: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        url = f"http://127.0.0.1:{carrier.http_port}/control{path}"
        async with aiohttp.ClientSession() as session, session.post(url, json=body or {}) as response:
            return response.status, await response.json()

    return post


async def ringing(twilio, app, carrier, control):
    assert (await control(f"/people/{FLORIST}", {"behaviour": "human"}))[0] == 200
    app.answers["/voice"] = STREAM
    call = await twilio.do(lambda client: client.calls.create(**a_call()))
    phone = carrier.exchange.switchboard.phones.find(FLORIST)
    await until(lambda: phone.pick_up is not None)
    return carrier.exchange.log.get(call.sid)


async def test_it_rings_until_the_human_answers_and_what_they_type_is_spoken(twilio, app, carrier, control):
    call = await ringing(twilio, app, carrier, control)
    assert call.status == "ringing"
    assert (await control(f"/people/{FLORIST}/answer"))[0] == 200
    stream = await until(lambda: app.streams and app.streams[0])
    assert (await control(f"/people/{FLORIST}/say", {"text": "We have lilies for $85."}))[0] == 200
    await until(lambda: [frame for frame in stream.of("media") if set(base64.b64decode(frame["media"]["payload"])) != {0xFF}])
    assert call.transcript[0].text == "We have lilies for $85."
    assert "We have lilies for $85." in carrier.state.expected.callee.all()
    assert (await control(f"/people/{FLORIST}/press", {"keys": "5"}))[0] == 200
    await until(lambda: stream.of("dtmf"))
    assert (await control(f"/people/{FLORIST}/hang_up"))[0] == 200
    await until(lambda: call.status == "completed")


async def test_a_declined_call_is_busy(twilio, app, carrier, control):
    call = await ringing(twilio, app, carrier, control)
    await control(f"/people/{FLORIST}/decline")
    await until(lambda: call.over)
    assert call.status == "busy"


async def test_a_microphone_is_heard_and_hears(twilio, app, carrier, control):
    await ringing(twilio, app, carrier, control)
    await control(f"/people/{FLORIST}/answer")
    stream = await until(lambda: app.streams and app.streams[0])
    await until(lambda: stream.of("media"))
    url = f"http://127.0.0.1:{carrier.http_port}/control/people/{FLORIST}/audio"
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        await socket.send_bytes((np.sin(np.arange(1600) / 5) * 6000).astype("<i2").tobytes())
        await until(lambda: [frame for frame in stream.of("media") if set(base64.b64decode(frame["media"]["payload"])) != {0xFF}])
        assert len(await socket.receive_bytes(timeout=2)) == 160


async def test_nobody_can_answer_a_phone_that_does_not_ring(carrier, control):
    assert (await control(f"/people/{FLORIST}/answer"))[0] == 409
    assert (await control(f"/people/{FLORIST}/say", {"text": "hello"}))[0] == 409
    assert (await control("/people/+15195550999/answer"))[0] == 404
    assert (await control(f"/people/{FLORIST}", {"behaviour": "asleep"}))[0] == 400

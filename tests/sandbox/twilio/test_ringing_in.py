"""Somebody calls the account's number: the application is asked while it rings, answers with a document, and talks with them."""

import aiohttp
import pytest

from sandbox.people import Say
from tests.sandbox.twilio import application
from tests.sandbox.twilio.application import ORIGIN, RELAY, STREAM
from tests.sandbox.twilio.conftest import BUSY, FLOYD, SILENT

VOICE = f"{ORIGIN}/voice-in"
CONNECT = f'<Response><Connect><ConversationRelay url="{RELAY}" welcomeGreeting="Hello." events="tokens-played"/></Connect></Response>'


async def until(ready):
    """Waits as long as an ear may have to wait for a processor."""
    return await application.until(ready, 90)


@pytest.fixture
def number(carrier):
    own = carrier.exchange.numbers[FLOYD]
    own.voice_url, own.status_callback = VOICE, f"{ORIGIN}/status-in"
    return own


async def calls_in(carrier, number=SILENT, body=None):
    address = f"http://127.0.0.1:{carrier.http_port}/control/people/{number}/call"
    async with aiohttp.ClientSession() as session, session.post(address, json=body) as response:
        return response.status, await response.json()


async def over(carrier, sid):
    call = carrier.exchange.log.get(sid)
    await until(lambda: call.settled)
    return call


async def test_the_application_is_asked_and_answers_on_its_line(carrier, app, number):
    app.answers["/voice-in"] = CONNECT
    phone = carrier.exchange.switchboard.phones.set_behaviour(SILENT, "human")  # says what this test has them say, and nothing else
    status, made = await calls_in(carrier)
    assert status == 201
    session = await until(lambda: app.relays and app.relays[-1])
    await until(lambda: session.of("setup"))
    asked = app.fields("/voice-in")[0]
    assert (asked["CallStatus"], asked["Direction"], asked["From"], asked["To"]) == ("ringing", "inbound", SILENT, FLOYD)
    setup = session.messages[0]
    assert (setup["direction"], setup["from"], setup["callSid"]) == ("inbound", SILENT, made["sid"])
    await until(lambda: session.infos("tokensPlayed") == ["Hello."])
    phone.callee.say(Say("I want to rent a flat."))
    said = await until(lambda: [prompt["voicePrompt"] for prompt in session.of("prompt")])
    assert said[0].startswith("I want to rent a flat.")  # an ear may guess more behind it
    phone.callee.hang_up()
    call = await over(carrier, made["sid"])
    assert call.status == "completed"
    told = await until(lambda: app.fields("/status-in"))
    assert [form["CallStatus"] for form in told] == ["completed"]
    assert phone.state == "idle"


async def test_a_call_that_came_in_runs_over_a_media_stream_too(carrier, app, number):
    app.answers["/voice-in"] = STREAM
    _, made = await calls_in(carrier)
    stream = await until(lambda: app.streams and app.streams[-1])
    await until(lambda: stream.of("media"))
    assert stream.messages[1]["start"]["callSid"] == made["sid"]


@pytest.mark.parametrize(
    ("body", "verstat"),
    [
        ({}, "TN-Validation-Passed-A"),
        ({"attestation": "partial"}, "TN-Validation-Passed-B"),
        ({"attestation": "forged"}, "TN-Validation-Failed"),
        ({"attestation": "none"}, None),
    ],
)
async def test_the_application_reads_whether_the_callers_number_was_vouched_for(carrier, app, number, body, verstat):
    app.answers["/voice-in"] = "<Response><Hangup/></Response>"
    _, made = await calls_in(carrier, body=body)
    await over(carrier, made["sid"])
    assert app.fields("/voice-in")[0].get("StirVerstat") == verstat
    assert all("StirVerstat" not in form for form in app.fields("/status-in"))


async def test_an_attestation_that_there_is_not_is_refused(carrier, app, number):
    assert (await calls_in(carrier, body={"attestation": "very"}))[0] == 400


async def test_a_refused_call_ends_at_once(carrier, app, number):
    app.answers["/voice-in"] = '<Response><Reject reason="busy"/></Response>'
    _, made = await calls_in(carrier)
    call = await over(carrier, made["sid"])
    assert (call.status, call.answered_at) == ("busy", None)


async def test_a_number_without_an_application_is_not_answered(carrier, app, number):
    number.voice_url = ""
    _, made = await calls_in(carrier)
    assert (await over(carrier, made["sid"])).status == "no-answer"


async def test_an_application_that_fails_is_apologised_for(carrier, app, number):
    app.answers["/voice-in"] = 500
    _, made = await calls_in(carrier)
    call = await over(carrier, made["sid"])
    assert (call.status, call.alerts[0][0]) == ("completed", 11200)


async def test_a_phone_makes_one_call_at_a_time(carrier, app, number):
    app.answers["/voice-in"] = CONNECT
    await calls_in(carrier)
    await until(lambda: carrier.exchange.switchboard.phones.find(SILENT).state == "talking")
    assert (await calls_in(carrier))[0] == 409
    assert (await calls_in(carrier, "+15195550000"))[0] == 404
    assert (await calls_in(carrier, BUSY))[0] == 201

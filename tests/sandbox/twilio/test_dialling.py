"""A document dials somebody else: their phone rings, they hear what is for them first, the two talk, and the action is told how it went."""

import aiohttp
import pytest

from sandbox.people import Say
from sandbox.twilio.dial_verb import Dial
from sandbox.twilio.twiml import TwimlError, parse
from tests.sandbox.twilio import application
from tests.sandbox.twilio.application import ORIGIN
from tests.sandbox.twilio.conftest import ABSENT, BUSY, FLORIST, FLOYD, NOBODY, SILENT

HANG_UP = "<Response><Hangup/></Response>"


async def until(ready):
    """Waits as long as an ear may have to wait for a processor."""
    return await application.until(ready, 90)


def document(number, caller_id=FLOYD, whisper=True):
    url = f' url="{ORIGIN}/whisper"' if whisper else ""
    return f'<Response><Dial action="{ORIGIN}/dialled" timeout="5" callerId="{caller_id}"><Number{url}>{number}</Number></Dial></Response>'


@pytest.fixture
def rings(carrier, app):
    """The silent phone calls in, and the application dials `number`."""

    async def ring(number, **changes):
        carrier.exchange.numbers[FLOYD].voice_url = f"{ORIGIN}/voice-in"
        app.answers |= {"/voice-in": document(number, **changes), "/dialled": HANG_UP}
        carrier.exchange.switchboard.phones.set_behaviour(SILENT, "human")
        address = f"http://127.0.0.1:{carrier.http_port}/control/people/{SILENT}/call"
        async with aiohttp.ClientSession() as session, session.post(address) as response:
            return carrier.exchange.log.get((await response.json())["sid"])

    return ring


async def test_they_hear_the_whisper_first_and_then_each_other(carrier, app, rings):
    app.answers["/whisper"] = "<Response><Say>It is about roses.</Say></Response>"
    phones = carrier.exchange.switchboard.phones
    phones.set_behaviour(FLORIST, "human")
    call = await rings(FLORIST)
    florist, caller = phones.find(FLORIST), phones.find(SILENT)
    await until(lambda: florist.pick_up is not None)
    florist.pick_up.set_result(True)
    asked = (await until(lambda: app.fields("/whisper")))[0]
    [leg] = call.legs
    assert (asked["CallSid"], asked["ParentCallSid"], asked["To"], asked["From"], asked["Direction"]) == (
        leg.sid,
        call.sid,
        FLORIST,
        FLOYD,
        "outbound-dial",
    )
    told = await until(lambda: [line.text for line in leg.transcript if line.speaker != "callee"])
    assert "roses" in told[0]
    caller.callee.say(Say("Hello, flowers."))
    await until(lambda: len([line for line in leg.transcript if line.speaker != "callee"]) > 1)
    florist.callee.hang_up()
    done = (await until(lambda: app.fields("/dialled")))[0]
    assert (done["DialCallStatus"], done["DialBridged"], done["DialCallSid"], done["CallSid"]) == ("completed", "true", leg.sid, call.sid)
    assert int(done["DialCallDuration"]) >= 1
    await until(lambda: call.settled)
    assert (call.status, florist.state) == ("completed", "idle")


GATHERS = (
    f'<Response><Gather input="dtmf" numDigits="1" timeout="1" action="{ORIGIN}/taken"><Say>Press one to take it, or tell me.</Say>'
    "</Gather><Hangup/></Response>"
)


async def test_only_who_presses_the_key_is_connected(carrier, app, rings):
    app.answers |= {"/whisper": GATHERS, "/taken": "<Response/>"}
    call = await rings(FLORIST)
    florist = carrier.exchange.switchboard.phones.find(FLORIST)
    await until(lambda: florist.callee is not None)
    florist.callee.press("1")
    asked = (await until(lambda: app.fields("/taken")))[0]
    assert (asked["Digits"], asked["ParentCallSid"], "FinishedOnKey" in asked) == ("1", call.sid, False)
    florist.callee.hang_up()
    assert (await until(lambda: app.fields("/dialled")))[0]["DialBridged"] in ("true", "false")


async def test_who_presses_nothing_is_not_connected(carrier, app, rings):
    app.answers |= {"/whisper": GATHERS, "/taken": "<Response/>"}
    await rings(FLORIST)
    done = (await until(lambda: app.fields("/dialled")))[0]
    assert (done["DialCallStatus"], done["DialBridged"]) == ("completed", "false")
    assert app.fields("/taken") == []
    phones = carrier.exchange.switchboard.phones
    await until(lambda: phones.find(FLORIST).state == "idle")


async def test_who_hangs_up_over_the_first_words_was_not_connected(carrier, app, rings):
    app.answers["/whisper"] = GATHERS
    await rings(FLORIST)
    florist = carrier.exchange.switchboard.phones.find(FLORIST)
    await until(lambda: florist.callee is not None)
    florist.callee.hang_up()
    assert (await until(lambda: app.fields("/dialled")))[0]["DialBridged"] == "false"


@pytest.mark.parametrize(("number", "status"), [(BUSY, "busy"), (ABSENT, "no-answer"), (NOBODY, "failed")])
async def test_who_cannot_be_reached(app, rings, number, status):
    await rings(number)
    done = (await until(lambda: app.fields("/dialled")))[0]
    assert (done["DialCallStatus"], done["DialBridged"]) == (status, "false")
    assert "DialCallDuration" not in done
    assert app.fields("/whisper") == []


async def test_a_callers_number_that_is_not_the_accounts_is_refused(app, rings):
    call = await rings(FLORIST, caller_id="+15195550111")
    await until(lambda: app.fields("/dialled"))
    assert call.alerts[0][0] == 13214


async def test_who_hangs_up_ends_the_other_leg_too(carrier, app, rings):
    phones = carrier.exchange.switchboard.phones
    call = await rings(FLORIST, whisper=False)
    await until(lambda: phones.find(FLORIST).state == "talking")
    phones.find(SILENT).callee.hang_up()
    await until(lambda: call.settled)
    assert phones.find(FLORIST).state == "idle"


@pytest.mark.parametrize(
    "inside",
    [
        "<Dial>+15195550117</Dial>",
        "<Dial><Number>five</Number></Dial>",
        '<Dial record="true"><Number>+15195550117</Number></Dial>',
        '<Dial timeout="2"><Number>+15195550117</Number></Dial>',
        '<Dial><Number bogus="1">+15195550117</Number></Dial>',
    ],
)
def test_what_cannot_be_dialled(inside):
    with pytest.raises(TwimlError):
        parse(f"<Response>{inside}</Response>")


def test_relative_addresses_are_of_the_document():
    [verb] = parse('<Response><Dial action="/done"><Number url="/first">+15195550117</Number></Dial></Response>', f"{ORIGIN}/voice")
    assert isinstance(verb, Dial)
    assert (verb.action, verb.whisper) == (f"{ORIGIN}/done", f"{ORIGIN}/first")

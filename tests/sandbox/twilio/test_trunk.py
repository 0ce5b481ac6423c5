"""One number of the account rings another: two calls of the application, each with its stream, that hear each other."""

import base64

import pytest

from tests.sandbox.twilio.application import ORIGIN, STREAM, until
from tests.sandbox.twilio.conftest import FLOYD, SECOND, a_call
from tests.sandbox.twilio.test_media import TONE

#: The ears may have to wait for a processor.
PATIENCE_S = 60


@pytest.fixture
async def pair(twilio, app, carrier):
    """Both are on the line: the sid of who rang, and the streams of who rang and who was rung."""
    carrier.exchange.numbers[SECOND].voice_url = f"{ORIGIN}/voice-in"
    carrier.exchange.numbers[SECOND].status_callback = f"{ORIGIN}/status-in"
    app.answers |= {"/voice": STREAM, "/voice-in": STREAM}
    made = await twilio.do(lambda client: client.calls.create(**a_call(SECOND)))
    await until(lambda: len(app.streams) == 2 and all(stream.of("media") for stream in app.streams), PATIENCE_S)
    streams = {stream.messages[1]["start"]["callSid"]: stream for stream in app.streams}
    return made.sid, streams.pop(made.sid), *streams.values()


def loud(stream):
    return [frame for frame in stream.of("media") if set(base64.b64decode(frame["media"]["payload"])) != {0xFF}]


async def test_the_other_number_is_asked_and_both_are_calls_of_their_own(app, carrier, pair):
    sid, _, rung = pair
    asked = app.fields("/voice-in")[0]
    assert (asked["CallStatus"], asked["Direction"], asked["From"], asked["To"]) == ("ringing", "inbound", FLOYD, SECOND)
    assert asked["CallSid"] not in ("", sid)
    assert rung.messages[1]["start"]["callSid"] == asked["CallSid"]
    calls = [carrier.exchange.log.get(one) for one in (sid, asked["CallSid"])]
    assert [(call.direction, call.status, call.parent_sid) for call in calls] == [("outbound-api", "in-progress", ""), ("inbound", "in-progress", "")]


async def test_what_the_one_plays_the_other_hears(pair):
    _, caller, rung = pair
    assert not loud(caller) and not loud(rung)
    await caller.play(TONE)
    await until(lambda: len(loud(rung)) >= 40, PATIENCE_S)
    assert not loud(caller)
    await rung.play(TONE)
    await until(lambda: len(loud(caller)) >= 40, PATIENCE_S)


@pytest.mark.parametrize("who", [0, 1])
async def test_who_hangs_up_ends_the_other_call_too(twilio, app, carrier, pair, who):
    sid = (pair[0], app.fields("/voice-in")[0]["CallSid"])[who]
    await twilio.do(lambda client: client.calls(sid).update(status="completed"))
    await until(lambda: all(call.over for call in carrier.exchange.log.newest_first()), PATIENCE_S)
    assert {call.status for call in carrier.exchange.log.newest_first()} == {"completed"}
    await until(lambda: app.statuses("/status-in") == ["completed"] and "completed" in app.statuses(), PATIENCE_S)
    assert carrier.exchange.switchboard.expect_floyd()() is None


@pytest.mark.parametrize(
    ("document", "status"), [('<Response><Reject reason="busy"/></Response>', "busy"), ("<Response><Reject/></Response>", "failed")]
)
async def test_a_number_that_does_not_take_the_call(twilio, app, carrier, document, status):
    carrier.exchange.numbers[SECOND].voice_url = f"{ORIGIN}/voice-in"
    app.answers["/voice-in"] = document
    call = await twilio.do(lambda client: client.calls.create(**a_call(SECOND)))
    await until(lambda: carrier.exchange.log.get(call.sid).over, PATIENCE_S)
    assert carrier.exchange.log.get(call.sid).status == status


async def test_a_number_without_an_address_is_answered_by_nobody(twilio, carrier):
    call = await twilio.do(lambda client: client.calls.create(**a_call(SECOND)))
    await until(lambda: carrier.exchange.log.get(call.sid).over, PATIENCE_S)
    assert carrier.exchange.log.get(call.sid).status == "no-answer"


async def test_the_account_lists_both_numbers_and_calls_go_out_from_either(twilio, app, carrier):
    listed = await twilio.do(lambda client: [number.phone_number for number in client.incoming_phone_numbers.list()])
    assert listed == [FLOYD, SECOND]
    (one,) = await twilio.do(lambda client: client.incoming_phone_numbers.list(phone_number=SECOND))
    await twilio.do(lambda client: client.incoming_phone_numbers(one.sid).update(voice_url=f"{ORIGIN}/elsewhere"))
    assert [settings.voice_url for settings in carrier.exchange.numbers.values()] == ["", f"{ORIGIN}/elsewhere"]
    app.answers["/voice"] = "<Response/>"
    call = await twilio.do(lambda client: client.calls.create(**a_call(from_=SECOND)))
    assert call._from == SECOND

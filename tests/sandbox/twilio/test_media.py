"""Media Streams end to end: the carrier is the WebSocket client, the phone at its other end is a person."""

import base64

import numpy as np

from sandbox.voice import mulaw_encode, say
from tests.sandbox.twilio.application import MEDIA, STREAM, until
from tests.sandbox.twilio.conftest import a_call

TONE = mulaw_encode((np.sin(np.arange(8000) / 5) * 6000).astype(np.int16))


async def streaming(twilio, app, document=STREAM, **arguments):
    app.answers["/voice"] = document
    call = await twilio.do(lambda client: client.calls.create(**a_call(**arguments)))
    stream = await until(lambda: app.streams and app.streams[-1])
    await until(lambda: stream.of("media"))
    return call.sid, stream


async def test_messages_come_in_order_and_audio_in_real_time(twilio, app, carrier):
    sid, stream = await streaming(twilio, app)
    assert [message["event"] for message in stream.messages[:3]] == ["connected", "start", "media"]
    start = stream.messages[1]["start"]
    assert (start["callSid"], start["streamSid"], start["customParameters"]) == (sid, stream.sid, {"call_id": "7"})
    before = len(stream.of("media"))
    await until(lambda: len(stream.of("media")) >= before + 50)
    frames = stream.of("media")
    assert [frame["media"]["chunk"] for frame in frames] == [str(number + 1) for number in range(len(frames))]
    assert {len(base64.b64decode(frame["media"]["payload"])) for frame in frames} == {160}


async def test_the_person_is_heard(twilio, app, carrier):
    sid, stream = await streaming(twilio, app)
    loud = await until(lambda: [f for f in stream.of("media") if set(base64.b64decode(f["media"]["payload"])) != {0xFF}])
    assert loud
    assert carrier.exchange.log.get(sid).transcript[0].text == "Hello, flowers."


async def test_a_mark_comes_back_when_it_was_played_and_all_of_them_on_clear(twilio, app, carrier):
    _, stream = await streaming(twilio, app)
    await stream.play(TONE[:800])
    await stream.send("mark", mark={"name": "short"})
    await until(lambda: [mark["mark"]["name"] for mark in stream.of("mark")] == ["short"])
    await stream.play(TONE * 10)
    await stream.send("mark", mark={"name": "long"})
    await stream.send("mark", mark={"name": "longer"})
    frames = len(stream.of("media"))
    await until(lambda: len(stream.of("media")) > frames + 10)
    assert len(stream.of("mark")) == 1
    await stream.send("clear")
    await until(lambda: [mark["mark"]["name"] for mark in stream.of("mark")] == ["short", "long", "longer"])
    await stream.send("mark", mark={"name": "idle"})
    await until(lambda: len(stream.of("mark")) == 4)


async def test_closing_our_socket_goes_on_with_the_next_verb(twilio, app, carrier):
    sid, stream = await streaming(twilio, app, STREAM.replace("</Connect>", "</Connect><Redirect>/after</Redirect>"))
    app.answers["/after"] = "<Response><Hangup/></Response>"
    await stream.socket.close()
    await until(lambda: carrier.exchange.log.get(sid).over)
    assert len(app.fields("/after")) == 1
    assert carrier.exchange.log.get(sid).alerts == []


async def test_with_an_action_what_follows_connect_is_never_reached(twilio, app, carrier):
    document = STREAM.replace("<Connect>", '<Connect action="/done">').replace("</Connect>", "</Connect><Redirect>/after</Redirect>")
    sid, stream = await streaming(twilio, app, document)
    app.answers["/done"] = "<Response/>"
    await stream.socket.close()
    await until(lambda: carrier.exchange.log.get(sid).over)
    assert (len(app.fields("/done")), len(app.fields("/after"))) == (1, 0)


async def test_ending_the_call_stops_the_stream(twilio, app, carrier):
    document = STREAM.replace("<Stream ", '<Stream statusCallback="https://app.example/stream" ')
    sid, stream = await streaming(twilio, app, document)
    await twilio.do(lambda client: client.calls(sid).update(status="completed"))
    await until(stream.closed.is_set)
    assert stream.messages[-1]["event"] == "stop"
    assert stream.messages[-1]["stop"]["callSid"] == sid
    fields = await until(lambda: len(app.fields("/stream")) == 2 and app.fields("/stream"))
    assert [field["StreamEvent"] for field in fields] == ["stream-started", "stream-stopped"]
    assert fields[0]["StreamSid"] == stream.sid


async def test_another_document_stops_the_stream_and_may_open_a_new_one(twilio, app, carrier):
    sid, stream = await streaming(twilio, app)
    await twilio.do(lambda client: client.calls(sid).update(url="https://app.example/voice"))
    await until(lambda: len(app.streams) == 2)
    assert stream.messages[-1]["event"] == "stop"
    second = app.streams[1]
    await until(lambda: second.of("media"))
    assert second.sid != stream.sid


async def test_a_refused_upgrade_is_31920_and_the_document_goes_on(twilio, app, carrier):
    app.upgrade_status = 403
    app.answers["/voice"] = STREAM.replace("</Connect>", "</Connect><Redirect>/after</Redirect>")
    app.answers["/after"] = "<Response/>"
    call = await twilio.do(lambda client: client.calls.create(**a_call()))
    await until(lambda: carrier.exchange.log.get(call.sid).over)
    assert carrier.exchange.log.get(call.sid).alerts[0][0] == 31920
    assert len(app.fields("/after")) == 1


async def test_a_stream_url_with_a_query_is_never_dialled(twilio, app, carrier):
    app.answers["/voice"] = STREAM.replace(MEDIA, MEDIA + "?call=7")
    call = await twilio.do(lambda client: client.calls.create(**a_call()))
    await until(lambda: carrier.exchange.log.get(call.sid).over)
    assert carrier.exchange.log.get(call.sid).alerts[0][0] == 31920
    assert app.streams == []


async def test_a_binary_message_is_31950(twilio, app, carrier):
    sid, stream = await streaming(twilio, app)
    await stream.socket.send_bytes(b"\x00")
    await until(lambda: carrier.exchange.log.get(sid).over)
    assert carrier.exchange.log.get(sid).alerts[0][0] == 31950


async def test_a_socket_that_breaks_is_a_stream_error(twilio, app, carrier):
    carrier.state.faults.set("media.socket", {"mode": "drop", "after_ms": 100})
    document = STREAM.replace("<Stream ", '<Stream statusCallback="https://app.example/stream" ').replace(
        "</Connect>", "</Connect><Redirect>/after</Redirect>"
    )
    app.answers["/after"] = "<Response/>"
    sid, stream = await streaming(twilio, app, document)
    await until(lambda: carrier.exchange.log.get(sid).over)
    assert not stream.of("stop")
    assert [field["StreamEvent"] for field in app.fields("/stream")] == ["stream-started", "stream-error"]
    assert len(app.fields("/after")) == 1


async def test_a_person_who_hangs_up_ends_call_and_stream(twilio, app, carrier):
    sid, stream = await streaming(twilio, app)
    carrier.exchange.switchboard.phones.find("+15195550117").callee.hang_up()
    await until(stream.closed.is_set)
    await until(lambda: carrier.exchange.log.get(sid).status == "completed")
    assert stream.messages[-1]["event"] == "stop"


async def test_what_the_application_says_is_heard_by_the_person(twilio, app, carrier):
    sid, stream = await streaming(twilio, app)
    call = carrier.exchange.log.get(sid)
    carrier.state.expected.floyd.add("Good morning, I would like to order tulips.")
    await until(lambda: len(stream.of("media")) > 80)
    await stream.play(mulaw_encode(say("Good morning, I would like to order tulips.")))
    heard = await until(lambda: [line for line in call.transcript if line.speaker == "floyd"])
    assert "tulips" in heard[0].text
    await until(lambda: call.transcript[-1].text == "Pardon?")

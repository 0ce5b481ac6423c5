"""The life of a call: order of events, callbacks, and what the document says."""

import asyncio
from collections import Counter
from datetime import timedelta

from sandbox.faults import manners
from sandbox.twilio.calls import PRICED_AFTER
from tests.sandbox.twilio.application import until
from tests.sandbox.twilio.conftest import ABSENT, BUSY, FLORIST, FLOYD, NOBODY, a_call


async def placed(twilio, **arguments):
    return (await twilio.do(lambda client: client.calls.create(**a_call(**arguments)))).sid


async def over(call) -> None:
    await until(lambda: call.over)


async def test_a_call_tells_of_each_step_once_and_in_order(twilio, app, carrier):
    app.answers["/voice"] = "<Response><Pause length='1'/></Response>"
    sid = await placed(twilio)
    await until(lambda: len(app.statuses()) == 4)
    assert app.statuses() == ["initiated", "ringing", "in-progress", "completed"]
    fields = app.fields("/status")
    assert [field["SequenceNumber"] for field in fields] == ["0", "1", "2", "3"]
    last = fields[-1]
    assert (last["CallSid"], last["CallDuration"], last["Duration"], last["SipResponseCode"]) == (sid, "1", "1", "200")
    assert (last["FromCity"], last["CalledZip"], last["ToCountry"]) == ("", "", "CA")
    assert "CallDuration" not in fields[2]
    [voice] = app.fields("/voice")
    assert (voice["CallStatus"], voice["To"], voice["From"]) == ("in-progress", FLORIST, FLOYD)
    assert app.forged == 0
    call = await twilio.do(lambda client: client.calls(sid).fetch())
    assert (call.status, call.duration) == ("completed", "1")


async def test_what_a_call_cost_is_known_a_while_after_its_end(twilio, app, carrier):
    app.answers["/voice"] = "<Response><Hangup/></Response>"
    sid, unanswered = await placed(twilio), await placed(twilio, to=BUSY)
    calls = [carrier.exchange.log.get(one) for one in (sid, unanswered)]
    await until(lambda: all(call.over for call in calls))
    for call in calls:
        call.ended_at -= PRICED_AFTER
    answered = calls[0]
    answered.answered_at = answered.ended_at - timedelta(seconds=61)
    assert answered.price(answered.ended_at + PRICED_AFTER - timedelta(seconds=1)) is None
    shown = await twilio.do(lambda client: client.calls(sid).fetch())
    assert (shown.price, shown.price_unit) == ("-0.02800", "USD")
    assert {one.sid: one.price for one in await twilio.do(lambda client: client.calls.list())} == {sid: "-0.02800", unanswered: None}


async def test_only_the_events_asked_for_are_told(twilio, app):
    app.answers["/voice"] = "<Response><Hangup/></Response>"
    await placed(twilio, status_callback_event=["completed"])
    await until(app.statuses)
    assert app.statuses() == ["completed"]


async def test_busy_absent_and_unknown_numbers_never_fetch_the_document(twilio, app, carrier):
    for to, timeout in ((BUSY, 20), (ABSENT, 1), (NOBODY, 20)):
        await placed(twilio, to=to, timeout=timeout)
    await until(lambda: all(call.over for call in carrier.exchange.log.newest_first()))
    await carrier.exchange.carrier.tasks.idle()
    ends = {field["To"]: (field["CallStatus"], field["SipResponseCode"]) for field in app.fields("/status") if "CallDuration" in field}
    assert ends == {BUSY: ("busy", "486"), ABSENT: ("no-answer", "487"), NOBODY: ("failed", "404")}
    assert app.fields("/voice") == []


async def test_verbs_run_in_document_order_and_the_end_hangs_up(twilio, app, carrier):
    app.answers["/voice"] = "<Response><Say>One moment.</Say><Redirect>/next</Redirect><Say>Never.</Say></Response>"
    app.answers["/next"] = "<Response><Play digits='12'/><Hangup/><Redirect>/never</Redirect></Response>"
    sid = await placed(twilio)
    await until(lambda: carrier.exchange.log.get(sid).over)
    assert [path for path, _ in app.posts if path != "/status"] == ["/voice", "/next"]
    assert carrier.exchange.log.get(sid).alerts == []


async def test_each_failure_of_the_document_has_its_code(twilio, app, carrier):
    app.answers |= {"/500": 500, "/broken": "<Response>", "/fallback": "<Response><Hangup/></Response>"}
    for url, code in (("https://app.example/500", 11200), ("https://app.example/broken", 12100), ("https://unmapped.example/x", 11200)):
        sid = await placed(twilio, url=url, fallback_url="https://app.example/fallback")
        call = carrier.exchange.log.get(sid)
        await over(call)
        assert [alert[0] for alert in call.alerts] == [code]
        assert app.fields("/fallback")[-1]["ErrorCode"] == str(code)
        assert call.status == "completed"


async def test_ending_a_call_that_rings_cancels_it(twilio, app, carrier):
    sid = await placed(twilio, to=ABSENT)
    await until(lambda: app.statuses() == ["initiated", "ringing"])
    call = await twilio.do(lambda client: client.calls(sid).update(status="completed"))
    assert call.status == "canceled"
    await until(lambda: app.statuses()[-1] == "canceled")


async def test_ending_a_call_in_progress_completes_it(twilio, app, carrier):
    app.answers["/voice"] = "<Response><Pause length='60'/></Response>"
    sid = await placed(twilio)
    await until(lambda: carrier.exchange.log.get(sid).status == "in-progress")
    assert (await twilio.do(lambda client: client.calls(sid).update(status="completed"))).status == "completed"
    await until(lambda: app.statuses()[-1] == "completed")


async def test_a_call_in_progress_goes_on_with_another_document(twilio, app, carrier):
    app.answers |= {"/voice": "<Response><Pause length='60'/></Response>", "/other": "<Response><Hangup/></Response>"}
    sid = await placed(twilio)
    await until(lambda: app.fields("/voice"))
    await twilio.do(lambda client: client.calls(sid).update(url="https://app.example/other"))
    await until(lambda: carrier.exchange.log.get(sid).over)
    assert len(app.fields("/other")) == 1


async def test_the_time_limit_ends_a_call(twilio, app, carrier):
    app.answers["/voice"] = "<Response><Pause length='60'/></Response>"
    sid = await placed(twilio, time_limit=1)
    await until(lambda: carrier.exchange.log.get(sid).over)
    assert carrier.exchange.log.get(sid).status == "completed"


async def test_synchronous_machine_detection_comes_with_the_document_request(twilio, app, carrier):
    app.answers["/voice"] = "<Response><Hangup/></Response>"
    await placed(twilio, machine_detection="Enable")
    [voice] = await until(lambda: app.fields("/voice"))
    assert voice["AnsweredBy"] == "human"


async def test_asynchronous_machine_detection_is_a_callback_of_four_fields(twilio, app, carrier):
    app.answers["/voice"] = "<Response><Pause length='1'/></Response>"
    await placed(twilio, machine_detection="Enable", async_amd="true", async_amd_status_callback="https://app.example/amd")
    [verdict] = await until(lambda: app.fields("/amd"))
    assert set(verdict) == {"CallSid", "AccountSid", "AnsweredBy", "MachineDetectionDuration"}


async def test_nasty_callbacks_arrive_as_often_as_the_seed_says(twilio, app, carrier):
    carrier.state.faults.nasty = 3
    sids = [await placed(twilio, to=NOBODY) for _ in range(8)]
    await until(lambda: all(call.over for call in carrier.exchange.log.newest_first()))
    await carrier.exchange.carrier.tasks.idle()
    expected: Counter[tuple[str, str]] = Counter()
    for ordinal, sid in enumerate(sids, start=1):
        for event, status in (("initiated", "initiated"), ("completed", "failed")):
            expected[sid, status] = manners(3, "call", ordinal, event).copies
    assert Counter((field["CallSid"], field["CallStatus"]) for field in app.fields("/status")) == +expected
    assert set(expected.values()) >= {1, 2}
    assert app.forged == 0


async def test_a_webhook_that_cannot_be_reached_is_tried_once_more(twilio, app, carrier):
    tries = []

    async def refuse(reader, writer):
        tries.append(1)
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    sid = await placed(twilio, url=f"http://127.0.0.1:{port}/voice")
    await until(lambda: carrier.exchange.log.get(sid).alerts)
    assert len(tries) == 2
    server.close()


async def test_a_fault_forges_the_signature(twilio, app, carrier):
    carrier.state.faults.set("webhooks.status", {"mode": "bad_signature"})
    await placed(twilio, to=NOBODY)
    await until(lambda: app.statuses() == ["failed"])
    assert app.forged == 1

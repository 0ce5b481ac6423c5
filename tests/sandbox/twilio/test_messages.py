import aiohttp
import pytest
from twilio.base.exceptions import TwilioRestException

from tests.sandbox.twilio.application import until
from tests.sandbox.twilio.conftest import FLOYD, TOM


async def text(carrier, from_: str, body: str) -> int:
    url = f"http://127.0.0.1:{carrier.http_port}/control/messages"
    async with aiohttp.ClientSession() as session, session.post(url, json={"from": from_, "body": body}) as response:
        return response.status


async def test_a_text_is_delivered_with_callbacks_in_order(twilio, app, carrier):
    message = await twilio.do(
        lambda client: client.messages.create(to=TOM, from_=FLOYD, body="What is your limit?", status_callback="https://app.example/texts")
    )
    assert (message.status, message.num_segments, message.direction) == ("queued", "1", "outbound-api")
    fields = await until(lambda: len(app.fields("/texts")) == 3 and app.fields("/texts"))
    assert [field["MessageStatus"] for field in fields] == ["queued", "sent", "delivered"]
    assert all(field["MessageSid"] == message.sid for field in fields)
    assert (await twilio.do(lambda client: client.messages(message.sid).fetch())).status == "delivered"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [({"to": "nobody"}, 21211), ({"to": ""}, 21604), ({"from_": TOM}, 21606), ({"body": ""}, 21602), ({"body": "x" * 1601}, 21617)],
)
async def test_a_text_that_cannot_be_sent_is_refused(twilio, arguments, code):
    with pytest.raises(TwilioRestException) as caught:
        await twilio.do(lambda client: client.messages.create(**({"to": TOM, "from_": FLOYD, "body": "hi"} | arguments)))
    assert (caught.value.status, caught.value.code) == (400, code)


async def test_a_users_text_reaches_the_application_signed_and_its_answer_comes_back(app, carrier):
    app.answers["/message"] = "<Response><Message>Thanks</Message></Response>"
    assert await text(carrier, TOM, "up to $80") == 201
    [field] = await until(lambda: app.fields("/message"))
    assert (field["From"], field["To"], field["Body"], field["NumMedia"], field["FromCity"]) == (TOM, FLOYD, "up to $80", "0", "")
    await until(lambda: any(message.body == "Thanks" and message.to == TOM for message in carrier.post_office.log.oldest_first()))


async def test_stop_is_respected_until_start(twilio, app, carrier):
    await text(carrier, TOM, "STOP")
    [field] = await until(lambda: app.fields("/message"))
    assert field["OptOutType"] == "STOP"
    with pytest.raises(TwilioRestException) as caught:
        await twilio.do(lambda client: client.messages.create(to=TOM, from_=FLOYD, body="hi"))
    assert caught.value.code == 21610
    await text(carrier, TOM, "start")
    await until(lambda: len(app.fields("/message")) == 2)
    await twilio.do(lambda client: client.messages.create(to=TOM, from_=FLOYD, body="hi"))


async def test_an_undeliverable_text_says_so_later(twilio, app, carrier):
    carrier.state.faults.set("messages.delivery", {"mode": "undelivered"})
    await twilio.do(lambda client: client.messages.create(to=TOM, from_=FLOYD, body="hi", status_callback="https://app.example/texts"))
    fields = await until(lambda: len(app.fields("/texts")) == 3 and app.fields("/texts"))
    assert (fields[-1]["MessageStatus"], fields[-1]["ErrorCode"]) == ("undelivered", "30003")


async def test_control_takes_json_only(carrier):
    url = f"http://127.0.0.1:{carrier.http_port}/control/messages"
    async with aiohttp.ClientSession() as session, session.post(url, data={"from": TOM, "body": "x"}) as response:
        assert response.status == 415

"""The REST interface as the official client sees it."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp
import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from tests.sandbox.twilio.application import until
from tests.sandbox.twilio.conftest import ACCOUNT, FLORIST, FLOYD, NOBODY, TOM, Twilio, a_call


async def refused(twilio, function) -> TwilioRestException:
    with pytest.raises(TwilioRestException) as caught:
        await twilio.do(function)
    return caught.value


async def test_a_new_call_is_queued_and_has_every_key(twilio, app):
    call = await twilio.do(lambda client: client.calls.create(**a_call(NOBODY)))
    assert call.sid.startswith("CA")
    assert len(call.sid) == 34
    assert (call.status, call.direction, call.to, call._from, call.queue_time) == ("queued", "outbound-api", NOBODY, FLOYD, "0")
    assert call.date_created is None
    assert (call.duration, call.price, call.end_time) == (None, None, None)
    fetched = await twilio.do(lambda client: client.calls(call.sid).fetch())
    assert isinstance(fetched.date_created, datetime)


async def test_wrong_credentials_are_refused_with_20003(carrier):
    stranger = Twilio(carrier.http_port, "wrong")
    error = await refused(stranger, lambda client: client.calls.create(**a_call()))
    assert (error.status, error.code) == (401, 20003)
    assert len(carrier.exchange.log) == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"to": "12"}, 21211),
        ({"to": ""}, 21201),
        ({"from_": ""}, 21213),
        ({"from_": "Floyd"}, 21212),
        ({"from_": "+15195550100"}, 21210),
        ({"url": "ftp://app.example/voice"}, 21205),
        ({"url": ""}, 21205),
        ({"url": "https://under_score.example/voice"}, 21205),
        ({"status_callback": "/status"}, 21609),
        ({"status_callback_event": ["answered", "gone"]}, 21626),
        ({"method": "PATCH"}, 21403),
        ({"timeout": 601}, 21208),
        ({"send_digits": "12x"}, 21206),
    ],
)
async def test_a_malformed_parameter_is_refused_with_the_carriers_code(twilio, carrier, arguments, code):
    error = await refused(twilio, lambda client: client.calls.create(**a_call(**arguments)))
    assert (error.status, error.code) == (400, code)
    assert len(carrier.exchange.log) == 0


async def test_an_unknown_parameter_is_refused(carrier):
    url = f"http://127.0.0.1:{carrier.http_port}/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
    headers = {"Authorization": aiohttp.encode_basic_auth(ACCOUNT, carrier.state.settings.auth_token)}
    async with aiohttp.ClientSession(headers=headers) as session, session.post(url, data={"To": FLORIST, "Statuscallback": "x"}) as response:
        body = await response.json()
    assert (response.status, body["code"], body["status"]) == (400, 20001, 400)
    assert body["more_info"].endswith("/20001")
    assert parsedate_to_datetime(response.headers["Date"])


async def test_what_does_not_exist_is_20404_and_what_is_over_21220(twilio, carrier):
    error = await refused(twilio, lambda client: client.calls("CA" + "0" * 32).fetch())
    assert (error.status, error.code) == (404, 20404)
    call = await twilio.do(lambda client: client.calls.create(**a_call(NOBODY)))
    await until(lambda: carrier.exchange.log.get(call.sid).over)
    error = await refused(twilio, lambda client: client.calls(call.sid).update(status="completed"))
    assert (error.status, error.code) == (400, 21220)


async def test_lists_are_filtered_and_paged(twilio):
    for to in (NOBODY, NOBODY, NOBODY, "+15195550104"):
        await twilio.do(lambda client, to=to: client.calls.create(**a_call(to)))
    assert len(await twilio.do(lambda client: client.calls.list())) == 4
    found = await twilio.do(lambda client: client.calls.list(to=NOBODY, from_=FLOYD, page_size=2))
    assert [call.to for call in found] == [NOBODY] * 3
    page = await twilio.do(lambda client: client.calls.page(page_size=3))
    assert page.next_page_url.startswith("https://api.twilio.com/2010-04-01/")
    now = datetime.now(UTC)
    recent = await twilio.do(lambda client: client.calls.list(start_time_after=now - timedelta(minutes=1)))
    assert len(recent) == 4
    assert await twilio.do(lambda client: client.calls.list(start_time_after=now + timedelta(minutes=1))) == []
    assert await twilio.do(lambda client: client.calls.list(status="in-progress")) == []


async def test_the_account_its_number_and_a_deleted_call(twilio, carrier):
    assert (await twilio.do(lambda client: client.api.accounts(ACCOUNT).fetch())).status == "active"
    [number] = await twilio.do(lambda client: client.incoming_phone_numbers.list(phone_number=FLOYD))
    assert number.sms_url == "https://app.example/message"
    changed = await twilio.do(lambda client: client.incoming_phone_numbers(number.sid).update(sms_url="https://app.example/other"))
    assert changed.sms_url == "https://app.example/other" == carrier.post_office.sms_url
    call = await twilio.do(lambda client: client.calls.create(**a_call(NOBODY)))
    await until(lambda: carrier.exchange.log.get(call.sid).over)
    assert await twilio.do(lambda client: client.calls(call.sid).delete())
    assert (await refused(twilio, lambda client: client.calls(call.sid).fetch())).code == 20404


async def test_lookups_tell_the_kind_of_line_and_an_invalid_number_is_an_answer(twilio):
    found = await twilio.do(lambda client: client.lookups.v2.phone_numbers(FLORIST).fetch(fields="line_type_intelligence"))
    assert (found.valid, found.country_code, found.line_type_intelligence["type"]) == (True, "CA", "landline")
    assert found.caller_name is None
    premium = await twilio.do(lambda client: client.lookups.v2.phone_numbers("+19005551234").fetch(fields="line_type_intelligence"))
    assert premium.line_type_intelligence["type"] == "premium"
    wrong = await twilio.do(lambda client: client.lookups.v2.phone_numbers("+1519555").fetch())
    assert (wrong.valid, wrong.validation_errors) == (False, ["TOO_SHORT"])
    error = await refused(twilio, lambda client: client.lookups.v2.phone_numbers(FLORIST).fetch(fields="shoe_size"))
    assert error.status == 400


@pytest.mark.parametrize(
    ("mode", "status", "code", "placed"),
    [("429", 429, 20429, 0), ("refused", 400, 21216, 0), ("500_but_placed", 500, 20500, 1), ("500", 500, 20500, 0)],
)
async def test_faults_of_placing_a_call(twilio, carrier, mode, status, code, placed):
    carrier.state.faults.set("calls.create", {"mode": mode})
    error = await refused(twilio, lambda client: client.calls.create(**a_call(NOBODY)))
    assert (error.status, error.code) == (status, code)
    assert len(carrier.exchange.log) == placed
    assert (await twilio.do(lambda client: client.calls.create(**a_call(NOBODY)))).status == "queued"


async def test_a_lost_reply_has_placed_the_call(twilio, carrier):
    carrier.state.faults.set("calls.create", {"mode": "lost_reply"})
    with pytest.raises(requests.ConnectionError):
        await twilio.do(lambda client: client.calls.create(**a_call(NOBODY)))
    assert len(carrier.exchange.log) == 1


async def test_a_slow_reply_has_placed_the_call_before_it_comes(twilio, carrier):
    carrier.state.faults.set("calls.create", {"mode": "slow", "ms": 200})
    creating = asyncio.create_task(twilio.do(lambda client: client.calls.create(**a_call(NOBODY))))
    await until(lambda: len(carrier.exchange.log) == 1)
    assert not creating.done()
    await creating


async def test_texts_are_listed_newest_first(twilio):
    for body in ("one", "two"):
        await twilio.do(lambda client, body=body: client.messages.create(to=TOM, from_=FLOYD, body=body))
    assert [text.body for text in await twilio.do(lambda client: client.messages.list(to=TOM))] == ["two", "one"]

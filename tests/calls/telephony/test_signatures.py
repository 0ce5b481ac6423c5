"""Nobody but the carrier may post to us or open a call's stream."""

import pytest
from django.test import RequestFactory
from twilio.request_validator import RequestValidator

from calls.telephony.signatures import valid_upgrade, valid_webhook
from calls.telephony.tokens import stream_token, valid_stream_token
from tests.calls.conftest import PUBLIC_URL, TOKEN, sign

FORM = {"CallSid": "CA" + "1" * 32, "CallStatus": "ringing", "FromCity": ""}


def post(path="/twilio/message", form=None, **headers):
    return RequestFactory().post(path, FORM if form is None else form, headers=headers)


def test_the_carriers_signature_is_valid():
    assert valid_webhook(post(**{"X-Twilio-Signature": sign("/twilio/message", FORM)}))


def test_a_query_is_part_of_what_is_signed():
    signature = sign("/twilio/message?a=1&b=%20x", FORM)
    assert valid_webhook(post("/twilio/message?a=1&b=%20x", **{"X-Twilio-Signature": signature}))
    assert not valid_webhook(post("/twilio/message?a=2", **{"X-Twilio-Signature": signature}))


@pytest.mark.parametrize(
    "signature", ["", "x", "é" * 28, sign("/twilio/other", FORM), sign("/twilio/message", {}), sign("/twilio/message", FORM)[:-1] + "A"]
)
def test_any_other_signature_is_not(signature):
    assert not valid_webhook(post(**{"X-Twilio-Signature": signature}))


def test_a_missing_signature_is_not_an_error():
    assert not valid_webhook(post())


def test_the_host_header_decides_nothing():
    request = RequestFactory().post(
        "/twilio/message", FORM, headers={"Host": "evil.example", "X-Forwarded-Proto": "http", "X-Twilio-Signature": sign("/twilio/message", FORM)}
    )
    assert valid_webhook(request)
    evil = RequestValidator(TOKEN).compute_signature("https://evil.example/twilio/message", FORM)
    assert not valid_webhook(RequestFactory().post("/twilio/message", FORM, headers={"Host": "evil.example", "X-Twilio-Signature": evil}))


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded; charset=latin-1", "multipart/form-data", "multipart/form-data; boundary=é", "x"]
)
def test_an_unreadable_body_is_not_an_error(content_type):
    request = RequestFactory().post("/twilio/message", b"a\x00--", content_type=content_type, headers={"X-Twilio-Signature": "x"})
    assert not valid_webhook(request)


def test_without_an_account_nothing_is_valid(settings):
    settings.TWILIO_AUTH_TOKEN = ""
    signature = RequestValidator("").compute_signature(f"{PUBLIC_URL}/twilio/message", FORM)
    assert not valid_webhook(post(**{"X-Twilio-Signature": signature}))


@pytest.mark.parametrize("signed", ["wss://media.floyd.example/media", "wss://media.floyd.example/media/"])
def test_a_stream_is_signed_with_or_without_a_slash(signed):
    signature = RequestValidator(TOKEN).compute_signature(signed, {}).encode()
    assert valid_upgrade("/media", [(b"host", b"127.0.0.1"), (b"x-twilio-signature", signature)])


@pytest.mark.parametrize("headers", [[], [(b"x-twilio-signature", b"")], [(b"x-twilio-signature", b"\xff")]])
def test_a_stream_without_a_right_signature_is_refused(headers):
    assert not valid_upgrade("/media", headers)


def test_a_token_belongs_to_one_call():
    assert valid_stream_token("a", stream_token("a"))
    for wrong in (stream_token("b"), "", "é", stream_token("a") + "=", stream_token("a")[:-1]):
        assert not valid_stream_token("a", wrong)
    assert len(stream_token("a")) == 43

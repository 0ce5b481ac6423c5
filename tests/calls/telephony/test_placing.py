"""What the carrier's answer to an order means: only a clear refusal counts as one."""

from types import SimpleNamespace

import pytest
import requests
from twilio.base.exceptions import TwilioRestException, TwilioServiceException

from calls.telephony.placing import NotNow, Refused, Unknown, ask_for_call, read_error


def rest(status: int, code: int | None) -> TwilioRestException:
    return TwilioRestException(status, "/", "no", code)


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (rest(400, 21211), Refused),
        (rest(401, 20003), Refused),
        (rest(404, None), Refused),
        (rest(429, 20429), NotNow),
        (rest(400, 10004), NotNow),
        (rest(408, None), Unknown),
        (rest(500, 20500), Unknown),
        (rest(503, None), Unknown),
        (TwilioServiceException("t", "title", 400, 21211), Refused),
        (TwilioServiceException("t", "title", 502, 0), Unknown),
        (requests.ReadTimeout(), Unknown),
        (requests.ConnectTimeout(), NotNow),
        (requests.ConnectionError("reset by peer"), Unknown),
        (ValueError("no JSON"), Unknown),
        (KeyError("sid"), Unknown),
    ],
)
def test_only_a_clear_refusal_counts_as_one(error, meaning):
    assert isinstance(read_error(error), meaning)


@pytest.mark.parametrize("sid", [None, "", "XX1", 7])
def test_an_answer_without_a_sid_is_no_proof(sid):
    assert isinstance(ask_for_call(lambda **_: SimpleNamespace(sid=sid)), Unknown)

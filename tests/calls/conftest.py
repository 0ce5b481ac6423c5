"""What tests of calls share: the counting carrier, signed callbacks, requests that are about to call."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from twilio.request_validator import RequestValidator

from calls.models import Call
from calls.status import CallStatus
from context.models import User
from requests_app.models import Request
from requests_app.status import Status
from tests.calls.carrier import ACCOUNT, Carrier, serve
from tests.cast import make_request

SCHOOL = "+15195550110"
FLOYD = "+15195550199"
TOKEN = "a-token-for-tests"
PUBLIC_URL = "https://floyd.example"


@pytest.fixture(autouse=True)
def account(settings) -> None:
    """A telephone account, and calls at any hour."""
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, settings.TWILIO_NUMBER = ACCOUNT, TOKEN, FLOYD
    settings.PUBLIC_URL, settings.MEDIA_NODE = PUBLIC_URL, "wss://media.floyd.example"
    settings.TWILIO_API_BASE = "http://127.0.0.1:9"  # nobody listens there
    settings.CALLING_HOURS = (0, 24)
    settings.DIAL_ONLY = ""


@pytest.fixture
def carrier(settings) -> Iterator[Carrier]:
    """The carrier, reached by the official client."""
    known = Carrier()
    server = serve(known)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    settings.TWILIO_API_BASE = f"http://127.0.0.1:{server.server_address[1]}"
    yield known
    server.shutdown()
    server.server_close()
    thread.join(5)


def sign(path: str, form: dict[str, str]) -> str:
    """The carrier's signature of a webhook."""
    return str(RequestValidator(TOKEN).compute_signature(f"{PUBLIC_URL}{path}", form))


def callback(path: str, form: dict[str, str], *, signature: str | None = None) -> Any:
    """Posts a webhook as the carrier does."""
    headers = {"X-Twilio-Signature": sign(path, form) if signature is None else signature}
    return Client().post(path, form, headers=headers)


def status_form(sid: str, status: str, seq: int, **more: str) -> dict[str, str]:
    """A status callback's form."""
    return {
        "CallSid": sid,
        "AccountSid": ACCOUNT,
        "From": FLOYD,
        "To": SCHOOL,
        "CallStatus": status,
        "SequenceNumber": str(seq),
        "Timestamp": f"Tue, 24 Nov 2026 17:00:{seq:02d} +0000",
        "FromCity": "",
        **more,
    }


def ready_to_call(user: User, **fields: Any) -> Request:
    """A request that has its plan and number."""
    contact = user.contacts.get(name="Brock Road School")
    plan = {
        "kind": "inform",
        "goal": "Tell Brock Road School that Mara Redmond is sick today.",
        "opening_line": "Mara Redmond is sick today.",
        "success": "they know",
        "share": [],
        "find_out": [],
        "may_promise": [],
        "hold_minutes": 5,
        "callee": {"contact_id": f"contact:{contact.pk}", "name": contact.name, "kind": "school"},
    }
    defaults: dict[str, Any] = {"status": Status.FINDING_NUMBER, "plan": plan, "contact": contact, "number": SCHOOL}
    return make_request(user, **(defaults | fields))


def call_at(user: User, status: CallStatus, *, request_status: Status = Status.CALLING, **fields: Any) -> Call:
    """A call that already stands at `status`."""
    request = ready_to_call(user, status=request_status, attempt=1)
    brief = {"kind": "inform", "goal": "tell them", "currency": "CAD", "hold_minutes": 0, "limit_minor": None}
    defaults: dict[str, Any] = {"attempt": 1, "number": SCHOOL, "dialled": SCHOOL, "node": "wss://media.floyd.example", "brief": brief}
    return Call.objects.create(request=request, user=user, status=status, **(defaults | fields))


def the_call(request: Request) -> Call:
    """The call of the request's latest intent, as it stands now; refreshes the request as well."""
    request.refresh_from_db()
    return Call.objects.get(request=request, attempt=request.attempt)

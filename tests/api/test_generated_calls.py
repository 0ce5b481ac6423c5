"""Calls generated from the description: whatever fits it, or just doesn't, is answered as it says, and never by a defect.

The same description serves makers of clients: a client that is generated from it sends and understands just this.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from calls.models import Call
from context.tokens import create_token
from providers.types import ProviderError
from requests_app import services, thinking
from requests_app.status import Status
from tests.cast import make_request
from tests.fakes import ScriptedThinker

# The calls come by WSGI, within the test's transaction; files that are sent while they are written are made for ASGI.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume asynchronous iterators")]
# What the services know better than a schema can say (numbers, zones, empty wishes) is refused with 422.
LEFT_OUT = [positive_data_acceptance]

described = schemathesis.openapi.from_wsgi("/api/v1/openapi.yaml", get_wsgi_application())
# A stream never ends; tests/api/test_stream.py reads it.
finite = described.exclude(path_regex="/stream$")


@pytest.fixture
def token(tom, at_once, monkeypatch, settings) -> str:
    """Tom has one of everything; nobody thinks, and wrong passwords are not counted."""
    monkeypatch.setattr(thinking, "_thinker", ScriptedThinker(ProviderError("away")))
    settings.ACCOUNT_RATE_LIMITS = False
    wish = make_request(tom, status=Status.WAITING_FOR_USER)
    services.ask_question(request=wish, kind="text", text="Which teacher?", step="plan")
    Call.objects.create(request=wish, user=tom, attempt=1, number="+15195550110", brief={})
    return create_token(user=tom, name="tests")[1]


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The end of a request closes connections, which would end the test's transaction; Django's own test client does this, too."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@finite.parametrize()
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_call_is_answered_as_described(case, token):
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, excluded_checks=LEFT_OUT)

"""A client that is generated from the description works: it makes, lists and reads what the API serves, and understands its errors."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module, invalidate_caches
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType

from context.tokens import create_token
from requests_app import services
from requests_app.status import Status
from tests.cast import make_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

DESCRIPTION = Path(__file__).parents[2] / "docs" / "openapi.yaml"
PACKAGE = "floyd_generated_client"


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Iterator[str]:
    """The generated package, ready to be imported."""
    folder = tmp_path_factory.mktemp("client")
    config = Config.from_sources(
        ConfigFile(post_hooks=[]), MetaType.NONE, document_source=DESCRIPTION, file_encoding="utf-8", overwrite=True, output_path=folder / PACKAGE
    )
    problems = generate(config=config)
    assert [f"{problem.header} {problem.detail}" for problem in problems] == [], "every operation and every shape can be generated"
    sys.path.insert(0, str(folder))
    invalidate_caches()
    yield PACKAGE
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The end of a request closes connections, which would end the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


class Generated:
    """The generated client, signed in by a token, with the application itself at the other end of its wire."""

    def __init__(self, package: str, token: str) -> None:
        self._package = package
        transport = httpx.WSGITransport(app=get_wsgi_application())
        self._client = import_module(package).AuthenticatedClient("http://localhost", token=token, httpx_args={"transport": transport})

    def shape(self, name: str, **fields: Any) -> Any:
        """A shape of the description, filled."""
        return getattr(import_module(f"{self._package}.models"), name)(**fields)

    def call(self, operation: str, *path: Any, **arguments: Any) -> Any:
        """What an operation answers, e.g. `requests.list_requests`; with its status."""
        return import_module(f"{self._package}.api.{operation}").sync_detailed(*path, client=self._client, **arguments)


@pytest.fixture
def program(package, tom) -> Generated:
    return Generated(package, create_token(user=tom, name="generated")[1])


def test_a_request_is_made_once_read_and_stopped(program, hints):
    wanted = program.shape("NewRequest", ask="Call the school, Mara is sick today.")
    made, again = (program.call("requests.create_request", body=wanted, idempotency_key="one") for _ in range(2))
    assert (made.status_code, again.parsed.id) == (201, made.parsed.id)
    read = program.call("requests.get_request", made.parsed.id).parsed
    assert (read.ask, read.status.value, read.plan, read.can_stop) == ("Call the school, Mara is sick today.", "pending", None, True)
    stopped = program.call("requests.stop_request", made.parsed.id)
    assert stopped.parsed.status.value == "cancelled"
    listed = program.call("requests.list_requests", limit=10).parsed
    assert [one.id for one in listed.results] == [made.parsed.id]


def test_a_question_is_answered(program, tom):
    wish = make_request(tom, status=Status.WAITING_FOR_USER)
    services.ask_question(request=wish, kind="text", text="Which teacher?", step="plan")
    (question,) = program.call("questions.list_questions").parsed.results
    answered = program.call("questions.answer_question", question.id, body=program.shape("NewAnswer", text="Ms. Lind"), idempotency_key="answer")
    assert answered.status_code == 200 and answered.parsed.answer_text == "Ms. Lind"


def test_what_is_known_is_listed_added_and_understood(program, tom):
    contacts = program.call("contacts.list_contacts").parsed.results
    assert {one.name for one in contacts} >= {"Brock Road School", "Sweet Violet's"}
    (entry,) = program.call("calendar.list_calendar").parsed.results
    assert entry.starts_at.astimezone(UTC) == tom.calendar_entries.get().starts_at > datetime(2026, 1, 1, tzinfo=UTC)
    added = program.call("facts.create_fact", body=program.shape("NewFact", statement="Mara is allergic to nuts"), idempotency_key="fact")
    assert (added.status_code, added.parsed.statement) == (201, "Mara is allergic to nuts")


def test_an_error_is_a_problem_that_says_what_to_do(program):
    refused = program.call("requests.create_request", body=program.shape("NewRequest", ask=" "), idempotency_key="empty")
    assert refused.status_code == 422 and "empty" in refused.parsed.detail

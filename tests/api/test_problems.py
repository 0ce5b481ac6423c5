"""Whatever goes wrong, a program gets a problem with a sentence that says what to do."""

from __future__ import annotations

import psycopg
import pytest
from django.db import OperationalError
from django.test import override_settings

from api import problems
from tests.api_client import Program, problem

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v1/wishes", "/api/v1/requests/", "/api/v1/requests/1", "/api/v2/requests"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PUT"])
def test_addresses_that_are_none(path, method):
    found = problem(Program().call(method, path), 404)
    assert "/api/v1/openapi.yaml" in found["detail"]


def test_strangers_are_told_how_to_show_who_they_are():
    response = Program().call("GET", "requests")
    assert "token" in problem(response, 401)["detail"]
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="Floyd"'


@pytest.mark.parametrize("method", ["DELETE", "PUT", "OPTIONS", "TRACE"])
def test_a_method_that_is_none_is_answered_with_those_that_are(tom, method):
    response = Program(tom).call(method, "requests")
    assert "GET, HEAD, POST" in problem(response, 405)["detail"]
    assert response.headers["Allow"] == "GET, HEAD, POST"


def test_a_defect_of_ours_is_a_problem_too_and_tells_nothing_of_itself(tom, monkeypatch, caplog):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("Mara's secret")

    monkeypatch.setattr("requests_app.listing.find_requests", broken)
    found = problem(Program(tom).call("GET", "requests"), 500)
    assert "Mara" not in str(found) and "Try again" in found["detail"]
    assert "an API view failed" in caplog.text


def test_a_defect_outside_the_views_is_a_problem_too(tom, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError

    program = Program(tom)
    monkeypatch.setattr("django.contrib.messages.middleware.MessageMiddleware.process_response", broken)
    problem(program.call("GET", "requests"), 500)


@pytest.mark.parametrize("where", ["requests_app.listing.find_requests", "django.contrib.messages.middleware.MessageMiddleware.process_response"])
def test_while_the_database_is_away_a_program_is_told_when_to_come_back(tom, monkeypatch, where):
    def away(*_: object, **__: object) -> None:
        raise OperationalError from psycopg.OperationalError("connection failed")

    program = Program(tom)
    monkeypatch.setattr(where, away)
    response = program.call("GET", "requests")
    assert "half a minute" in problem(response, 503)["detail"] and response.headers["Retry-After"] == "30"


@pytest.mark.parametrize(
    ("cause", "expected"), [(psycopg.errors.DeadlockDetected(), False), (psycopg.errors.AdminShutdown(), True), (psycopg.OperationalError(), True)]
)
def test_other_trouble_of_the_database_is_a_defect(cause, expected):
    error = OperationalError()
    error.__cause__ = cause
    assert problems.is_database_away(error) is expected


@override_settings(ALLOWED_HOSTS=["floyd.example"])
def test_a_host_that_is_not_ours(tom):
    problem(Program(tom).call("GET", "requests", Host="evil.example"), 400)


def test_nothing_of_a_person_is_kept_in_a_shared_cache(tom):
    assert "private" in Program(tom).call("GET", "requests").headers["Cache-Control"]

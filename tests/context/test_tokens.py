"""Programs show who they are with tokens that nobody can read from the database."""

from __future__ import annotations

import pytest
from django.utils import timezone

from context import tokens
from context.models import ApiToken
from tests.api_client import Program, problem

pytestmark = pytest.mark.django_db


def test_a_token_is_its_user_and_its_secret_is_kept_nowhere(tom):
    row, token = tokens.create_token(user=tom, name="kitchen display")
    assert tokens.find_token(token) == row
    secret = token.split("_", 2)[2]
    assert len(secret) >= 43 and token.startswith(f"floyd_{row.prefix}_")
    assert not any(secret in str(value) for value in ApiToken.objects.values().get().values())


@pytest.mark.parametrize(
    "break_it", [lambda t: t[:-1], lambda t: t + "x", lambda t: t.replace("floyd", "lloyd"), lambda t: "floyd__", lambda t: "floyd_\x00_x"]
)
def test_what_is_not_quite_the_token_is_nobody(tom, break_it):
    _, token = tokens.create_token(user=tom, name="kitchen display")
    assert tokens.find_token(break_it(token)) is None
    problem(Program(token=break_it(token).replace("\x00", "")).call("GET", "requests"), 401)


def test_a_revoked_token_and_one_of_a_user_who_was_switched_off_end_at_once(tom, alice):
    row, token = tokens.create_token(user=tom, name="a")
    assert Program(token=token).call("GET", "requests").status_code == 200
    assert not tokens.revoke_token(user=alice, token_id=row.pk)
    assert tokens.revoke_token(user=tom, token_id=row.pk) and not tokens.revoke_token(user=tom, token_id=row.pk)
    assert "revoked" in problem(Program(token=token).call("GET", "requests"), 401)["detail"]
    _, token = tokens.create_token(user=tom, name="b")
    tom.is_active = False
    tom.save()
    problem(Program(token=token).call("GET", "requests"), 401)


def test_the_last_use_is_noted(tom):
    row, token = tokens.create_token(user=tom, name="a")
    Program(token=token).read("requests")
    row.refresh_from_db()
    assert row.last_used_at and row.last_used_at <= timezone.now()


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\x00b"])
def test_a_token_needs_a_name(tom, name):
    with pytest.raises(tokens.TokenError, match="name"):
        tokens.create_token(user=tom, name=name)


def test_names_are_told_apart_and_there_are_not_too_many(tom):
    row, _ = tokens.create_token(user=tom, name="a")
    with pytest.raises(tokens.TokenError, match="already"):
        tokens.create_token(user=tom, name=" a ")
    tokens.revoke_token(user=tom, token_id=row.pk)
    for number in range(tokens.MOST_PER_USER):
        tokens.create_token(user=tom, name=f"a{number}")
    with pytest.raises(tokens.TokenError, match="Revoke one"):
        tokens.create_token(user=tom, name="one more")


@pytest.mark.parametrize("header", ["", "Bearer", "Basic abc", "floyd_a_b"])
def test_another_header_is_explained(tom, header):
    program = Program()
    response = program.call("GET", "requests", Authorization=header)
    assert "Bearer" in problem(response, 401)["detail"] and response.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_session_reads_and_writes_with_its_csrf_token(tom):
    page = Program(enforce_csrf_checks=True)
    page.force_login(tom)
    page.read("requests")
    assert "X-CSRFToken" in problem(page.call("POST", "requests", {"ask": "Call the school."}), 403)["detail"]
    page.get("/")
    assert page.call("POST", "requests", {"ask": "Call the school."}, X_CSRFToken=page.cookies["csrftoken"].value).status_code == 201


def test_a_token_that_is_wrong_is_not_made_up_for_by_a_session(tom):
    page = Program(token="floyd_00000000_x")
    page.force_login(tom)
    problem(page.call("GET", "requests"), 401)

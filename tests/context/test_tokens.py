"""Programs show who they are with tokens that nobody can read from the database."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from django.utils import timezone

from context import tokens
from context.access_models import ApiToken, IdempotencyKey
from context.idempotency import KEPT, prune_keys
from tests.api_client import Program, problem
from tests.cast import PASSWORD

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


# --- the page ---


@pytest.fixture
def signed_in(client, tom):
    """Tom, who said who he is just now."""
    client.force_login(tom)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def test_the_page_shows_a_token_once(signed_in, tom):
    page = signed_in.post("/account/tokens/", {"name": "kitchen display"})
    (token,) = re.findall(r"floyd_[0-9a-f]{8}_[\w-]{43}", page.content.decode())
    found = tokens.find_token(token)
    assert found and found.user == tom
    assert "no-store" in page.headers["Cache-Control"]
    again = signed_in.get("/account/tokens/").content.decode()
    assert "kitchen display" in again and token not in again


def test_the_page_says_what_is_wrong_with_a_name(signed_in):
    signed_in.post("/account/tokens/", {"name": "a"})
    page = signed_in.post("/account/tokens/", {"name": "a"})
    assert page.status_code == 422 and "already" in page.content.decode()


def test_the_page_revokes(signed_in, tom, alice):
    mine, _ = tokens.create_token(user=tom, name="mine")
    hers, _ = tokens.create_token(user=alice, name="hers")
    for row in (mine, hers):
        assert signed_in.post(f"/account/tokens/{row.pk}/revoke/").status_code == 303
        row.refresh_from_db()
    assert mine.revoked_at and not hers.revoked_at


def test_a_session_alone_makes_no_token_before_the_password(client, tom):
    client.force_login(tom)
    response = client.post("/account/tokens/", {"name": "a"})
    assert response.status_code == 302 and "reauthenticate" in response.url
    assert not ApiToken.objects.exists()


# --- the command ---


def test_the_command_makes_lists_and_revokes(tom, capsys):
    call_command("floyd", "token", "create", "--user", tom.email, "--name", "script")
    token = capsys.readouterr().out.strip()
    found = tokens.find_token(token)
    assert found and found.name == "script"
    call_command("floyd", "token", "list", "--user", tom.email)
    shown = capsys.readouterr().out
    assert "script" in shown and token not in shown
    call_command("floyd", "token", "revoke", "--user", tom.email, token.split("_")[1])
    assert tokens.find_token(token) is None
    with pytest.raises(SystemExit):
        call_command("floyd", "token", "revoke", "--user", tom.email, "00000000")


# --- idempotency keys ---


def test_old_keys_are_forgotten(tom):
    for key in ("old", "new"):
        IdempotencyKey.objects.create(user=tom, operation="x", key=key, body_sha256="", ref="1")
    IdempotencyKey.objects.filter(key="old").update(created_at=timezone.now() - KEPT * 2)
    assert prune_keys() == 1 and IdempotencyKey.objects.get().key == "new"

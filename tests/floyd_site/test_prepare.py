"""Who there is to sign in as after a first start."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command

from context.models import User

pytestmark = pytest.mark.django_db


def test_a_new_database_has_a_person_and_a_member_of_staff(monkeypatch):
    monkeypatch.setenv("FLOYD_LOGIN_PASSWORD", "first-word-9")
    call_command("floyd", "prepare")
    monkeypatch.setenv("FLOYD_LOGIN_PASSWORD", "second-word-9")
    call_command("floyd", "prepare")
    tom, sam = (authenticate(username=email, password="second-word-9") for email in ("tom@redmond.example", "sam@floyd.example"))
    assert tom is not None and not tom.is_staff and tom.contacts.exists()
    assert sam is not None and sam.is_staff and sam.is_superuser and not sam.contacts.exists()


def test_somebody_elses_database_is_left_alone(monkeypatch):
    User.objects.create_user("ada@floyd.example", "pass-word-9", name="Ada")
    monkeypatch.setenv("FLOYD_LOGIN_PASSWORD", "first-word-9")
    call_command("floyd", "prepare")
    assert list(User.objects.values_list("email", flat=True)) == ["ada@floyd.example"]

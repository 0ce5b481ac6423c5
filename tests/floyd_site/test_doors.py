"""Who gets in, and by which door."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db
FORM = {"name": "Eve", "email": "eve@floyd.example", "password1": "a-long-word-9"}


def test_strangers_make_no_accounts(client, django_user_model):
    assert "Make an account" not in client.get("/accounts/login/").content.decode()
    client.post("/accounts/signup/", FORM)
    assert not django_user_model.objects.exists()


def test_unless_the_door_is_open(client, settings, django_user_model):
    settings.OPEN_SIGN_UP = True
    assert "Make an account" in client.get("/accounts/login/").content.decode()
    client.post("/accounts/signup/", FORM)
    assert django_user_model.objects.get().email == "eve@floyd.example"


def test_the_admin_pages_have_the_same_sign_in_as_all_others(client, tom, sam):
    answer = client.get("/admin/", follow=True)
    assert answer.request["PATH_INFO"] == "/accounts/login/"
    client.force_login(tom)
    assert client.get("/admin/", follow=True).status_code == 403
    client.force_login(sam)
    assert client.get("/admin/").status_code == 200

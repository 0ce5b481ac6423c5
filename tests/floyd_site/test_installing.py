"""What a device needs to install Floyd as an app."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import resolve

STATIC = Path(settings.BASE_DIR) / "static"
MANIFEST = json.loads((STATIC / "floyd.webmanifest").read_text())


def test_the_page_names_the_manifest_and_the_worker(client, tom):
    client.force_login(tom)
    html = client.get("/").content.decode()
    assert '<link rel="manifest" href="/static/floyd.webmanifest">' in html
    assert 'data-worker="/service-worker.js"' in html


@pytest.mark.parametrize("icon", MANIFEST["icons"], ids=lambda icon: icon["src"])
def test_icons_are_as_large_as_they_say(icon):
    picture = (STATIC / icon["src"].removeprefix("/static/")).read_bytes()
    if icon["type"] == "image/png":
        width, height = struct.unpack(">II", picture[16:24])
        assert icon["sizes"] == f"{width}x{height}"


def test_every_address_of_the_manifest_is_one_of_ours():
    for address in (MANIFEST["start_url"], MANIFEST["share_target"]["action"], *(shortcut["url"] for shortcut in MANIFEST["shortcuts"])):
        assert resolve(address).url_name


def test_the_worker_keeps_files_that_exist_and_no_page_of_an_account(client, db):
    response = client.get("/service-worker.js")
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert response.headers["Cache-Control"] == "no-cache"
    page = client.get("/offline/").content.decode()
    for name in ("tokens", "base", "parts", "pages"):
        assert f'"{name}"' in response.content.decode() and f"/static/css/{name}.css" in page


@pytest.mark.parametrize(("language", "words"), [("de", "Keine Verbindung"), ("en", "No connection")])
def test_the_page_without_a_connection_says_which_language_it_speaks(client, db, language, words):
    page = client.get("/offline/", headers={"Accept-Language": language}).content.decode()
    assert words in page and f'<html lang="{language}">' in page


def test_the_page_without_a_connection_is_the_same_for_everybody(client, tom):
    before = client.get("/offline/").content
    client.force_login(tom)
    assert client.get("/offline/").content == before

"""The page of components: complete, and on no server that people use."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest
from django.conf import settings as site

from floyd_site.components import COLOURS
from requests_app.status import Status


@pytest.fixture
def html(client, settings, db) -> str:
    settings.DEBUG = True
    return unescape(client.get("/_components/").content.decode())


def test_every_status_and_every_sort_of_question_is_shown(html):
    assert all(str(status.label) in html for status in Status)
    assert html.count('class="question"') == 3
    assert "not heard: I would like to order flowers." in html and "line callee partial" in html


def test_every_colour_has_a_name_and_a_place(html):
    styles = Path(site.BASE_DIR) / "static" / "css"
    tokens, shown = (styles / "tokens.css").read_text(), (styles / "components.css").read_text()
    for name in (name for names in COLOURS.values() for name in names):
        assert f"--{name}:" in tokens and f".swatch-{name} {{ background: var(--{name}) }}" in shown and f"swatch-{name}" in html


def test_there_is_none_on_a_server_that_people_use(client, settings, db):
    settings.DEBUG, settings.SANDBOX_URL = False, ""
    assert client.get("/_components/").status_code == 404
    settings.SANDBOX_URL = "http://localhost:8001"
    assert client.get("/_components/").status_code == 200

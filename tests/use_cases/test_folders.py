"""Every folder of a use case holds what a call needs, and the page that says how to write one can be followed."""

import re
import shutil
import sys
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.core.management import call_command

from calls.conversation.reception.keys import read_keys
from calls.conversation.wordings import ALL
from calls.conversation.wordings.english import ENGLISH
from requests_app.message_templates import load as load_messages
from tests.use_cases import folder, page
from tests.use_cases.page import PAGE
from use_cases import folders
from use_cases.description import read_folder, tools_of
from use_cases.models import UseCase
from use_cases.restaurant import afterwards
from use_cases.tooling import ToolContext

FOLDERS = folders.slugs()
#: What keys say once a tool has changed them.
LATER_KEYS = {"restaurant": afterwards.KEYS}
TOOL_NAME = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")


def test_the_page_lists_all_there_are():
    assert sorted(re.findall(r"^\| `(\w+)` \|", PAGE.read_text(), re.M)) == FOLDERS


@pytest.mark.parametrize("slug", FOLDERS)
def test_a_folder_holds_what_a_call_needs(slug):
    found, tools = read_folder(slug), tools_of(slug)
    for handler in read_keys(found.keys).values():
        if handler.tool:
            keyed = {handler.into: "1234"} if handler.collect else {}
            tools[handler.tool].arguments(**handler.arguments, **keyed)
    assert "unknown" in found.keys
    assert set(TOOL_NAME.findall(found.prompt)) <= set(tools), "the prompt names a tool that there is not"


@pytest.mark.parametrize("slug", [slug for slug in FOLDERS if (folders.ROOT / slug / "messages.toml").exists()])
def test_its_messages_can_be_filled(slug):
    for template in load_messages(folders.ROOT / slug / "messages.toml").values():
        assert template.fill(**dict.fromkeys(template.places, "x")).text


@pytest.mark.parametrize("slug", FOLDERS)
def test_what_it_says_word_for_word_it_says_in_every_language(slug):
    found = read_folder(slug)
    keys = [*read_keys(found.keys).values(), *LATER_KEYS.get(slug, {}).values()]
    said = {found.greeting, *(handler.say for handler in keys), *(tool.filler for tool in tools_of(slug).values())} - {""}
    assert {code: set(texts) for code, texts in found.translations.items()} == {one.code: said for one in ALL if one is not ENGLISH}


@pytest.mark.django_db
def test_the_page_can_be_followed_literally(tmp_path, monkeypatch, capsys):
    shutil.copytree(folders.ROOT / "front_desk", tmp_path / "use_cases" / "front_desk")
    assert page.follow(tmp_path) == ["python manage.py floyd use-cases"]
    folder.moved(monkeypatch, tmp_path / "use_cases")
    try:
        call_command("floyd", "use-cases")
        assert "greenhouse: new" in capsys.readouterr().out
        current = UseCase.objects.get(slug="greenhouse").current
        assert current is not None and (current.title, current.tools) == ("Greenhouse", ["live_agent", "plants_in_stock"])
        stock = tools_of("greenhouse")["plants_in_stock"]
    finally:
        for name in [name for name in sys.modules if name.startswith("use_cases.greenhouse")]:
            del sys.modules[name]
    context = ToolContext(UUID(int=1), SimpleNamespace(), datetime(2026, 11, 21, tzinfo=UTC), "k")
    assert stock(context, stock.arguments()).data == {"fern": 12, "cactus": 3}
    assert stock(context, stock.arguments(plant="Orchid")).data == {}

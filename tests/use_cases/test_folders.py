"""Every folder of a use case holds what a call needs, and the page that says how to write one can be followed."""

import importlib.util
import json
import re
import tomllib
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from requests_app.message_templates import load
from use_cases import folders
from use_cases.tooling import Tool, ToolContext, tools_in

FOLDERS = folders.slugs()
PAGE = Path(__file__).parents[2] / "docs" / "use-cases.md"
PLACES = {"USER_CONTEXT", "AVAILABLE_DEMOS", "CURRENT_DATE"}
SAYS_THAT_IT_IS_AN_AI = re.compile(r"\b(?:an AI|artificial intelligence)\b")
#: Attributes of <ConversationRelay> that a use case sets: https://www.twilio.com/docs/voice/twiml/connect/conversationrelay
RELAY = {"dtmfDetection", "interruptByDtmf", "interruptible", "welcomeGreetingInterruptible", "language", "ttsProvider", "voice"}


def check(description: dict[str, Any], prompt: str, tools: dict[str, Tool]) -> None:
    assert {"title", "description", "greeting"} <= set(description) <= {"title", "description", "greeting", "relay", "keys"}
    assert SAYS_THAT_IT_IS_AN_AI.search(description["greeting"])
    assert set(description.get("relay", {})) <= RELAY
    assert all(isinstance(value, str) for value in description.get("relay", {}).values())
    assert description["relay"]["welcomeGreetingInterruptible"] == "none"
    assert set(re.findall(r"\{\{(\w+)\}\}", prompt)) <= PLACES
    assert "unknown" in description["keys"]
    for key, does in description["keys"].items():
        assert re.fullmatch(r"[0-9*#]|unknown", key)
        assert does.get("say") or does.get("tool")
        if "tool" in does:
            wanted = tools[does["tool"]].arguments
            # What is collected is the one thing that the tool wants.
            keyed = (
                dict.fromkeys([name for name, field in wanted.model_fields.items() if field.is_required()][:1], "1") if does.get("collect") else {}
            )
            wanted(**does.get("arguments", {}), **keyed)
    for name, tool in tools.items():
        assert len(name) <= 64
        json.dumps(tool.parameters)


def test_there_are_those_that_the_page_lists():
    assert re.findall(r"^\| `(\w+)` \|", PAGE.read_text(), re.M) == ["front_desk", "apartments", "restaurant", "floyd_line"]
    assert sorted(FOLDERS) == ["apartments", "floyd_line", "front_desk", "restaurant"]


@pytest.mark.parametrize("slug", FOLDERS)
def test_a_folder_holds_what_a_call_needs(slug):
    folder = folders.ROOT / slug
    tools = tools_in(import_module(f"use_cases.{slug}.tools"))
    prompt = (folder / "prompt.md").read_text()
    check(tomllib.loads((folder / "use_case.toml").read_text()), prompt, tools)
    told_of = set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", prompt))
    assert told_of <= set(tools), "the prompt names a tool that there is not"


@pytest.mark.parametrize("slug", [slug for slug in FOLDERS if (folders.ROOT / slug / "messages.toml").exists()])
def test_its_messages_can_be_filled(slug):
    for template in load(folders.ROOT / slug / "messages.toml").values():
        assert template.fill(**dict.fromkeys(template.places, "x")).text


def test_the_page_can_be_followed_literally(tmp_path):
    blocks = dict(re.findall(r"`use_cases/greenhouse/([\w.]+)`:\n\n```\w+\n(.*?)```", PAGE.read_text(), re.S))
    assert set(blocks) == {"use_case.toml", "prompt.md", "tools.py"}
    folder = tmp_path / "greenhouse"
    folder.mkdir()
    for name, text in blocks.items():
        (folder / name).write_text(text)
    spec = importlib.util.spec_from_file_location("greenhouse_of_the_page", folder / "tools.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    tools = tools_in(module)
    check(tomllib.loads(blocks["use_case.toml"]), blocks["prompt.md"], tools)
    assert set(tools) == {"plants_in_stock", "live_agent"}
    context = ToolContext(UUID(int=1), SimpleNamespace(), datetime(2026, 11, 21, tzinfo=UTC), "k")
    stock = tools["plants_in_stock"]
    assert stock(context, stock.arguments()).data == {"fern": 12, "cactus": 3}
    assert stock(context, stock.arguments(plant="Orchid")).data == {}

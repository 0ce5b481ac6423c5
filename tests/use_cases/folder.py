"""A use case's folder, made for a test."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import use_cases
from use_cases import folders

TOML = """
title = "Greenhouse"
description = "Plants by phone."
greeting = "Hello, this is the greenhouse's AI assistant."

[relay]
dtmfDetection = true

[keys.1]
say = "Here is what we have."
tool = "list_plants"
arguments = { most = 3 }
"""
PROMPT = "You answer for a greenhouse. Today is {{CURRENT_DATE}}. {{USER_CONTEXT}} {{AVAILABLE_DEMOS}}\n"
TOOLS = '''
from pydantic import BaseModel, ConfigDict

from use_cases.tooling import HandOffAsked, TemporaryToolError, ToolContext, ToolRefusedError, ToolResult, tool

calls = []


class Most(BaseModel):
    model_config = ConfigDict(extra="forbid")
    most: int = 5


class Nothing(BaseModel):
    model_config = ConfigDict(extra="forbid")


@tool(filler="Let me look around.")
def list_plants(context: ToolContext, arguments: Most) -> ToolResult:
    """Lists plants."""
    calls.append(context)
    return ToolResult({"plants": ["rose", "tulip", "fern"][: arguments.most], "when": context.now.date()})


@tool(retries=1)
def moody(context: ToolContext, arguments: Nothing) -> ToolResult:
    """Works at the second try."""
    calls.append(context)
    if len(calls) == 1:
        raise TemporaryToolError
    return ToolResult({"tries": len(calls)})


@tool(retries=0)
def never(context: ToolContext, arguments: Nothing) -> ToolResult:
    """Never works."""
    raise TemporaryToolError


@tool()
def broken(context: ToolContext, arguments: Nothing) -> ToolResult:
    """Has a defect."""
    raise ZeroDivisionError("secret of the house")


@tool()
def refuse(context: ToolContext, arguments: Nothing) -> ToolResult:
    """Says no."""
    raise ToolRefusedError("We are closed.")


@tool(exclusive=True)
def pass_on(context: ToolContext, arguments: Nothing) -> ToolResult:
    """Passes the caller on."""
    return ToolResult(say="I'll pass you on.", hand_off=HandOffAsked("user_requested", "Wants a person."))


@tool()
def go_elsewhere(context: ToolContext, arguments: Nothing) -> ToolResult:
    """Starts another use case."""
    return ToolResult(start="garage")
'''


def write(root: Path, slug: str = "greenhouse", *, toml: str = TOML, prompt: str = PROMPT, tools: str = TOOLS) -> Path:
    """Writes a folder."""
    folder = root / slug
    folder.mkdir(exist_ok=True)
    (folder / "__init__.py").touch()
    (folder / folders.DESCRIPTION).write_text(toml, encoding="utf-8")
    (folder / folders.PROMPT).write_text(prompt, encoding="utf-8")
    (folder / "tools.py").write_text(tools, encoding="utf-8")
    return folder


def moved(monkeypatch: Any, root: Path) -> Path:
    """Has use cases looked for in `root` alone."""
    monkeypatch.setattr(folders, "ROOT", root)
    monkeypatch.setattr(use_cases, "__path__", [str(root), *use_cases.__path__])
    for slug in ("greenhouse", "garage", "front_desk"):
        for name in (f"use_cases.{slug}", f"use_cases.{slug}.tools"):
            monkeypatch.delitem(sys.modules, name, raising=False)
    return root

"""What the mind answers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A tool the mind wants."""

    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Thought:
    """An answer: words (or a JSON document, when a form was asked for) and tools."""

    text: str = ""
    tools: tuple[ToolUse, ...] = ()

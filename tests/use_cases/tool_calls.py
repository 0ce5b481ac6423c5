"""Running a use case's tools as a call does, without a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any

from tests.use_cases.people import dana, taken_call, version_of
from use_cases.models import Caller
from use_cases.tooling import Tool, ToolContext, ToolRefusedError, ToolResult


@dataclass
class ToolCalls:
    """One call of a caller's, in which tools are asked for one after the other."""

    context: ToolContext
    keys: Iterator[int]

    def __call__(self, tool: Tool, *, key: str = "", **arguments: Any) -> dict[str, Any]:
        """What the model is told."""
        return self.run(tool, key=key, **arguments).data

    def run(self, tool: Tool, *, key: str = "", **arguments: Any) -> ToolResult:
        """Runs a tool with a key of its own, unless one is given."""
        context = replace(self.context, key=key or f"k{next(self.keys)}", caller=Caller.objects.get(pk=self.context.caller.pk))
        return tool(context, tool.arguments(**arguments))

    def refusal(self, tool: Tool, **arguments: Any) -> str:
        """Why it was refused."""
        try:
            told = self(tool, **arguments)
        except ToolRefusedError as error:
            return str(error)
        raise AssertionError(f"{tool.name} was not refused: {told}")

    def at(self, now: datetime) -> ToolCalls:
        """The same call at another moment."""
        return ToolCalls(replace(self.context, now=now), self.keys)


def a_call(now: datetime, caller: Caller | None = None, slug: str = "greenhouse", *, attested: bool = True, **about: Any) -> ToolCalls:
    """A call that came in from Dana, or from `caller`, and is at that use case; their carrier vouches for the number or not."""
    who = caller or dana(**about)
    call = taken_call(who, version_of(slug), attested=attested)
    return ToolCalls(ToolContext(call.pk, who, now, "", attested=attested), count())

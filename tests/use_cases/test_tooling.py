"""What a use case's tools are written with."""

from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from use_cases.models import Caller
from use_cases.tooling import BadToolError, ToolContext, ToolResult, tool, tools_in


class Count(BaseModel):
    model_config = ConfigDict(extra="forbid")
    most: int = Field(description="how many at most")


@tool(exclusive=True, seconds=2.0, filler="Let me count.")
def count_plants(context: ToolContext, arguments: Count) -> ToolResult:
    """Counts the plants
    that are for sale.

    Not told to the model.
    """
    return ToolResult({"plants": min(arguments.most, 12), "for": context.caller.first_name})


def test_a_function_becomes_a_tool_that_the_model_can_read_about():
    assert (count_plants.name, count_plants.description) == ("count_plants", "Counts the plants that are for sale.")
    assert count_plants.parameters["properties"]["most"] == {"description": "how many at most", "title": "Most", "type": "integer"}
    assert count_plants.parameters["additionalProperties"] is False
    assert (count_plants.exclusive, count_plants.seconds, count_plants.retries, count_plants.filler) == (True, 2.0, 2, "Let me count.")


def test_it_can_be_called_as_what_it_is():
    context = ToolContext(UUID(int=1), Caller(first_name="Dana"), datetime(2026, 11, 21, 9, tzinfo=UTC), "k")
    assert count_plants(context, Count(most=3)) == ToolResult({"plants": 3, "for": "Dana"})


def test_the_tools_of_a_module_are_found_by_name():
    assert tools_in(SimpleNamespace(count=count_plants, other=3)) == {"count_plants": count_plants}


def test_a_function_that_is_no_tool_is_refused_when_it_is_written():
    class Loose(BaseModel):
        pass

    def undescribed(context: ToolContext, arguments: Count) -> ToolResult:
        return ToolResult()

    def bare(context: ToolContext) -> ToolResult:
        """Takes no arguments."""
        return ToolResult()

    def loose(context: ToolContext, arguments):
        """Takes anything."""
        return ToolResult()

    loose.__annotations__["arguments"] = Loose
    for function, why in ((undescribed, "docstring"), (bare, "must take"), (loose, "extra")):
        with pytest.raises(BadToolError, match=why):
            tool()(function)


class _Opening(BaseModel):
    model_config = ConfigDict(extra="forbid")
    pin: SecretStr
    door: str


def test_secrets_of_a_tool_are_told_apart():
    @tool()
    def unlock(context: ToolContext, arguments: _Opening) -> ToolResult:
        """Opens a door."""
        return ToolResult({"opened": arguments.door})

    assert unlock.secrets == {"pin"}

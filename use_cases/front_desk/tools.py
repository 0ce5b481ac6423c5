"""What the front desk can do during a call."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from use_cases.front_desk import menu
from use_cases.front_desk.menu import Experience, NotThereError, experiences
from use_cases.tooling import ToolContext, ToolRefusedError, ToolResult, tool


class _Arguments(BaseModel):
    """Nothing but what is listed."""

    model_config = ConfigDict(extra="forbid")


class Nothing(_Arguments):
    """No arguments."""


class Name(_Arguments):
    """What `save_name` takes; what was not said stays empty."""

    first_name: str = Field(default="", max_length=80)
    last_name: str = Field(default="", max_length=80)


class Choice(_Arguments):
    """One of the experiences."""

    title: str = Field(max_length=80, description="its title, as the caller says it")


@tool()
def save_name(context: ToolContext, arguments: Name) -> ToolResult:
    """Saves the caller's first and last name, once they have said them."""
    try:
        caller = menu.save_name(context.caller, first_name=arguments.first_name, last_name=arguments.last_name)
    except ValueError as error:
        raise ToolRefusedError(f"{error} Ask for the name again, spelled if need be.") from error
    missing = [what for what, name in (("first name", caller.first_name), ("last name", caller.last_name)) if not name]
    return ToolResult({"first_name": caller.first_name, "last_name": caller.last_name, **({"still_missing": missing} if missing else {})})


@tool(reads=True)
def list_experiences(context: ToolContext, _arguments: Nothing) -> ToolResult:
    """Lists the titles of what the caller can choose."""
    return ToolResult({"titles": [one.title for one in experiences(context.caller)]})


@tool(reads=True)
def describe_experience(context: ToolContext, arguments: Choice) -> ToolResult:
    """Tells more about one of them, when the caller asks."""
    found = _found(context, arguments)
    return ToolResult({"title": found.title, "description": found.description})


@tool(exclusive=True)
def choose_experience(context: ToolContext, arguments: Choice) -> ToolResult:
    """Saves the caller's choice, and begins it in this call."""
    found = _found(context, arguments)
    menu.choose(context.caller, found.slug)
    return ToolResult({"chosen": found.title}, say=f"All right: {found.title}.", start=found.slug)


def _found(context: ToolContext, arguments: Choice) -> Experience:
    try:
        return menu.find(arguments.title, experiences(context.caller))
    except NotThereError as error:
        raise ToolRefusedError(str(error)) from error

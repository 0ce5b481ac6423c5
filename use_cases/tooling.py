"""What a use case's `tools.py` is written with: typed functions that the model may ask for during a call.

```python
class ListFlats(BaseModel):
    model_config = ConfigDict(extra="forbid")
    bedrooms: int | None = Field(default=None, description="how many; leave out for any")


@tool(filler="One moment, I'll look.")
def list_flats(context: ToolContext, arguments: ListFlats) -> ToolResult:
    \"\"\"Lists the flats that are free.\"\"\"
    return ToolResult({"flats": [...]})
```

A tool runs in a thread, never on the event loop, and may use the ORM. What it writes is committed together with its result, or not at all: one
that took too long, and was told to have failed, writes nothing later. So it does nothing outside the database but by hints that go out after the
commit.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints
from uuid import UUID

from pydantic import BaseModel, SecretStr

from calls.conversation.effects import AskUser
from calls.conversation.reception.keys import KeyHandler

if TYPE_CHECKING:
    from use_cases.models import Caller

LONGEST_DESCRIPTION = 1_000


class TemporaryToolError(Exception):
    """Something that may work in a moment: the tool is run again, with the same key."""


class ToolRefusedError(Exception):
    """It cannot be done. `str(error)` is told to the model as the reason."""


class BadToolError(ValueError):
    """A function that is no tool: wrong parameters, or no description."""


@dataclass(frozen=True, slots=True)
class ToolContext:
    """What a tool knows besides its arguments.

    Attributes:
        call_id: the call in which it runs.
        caller: who rang, as stored when the tool began.
        now: aware, in the business's time zone.
        key: of this one wish of the model's; the same when it is tried again.
        rung: our number that was rung, in E.164.
        attested: the caller's own carrier vouches in full that the number is theirs; else what is kept under it is not told unasked (`on_file.py`).
    """

    call_id: UUID
    caller: Caller
    now: datetime
    key: str
    rung: str = ""
    attested: bool = False


@dataclass(frozen=True, slots=True)
class HandOffAsked:
    """A person is to take the call over.

    Attributes:
        code: why, in a word (`user_requested`, `legal`, …).
        summary: what the person is told first.
    """

    code: str
    summary: str


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool gives back.

    Prompt, tools and keys of the use case that has the call can be changed one by one: from the model's next reply and the caller's next key on, on
    every line, until a tool changes them again or another use case starts. None leaves them as they are. What does not fit (a tool that the use
    case's `tools.py` has not, a key that cannot work) is a defect: the tool fails, and nothing that it did is kept. A tool that `reads` changes
    nothing.

    Attributes:
        data: told to the model, as JSON.
        say: said to the caller at once, word for word.
        end: hang up once that was said.
        hand_off: a person is to take the call over once that was said.
        start: slug of the use case to go on with; prompt, tools and keys become its own, the talk so far stays.
        asked: a question that was put to the user whose number it is; their answer reaches the model while the caller waits.
        prompt: a paragraph that stands behind the use case's own prompt, in the place of the one that a tool put there before; "" takes that away.
            Placeholders are not filled. What a caller said does not belong there: the model takes it for instructions.
        tools: names of those of its tools that the model is offered; the others go. `live_agent`, and a tool with a secret, stay in any case. One
            that staff took out of the use case does not come back.
        keys: what the keys do, all of them: one that is not named does nothing, nor does one whose tool is not offered.
    """

    data: dict[str, Any] = field(default_factory=dict)
    say: str = ""
    end: bool = False
    hand_off: HandOffAsked | None = None
    start: str = ""
    asked: AskUser | None = None
    prompt: str | None = None
    tools: frozenset[str] | None = None
    keys: Mapping[str, KeyHandler] | None = None


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that the model may ask for; see `tool`."""

    name: str
    description: str
    arguments: type[BaseModel]
    function: Callable[[ToolContext, Any], ToolResult]
    exclusive: bool
    seconds: float
    retries: int
    filler: str
    reads: bool

    def __call__(self, context: ToolContext, arguments: BaseModel) -> ToolResult:
        """Runs it once, as its tests do."""
        return self.function(context, arguments)

    @property
    def secrets(self) -> frozenset[str]:
        """Arguments that are kept nowhere: those of the type SecretStr."""
        return frozenset(name for name, field in self.arguments.model_fields.items() if field.annotation is SecretStr)

    @property
    def parameters(self) -> dict[str, Any]:
        """The JSON schema of its arguments."""
        return self.arguments.model_json_schema()


Arguments = TypeVar("Arguments", bound=BaseModel)


def tool(
    *, exclusive: bool = False, seconds: float = 5.0, retries: int = 2, filler: str = "", reads: bool = False
) -> Callable[[Callable[[ToolContext, Arguments], ToolResult]], Tool]:
    """Makes a tool of a function `(context, arguments) -> ToolResult`. The first paragraph of its docstring is what the model reads.

    Args:
        exclusive: never runs beside another tool (placing an order, booking).
        seconds: that it may take, all tries together.
        retries: how often it is run again after TemporaryToolError.
        filler: said while it runs; a general line when left out.
        reads: it changes nothing: when the caller wants something else meanwhile, it is not waited for.

    Raises:
        BadToolError: the function's parameters or its docstring will not do.
    """

    def make(function: Callable[[ToolContext, Arguments], ToolResult]) -> Tool:
        name = getattr(function, "__name__", "")
        description = " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())
        if not description:
            raise BadToolError(f"{name} needs a docstring: it is what the model reads")
        arguments = _arguments_of(function)
        if arguments is None:
            raise BadToolError(f"{name} must take (context: ToolContext, arguments: a pydantic model)")
        if arguments.model_config.get("extra") != "forbid":
            raise BadToolError(f'{arguments.__name__} needs model_config = ConfigDict(extra="forbid")')
        return Tool(name, description[:LONGEST_DESCRIPTION], arguments, function, exclusive, seconds, retries, filler, reads)

    return make


def _arguments_of(function: Callable[..., Any]) -> type[BaseModel] | None:
    """The type of the second parameter, when it is a pydantic model."""
    names = list(inspect.signature(function).parameters)
    if len(names) != 2:
        return None
    # Names that only type checkers import, such as Caller, are of no interest here.
    found = get_type_hints(function, localns={"ToolContext": ToolContext}).get(names[1])
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def tools_in(module: Any) -> dict[str, Tool]:
    """The tools that a module defines, by name."""
    return {found.name: found for found in vars(module).values() if isinstance(found, Tool)}

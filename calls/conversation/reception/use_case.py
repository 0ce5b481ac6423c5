"""What answers a call that comes in: one version of a use case, with its placeholders filled."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

#: The tool that leads back to the menu; offered on numbers that have one.
MAIN_MENU = "main_menu"


@dataclass(frozen=True, slots=True)
class OfferedTool:
    """A tool as the model sees it, and how it runs.

    Attributes:
        exclusive: never beside another.
        filler: said while it runs.
        seconds: that it may take.
        reads: it changes nothing, so that it can be given up.
        secret: its argument that nobody may read. The model gets to see neither it nor the tool: code takes it from the caller's words or keys.
    """

    name: str
    description: str
    parameters: dict[str, Any]
    exclusive: bool = False
    filler: str = ""
    seconds: float = 5.0
    secret: str = ""
    reads: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """What tools have made of the use case that has the call: all of it, as it is from here on.

    Attributes:
        number: rises with each change, so that an older one never takes the place of a newer.
        addition: stands behind the prompt.
        tools, keys: in the place of the use case's.
    """

    number: int
    addition: str = ""
    tools: tuple[OfferedTool, ...] = ()
    keys: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnsweringUseCase:
    """One version of a use case, ready for one call.

    Attributes:
        slug: its name.
        title: as callers hear it.
        greeting: the first words; they say that this is an AI.
        prompt: what the model is told.
        keys: what keys do, as in the use case's description (`keys.read_keys`).
        menu: "main menu", said or keyed, leads to the use case that offers the others.
        live_agent: number of the person who takes calls over, in E.164; empty: nobody does.
        relay: how a line on which the carrier hears and speaks is set (`calls.telephony.relay_twiml.checked`).
        expects_pin: the caller has a PIN, and may say it at any time.
        translations: what is said word for word, by language (two letters), then by its own text.
        recorded: a call that is recorded goes on to be while it has the call.
        addition: what a tool put behind the prompt.
    """

    slug: str
    title: str
    greeting: str
    prompt: str
    tools: tuple[OfferedTool, ...] = ()
    keys: dict[str, Any] = field(default_factory=dict)
    menu: bool = False
    relay: dict[str, Any] = field(default_factory=dict)
    live_agent: str = ""
    expects_pin: bool = False
    translations: dict[str, dict[str, str]] = field(default_factory=dict)
    recorded: bool = False
    addition: str = ""

    def changed(self, changes: Changes) -> AnsweringUseCase:
        """As tools have made it."""
        return replace(self, addition=changes.addition, tools=changes.tools, keys=changes.keys)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> AnsweringUseCase:
        """Back from storage."""
        return cls(**{**data, "tools": tuple(OfferedTool(**tool) for tool in data.get("tools", ()))})

"""What a version of a use case offers in a call: its tools and keys, as they stand, and as tools have changed them since the call began."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction

from calls.conversation.reception.keys import BadKeysError, KeyHandler, read_keys
from calls.conversation.reception.topics import LIVE_AGENT
from calls.conversation.reception.use_case import MAIN_MENU, Changes, OfferedTool
from use_cases.description import tools_of
from use_cases.models import InboundCall, UseCaseVersion
from use_cases.tooling import Tool, ToolResult

#: For the model, where a use case would hand calls over and has no number to do so.
NOBODY_TAKES_OVER = (
    "Nobody takes calls over now, and live_agent is not there. Where you would have used it, say that you cannot put them through, promise no call "
    "back, and go on with what you can do."
)
#: What a tool may put behind the prompt. The model reads it before every reply.
LONGEST_ADDITION = 2_000
_BACK = OfferedTool(
    MAIN_MENU, "Go back to the menu, when the caller asks for it.", {"type": "object", "properties": {}, "additionalProperties": False}
)
_AS_USUAL = asdict(KeyHandler())


class BadChangeError(ValueError):
    """A tool wants a change that cannot be: a defect of the tool. `str(error)` says what is wrong."""


def tools_for(version: UseCaseVersion) -> dict[str, Tool]:
    """The tools of a version, by name. Handing the call over is none of them where there is nobody to take it."""
    known = tools_of(version.use_case.slug)
    return {name: known[name] for name in version.tools if name in known and not (name == LIVE_AGENT and misses_person(version))}


def misses_person(version: UseCaseVersion) -> bool:
    """Whether its calls would be handed over, and there is no number to hand them to."""
    return LIVE_AGENT in version.tools and not version.live_agent


def now_offered(version: UseCaseVersion, changed: Mapping[str, Any], *, menu: bool) -> Changes:
    """A version's tools and keys, and what stands behind its prompt. A key whose tool is not offered does nothing.

    Args:
        changed: what tools have made of it in this call (`InboundCall.changes`).
        menu: there is one to go back to.
    """
    named = changed.get("tools")
    offered = [_offered(tool) for tool in tools_for(version).values() if named is None or tool.name in named or _stays(tool)]
    tools = (*offered, *([_BACK] if menu else []))
    names = {"", *(tool.name for tool in tools)}
    keys = {key: does for key, does in changed.get("keys", version.keys).items() if does.get("tool", "") in names}
    return Changes(changed.get("number", 0), changed.get("prompt", ""), tools, keys)


def _stays(tool: Tool) -> bool:
    """A person can be asked for at any time, and a PIN is for code: no tool takes these away."""
    return tool.name == LIVE_AGENT or bool(tool.secrets)


def _offered(tool: Tool) -> OfferedTool:
    secret = next(iter(sorted(tool.secrets)), "")
    return OfferedTool(tool.name, tool.description, tool.parameters, tool.exclusive, tool.filler, tool.seconds, secret, tool.reads)


def asked_changes(version: UseCaseVersion, tool: Tool | None, result: ToolResult) -> dict[str, Any]:
    """What a tool's result changes of the use case that has the call, as JSON; empty: nothing.

    Raises:
        BadChangeError: it names a tool that the use case's `tools.py` has not, a key that cannot work, or it may change nothing.
    """
    asked: dict[str, Any] = {}
    if result.prompt is not None:
        asked["prompt"] = result.prompt.strip()
        if len(asked["prompt"]) > LONGEST_ADDITION:
            raise BadChangeError(f"prompt: it is longer than {LONGEST_ADDITION} characters")
    known = tools_of(version.use_case.slug)
    if result.tools is not None:
        asked["tools"] = sorted(result.tools)
        if unknown := [name for name in asked["tools"] if name not in known]:
            raise BadChangeError(f"tools: there is no {', '.join(unknown)}; its tools.py has {', '.join(sorted(known)) or 'none'}")
    if result.keys is not None:
        asked["keys"] = {key: _told(handler) for key, handler in result.keys.items()}
        try:
            read_keys(asked["keys"], {*known, MAIN_MENU})
        except BadKeysError as error:
            raise BadChangeError(str(error)) from error
    if asked and result.start:
        raise BadChangeError("start: the use case that it starts comes with prompt, tools and keys of its own")
    if asked and tool is not None and tool.reads:
        raise BadChangeError("a tool that only reads may be given up at any time, so it changes nothing")
    return asked


def _told(handler: KeyHandler) -> dict[str, Any]:
    """A handler as a use case's description would have it."""
    return {name: value for name, value in asdict(handler).items() if value != _AS_USUAL[name]}


def change(inbound: InboundCall, asked: Mapping[str, Any], *, menu: bool) -> Changes | None:
    """Keeps with a call what a tool changes, and says what is offered from here on. None: another use case has the call by now.

    Raises:
        django.db.OperationalError: somebody else holds the call's row for long.
    """
    with transaction.atomic():
        held = InboundCall.objects.select_for_update(no_key=True).get(pk=inbound.pk)
        if held.version_id != inbound.version_id:
            return None
        held.changes = held.changes | asked | {"number": held.changes.get("number", 0) + 1}
        held.save(update_fields=["changes"])
    return now_offered(inbound.version, held.changes, menu=menu)

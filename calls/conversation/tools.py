"""The tools that the in-call model has: their strict schemas, and the check of what it sends. Whatever it writes, nothing here raises."""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from calls.conversation.brief import CallBrief
from calls.conversation.purse import AGREEING_KINDS

LONGEST_ARGUMENTS = 2_000


class _Arguments(BaseModel):
    """Arguments as strict as their schema: nothing missing, nothing more, no type bent."""

    model_config = ConfigDict(extra="forbid", strict=True)


class AskUserArguments(_Arguments):
    """`ask_user`: put one question to the user while the callee is on the line."""

    kind: Literal["money", "yes_no", "text"]
    question: str = Field(min_length=1, max_length=300)
    item: str | None = Field(max_length=200)
    amount_minor: int | None = Field(ge=0, le=100_000_000)
    currency: str | None = Field(pattern="^[A-Z]{3}$")


class AgreeToArguments(_Arguments):
    """`agree_to`: commit the user to a price, a date or both."""

    what: str = Field(min_length=1, max_length=200)
    amount_minor: int | None = Field(ge=0, le=100_000_000)
    currency: str | None = Field(pattern="^[A-Z]{3}$")
    when: str | None = Field(max_length=200)


class CallBackLaterArguments(_Arguments):
    """`call_back_later`: end the call because something is missing."""

    reason: str = Field(max_length=300)


class EndCallArguments(_Arguments):
    """`end_call`: say goodbye and hang up."""

    result: Literal["goal_reached", "goal_not_reached", "wrong_number", "refused_machine"]
    farewell: str = Field(max_length=300)


class NoteLearnedArguments(_Arguments):
    """`note_learned`: keep something the plan wanted to find out."""

    what: str = Field(min_length=1, max_length=200)
    value: str = Field(min_length=1, max_length=300)


class PressKeysArguments(_Arguments):
    """`press_keys`: choose an option of a phone menu."""

    keys: str = Field(pattern="^[0-9*#w]{1,12}$")
    why: str = Field(max_length=300)


Arguments = AskUserArguments | AgreeToArguments | CallBackLaterArguments | EndCallArguments | NoteLearnedArguments | PressKeysArguments

_FORMS: dict[str, type[Arguments]] = {
    "ask_user": AskUserArguments,
    "agree_to": AgreeToArguments,
    "call_back_later": CallBackLaterArguments,
    "end_call": EndCallArguments,
    "note_learned": NoteLearnedArguments,
    "press_keys": PressKeysArguments,
}
_TEXT, _MAYBE_TEXT, _MAYBE_NUMBER = {"type": "string"}, {"type": ["string", "null"]}, {"type": ["integer", "null"]}


def _spec(name: str, description: str, properties: dict[str, Any]) -> dict[str, Any]:
    """An OpenAI function tool in strict mode: every property required, nothing else allowed."""
    parameters = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    return {"type": "function", "function": {"name": name, "description": description, "strict": True, "parameters": parameters}}


_MINOR = {**_MAYBE_NUMBER, "description": "the total in minor units (cents), or null when no money is involved"}
_CURRENCY = {**_MAYBE_TEXT, "description": "ISO code such as CAD, or null without an amount"}
_SPECS = {
    "ask_user": _spec(
        "ask_user",
        "Ask the person you call for, who is not on the line, something only they can say: whether to accept a price, or a detail that is missing. "
        "Say in the same reply that you are checking with them. Ask each thing once.",
        {
            "kind": {"type": "string", "enum": ["money", "yes_no", "text"], "description": "money whenever a price is involved"},
            "question": {**_TEXT, "description": "one short question, complete in itself"},
            "item": {**_MAYBE_TEXT, "description": "what it is about, at most five words, or null"},
            "amount_minor": _MINOR,
            "currency": _CURRENCY,
        },
    ),
    "agree_to": _spec(
        "agree_to",
        "Check whether you may commit to something (a price, a date) before you say yes to it. Only when the result says ok may you agree aloud.",
        {
            "what": {**_TEXT, "description": "what is agreed, at most five words"},
            "amount_minor": _MINOR,
            "currency": _CURRENCY,
            "when": {**_MAYBE_TEXT, "description": "date and time agreed, in words, or null"},
        },
    ),
    "call_back_later": _spec(
        "call_back_later",
        "End this call because it cannot go on without something you do not have. The apology and the goodbye are said for you.",
        {"reason": {**_TEXT, "description": "what is missing, in a few words"}},
    ),
    "end_call": _spec(
        "end_call",
        "Say goodbye and hang up: the goal is reached, cannot be reached, this is the wrong number, or they do not want to talk to a machine.",
        {
            "result": {"type": "string", "enum": ["goal_reached", "goal_not_reached", "wrong_number", "refused_machine"]},
            "farewell": {**_TEXT, "description": "one short, friendly closing sentence, said to the callee"},
        },
    ),
    "note_learned": _spec(
        "note_learned",
        "Keep an answer to something you were to find out.",
        {"what": {**_TEXT, "description": "what was asked, at most five words"}, "value": {**_TEXT, "description": "the answer, short"}},
    ),
    "press_keys": _spec(
        "press_keys",
        "Press keys in a phone menu. Only while a message with phone_menu says that a machine is listening; never on a person.",
        {
            "keys": {**_TEXT, "description": "the key that the menu names: 0-9, * or #"},
            "why": {**_TEXT, "description": "the option it stands for, in a few words"},
        },
    ),
}


def tools_for(brief: CallBrief) -> tuple[dict[str, Any], ...]:
    """The tools of one call; who only informs or enquires cannot agree to anything. The same through the whole call."""
    return tuple(spec for name, spec in _SPECS.items() if name != "agree_to" or brief.kind in AGREEING_KINDS)


def read_arguments(name: str, arguments: str, offered: frozenset[str]) -> Arguments | dict[str, Any]:
    """The checked arguments of a tool, or the tool result that says what is wrong with them."""
    if name not in offered:
        return {"ok": False, "reason": "unknown_tool", "do": "use one of: " + ", ".join(sorted(offered))}
    if len(arguments) > LONGEST_ARGUMENTS:
        return {"ok": False, "reason": "arguments_too_long", "do": "call it again with short arguments"}
    try:
        return _FORMS[name].model_validate_json(arguments)
    except ValidationError as error:
        wrong = sorted({str(part["loc"][0]) if part["loc"] else "json" for part in error.errors(include_url=False, include_input=False)})
        return {"ok": False, "reason": "bad_arguments", "wrong": [field[:40] for field in wrong[:5]], "do": "call it again with correct arguments"}


def safe_call(tool_id: str, name: str, arguments: str) -> dict[str, Any]:
    """A tool call as it may stand in later prompts: a server refuses names and JSON that are not well formed."""
    plain_name = name if name.replace("_", "").replace("-", "").isascii() and name.replace("_", "").replace("-", "").isalnum() else "unknown"
    return {"id": tool_id, "type": "function", "function": {"name": plain_name[:64], "arguments": _well_formed(arguments)}}


def _well_formed(arguments: str) -> str:
    """The arguments if they are one JSON object of decent size, else an empty one."""
    if len(arguments) > LONGEST_ARGUMENTS:
        return "{}"
    try:
        value = json.loads(arguments, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return "{}"
    return json.dumps(value) if isinstance(value, dict) else "{}"


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")

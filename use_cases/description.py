"""What a use case is, in data: read from its folder, checked in the same way when a person edits it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from calls.conversation.disclosure import says_machine
from calls.conversation.reception.keys import BadKeysError, read_keys
from calls.conversation.reception.use_case import MAIN_MENU
from calls.conversation.wordings import ALL as ALL_WORDINGS
from calls.conversation.wordings import is_known
from calls.models import CONVERSATION_RELAY, MEDIA_STREAM, REALTIME
from calls.telephony import relay_twiml
from use_cases import folders
from use_cases.tooling import Tool, tools_in

#: The name of the user for whom the number is answered; the one placeholder of greetings, too.
ANSWERING_FOR = "ANSWERING_FOR"
PLACEHOLDERS = frozenset({"USER_CONTEXT", "AVAILABLE_DEMOS", "CURRENT_DATE", ANSWERING_FOR})
#: Attributes of <ConversationRelay> that no use case sets: the greeting that is spoken first is its own.
NOT_SET_HERE = "welcomeGreeting"
#: Lines that a use case may name; empty: the one that is set for all calls (`CALL_LINE`).
LINES = ("", MEDIA_STREAM, CONVERSATION_RELAY, REALTIME)
LONGEST = {"title": 80, "description": 500, "greeting": 500, "prompt": 20_000}
_PLACEHOLDER = re.compile(r"\{\{\s*(\w*)\s*\}\}")
_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
_IN_FILE = frozenset({"title", "description", "greeting", "line", "live_agent", "relay", "keys", "tools", "record"})


class BadUseCaseError(ValueError):
    """A use case that cannot answer calls. `problems`: what is wrong, by field, in sentences."""

    def __init__(self, slug: str, problems: Mapping[str, str]) -> None:
        super().__init__(f"{slug}: " + " ".join(f"{name}: {problem}" for name, problem in problems.items()))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class Description:
    """One state of a use case. See `use_cases.models.UseCaseVersion` for its fields."""

    title: str
    description: str
    greeting: str
    prompt: str
    line: str = ""
    live_agent: str = ""
    relay: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, Any] = field(default_factory=dict)
    translations: dict[str, dict[str, str]] = field(default_factory=dict)
    tools: list[str] = field(default_factory=list)
    record: bool = False

    @property
    def digest(self) -> str:
        """Tells whether anything of it changed."""
        told = {name: value for name, value in asdict(self).items() if name != "record" or value}  # what it was before there was such a field
        return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


FIELDS = tuple(each.name for each in fields(Description))


def tools_of(slug: str) -> dict[str, Tool]:
    """The tools that a use case's folder defines, by name."""
    module = folders.tools_module(slug)
    return {} if module is None else tools_in(module)


def read_folder(slug: str) -> Description:
    """The use case as its folder says. Raises BadUseCaseError."""
    folder = folders.ROOT / slug
    try:
        data = _toml(slug, folder / folders.DESCRIPTION)
        prompt = (folder / folders.PROMPT).read_text(encoding="utf-8")
        translations = _toml(slug, folder / folders.TRANSLATIONS) if (folder / folders.TRANSLATIONS).is_file() else {}
    except OSError as error:
        raise BadUseCaseError(slug, {str(error.filename): "it is missing."}) from error
    if unknown := sorted(set(data) - _IN_FILE):
        raise BadUseCaseError(slug, {folders.DESCRIPTION: f"{', '.join(unknown)} is not known; known are {', '.join(sorted(_IN_FILE))}."})
    tools = data.get("tools", sorted(tools_of(slug)))
    texts = {name: data.get(name, "") for name in ("title", "description", "greeting", "line", "live_agent")}
    found = Description(
        **texts,
        prompt=prompt.strip(),
        relay=data.get("relay", {}),
        keys=data.get("keys", {}),
        translations=translations,
        tools=tools,
        record=data.get("record", False),
    )
    check(slug, found)
    return found


def _toml(slug: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadUseCaseError(slug, {path.name: f"it is no TOML: {error}."}) from error


def check(slug: str, description: Description) -> None:
    """Refuses what cannot answer calls. Raises BadUseCaseError with every problem."""
    known = tools_of(slug)
    problems = {**_text_problems(description), **_relay_problems(description.relay), **_translation_problems(description)}
    if description.line not in LINES:
        problems["line"] = f"it must be {MEDIA_STREAM}, {CONVERSATION_RELAY} or {REALTIME}, or left out."
    if description.live_agent and not (isinstance(description.live_agent, str) and _NUMBER.fullmatch(description.live_agent)):
        problems["live_agent"] = "it must be a number such as +15195550180, or left out."
    if not isinstance(description.tools, list) or (unknown := [str(name) for name in description.tools if name not in known]):
        missing = ", ".join(unknown) if isinstance(description.tools, list) else "a list of names"
        problems["tools"] = f"there is no {missing}; its tools.py has {', '.join(sorted(known)) or 'none'}."
    if not isinstance(description.record, bool):
        problems["record"] = "it must be true or false."
    elif description.record and any(name in known and known[name].secrets for name in description.tools):
        problems["record"] = "a call in which a PIN may be said is not recorded."
    try:
        if not isinstance(description.keys, dict):
            raise BadKeysError("they must be a table by key")
        read_keys(description.keys, {*description.tools, MAIN_MENU} if isinstance(description.tools, list) else None)
    except BadKeysError as error:
        problems["keys"] = f"{error}."
    if problems:
        raise BadUseCaseError(slug, problems)


def _text_problems(description: Description) -> dict[str, str]:
    problems = {}
    for name, longest in LONGEST.items():
        text = getattr(description, name)
        if not isinstance(text, str) or not text.strip():
            problems[name] = "it is empty."
        elif len(text) > longest:
            problems[name] = f"it is longer than {longest} characters."
    if "greeting" not in problems and not says_machine(description.greeting):
        problems["greeting"] = "it must say that this is an AI assistant: whoever rings has a right to know."
    if "greeting" not in problems and (others := sorted(set(_PLACEHOLDER.findall(description.greeting)) - {ANSWERING_FOR})):
        problems["greeting"] = f"{{{{{others[0]}}}}} is not known there; known is {ANSWERING_FOR}."
    if "prompt" not in problems and (unknown := sorted(set(_PLACEHOLDER.findall(description.prompt)) - PLACEHOLDERS)):
        problems["prompt"] = f"{{{{{unknown[0]}}}}} is not known; known are {', '.join(sorted(PLACEHOLDERS))}."
    return problems


def _relay_problems(relay: Any) -> dict[str, str]:
    if not isinstance(relay, dict):
        return {"relay": "it must be a table of attributes."}
    if NOT_SET_HERE in relay:
        return {"relay": f"{NOT_SET_HERE} is no attribute that a use case may set: its greeting is spoken."}
    try:
        relay_twiml.checked(relay)
    except ValueError as error:
        return {"relay": f"{error}."}
    if relay.get("welcomeGreetingInterruptible", "none") != "none":
        return {"relay": "welcomeGreetingInterruptible must be none: the greeting says that this is an AI, and is heard to its end."}
    return {}


def _translation_problems(description: Description) -> dict[str, str]:
    """A text that was edited since has none any more: it is said in English again, and nothing is refused for it."""
    translations = description.translations
    if not isinstance(translations, dict):
        return {"translations": "they must be tables by language."}
    for code, texts in translations.items():
        if not is_known(code) or len(code) != 2:
            return {"translations": f"{code} is no language that Floyd has words in; these are {', '.join(one.code for one in ALL_WORDINGS)}."}
        if not isinstance(texts, dict) or not all(isinstance(said, str) and said.strip() for said in texts.values()):
            return {"translations": f"{code}: it must be a table of texts, none of them empty."}
        if wrong := next((said for text, said in texts.items() if max(len(text), len(said)) > LONGEST["greeting"]), ""):
            return {"translations": f"{code}: “{wrong[:40]}…” is longer than {LONGEST['greeting']} characters."}
        if wrong := next((said for text, said in texts.items() if set(_PLACEHOLDER.findall(text)) != set(_PLACEHOLDER.findall(said))), ""):
            return {"translations": f"{code}: “{wrong[:40]}” has other placeholders than its original."}
        if (greeting := texts.get(description.greeting)) is not None and not says_machine(greeting):
            return {"translations": f"{code}: the greeting must say that this is an AI assistant: whoever rings has a right to know."}
    return {}


def fill(prompt: str, values: Mapping[str, str]) -> str:
    """The prompt with its placeholders filled. What is filled in is not looked through again."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], ""), prompt)

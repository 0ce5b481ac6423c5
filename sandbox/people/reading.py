"""Reads people from YAML files. A wrong file is an error that names the file and the field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from sandbox.people.spec import DATA, E164, Behaviour, PersonError, PersonSpec, Rule, State

_PERSON = frozenset({"number", "name", "voice", "rate", "behaviour", "ring_ms", "answer_ms", "think_ms", "first", "states", "always", "expects_more"})
_STATE = frozenset({"say", "rules", "otherwise", "silence_ms", "silence_say", "hang_up_after_ms", "hang_up"})
_RULE = frozenset({"hear", "unless", "dollars_from", "dollars_below", "say", "goto", "needs", "note", "hang_up", "hold_ms", "keys"})


def load(folders: Iterable[Path] = ()) -> dict[str, PersonSpec]:
    """Everybody in the sandbox's own folder and in `folders`; a later file replaces an earlier one of the same number.

    Raises:
        PersonError: a file is not a person.
    """
    people: dict[str, PersonSpec] = {}
    for folder in (DATA, *folders):
        if not folder.is_dir():
            raise PersonError(f"{folder} is not a folder of people")
        for path in sorted(folder.glob("*.yaml")):
            person = read(path)
            people[person.number] = person
    return people


def read(path: Path) -> PersonSpec:
    """One person."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise PersonError(f"{path.name}: not YAML: {error}") from None
    fields = _known(data, _PERSON, path.name)
    number = str(fields.get("number", ""))
    if not E164.fullmatch(number):
        raise PersonError(f"{path.name}: number must be E.164 in quotes, e.g. '+15195550110'")
    behaviour = _behaviour(fields, path)
    states = {name: _state(name, state, f"{path.name}: {name}") for name, state in (fields.get("states") or {}).items()}
    if not states and behaviour is not Behaviour.SCRIPT:
        states = {"silent": State("silent")}
    first = str(fields.get("first") or next(iter(states), ""))
    always = tuple(_rule(rule, f"{path.name}: always") for rule in fields.get("always") or ())
    for where in [first, *(rule.goto for rule in _rules(states, always) if rule.goto)]:
        if where not in states:
            raise PersonError(f"{path.name}: there is no state {where!r}")
    plain = {name: fields[name] for name in ("voice", "rate", "ring_ms", "answer_ms", "think_ms") if name in fields}
    return PersonSpec(
        number=number,
        name=str(fields.get("name") or number),
        states=states,
        first=first,
        behaviour=behaviour,
        always=always,
        expects_more=_texts(fields.get("expects_more")),
        **plain,
    )


def _behaviour(fields: Mapping[str, Any], path: Path) -> Behaviour:
    try:
        return Behaviour(fields.get("behaviour", Behaviour.SCRIPT))
    except ValueError:
        raise PersonError(f"{path.name}: behaviour must be one of {', '.join(Behaviour)}") from None


def _rules(states: Mapping[str, State], always: tuple[Rule, ...]) -> list[Rule]:
    own = [rule for state in states.values() for rule in (*state.rules, *((state.otherwise,) if state.otherwise else ()))]
    return [*always, *own]


def _known(data: Any, names: frozenset[str], where: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise PersonError(f"{where}: expected fields")
    if unknown := sorted(set(data) - names):
        raise PersonError(f"{where}: unknown field {', '.join(map(str, unknown))}; known are {', '.join(sorted(names))}")
    return data


def _texts(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(item) for item in value or ())


def _patterns(value: Any, where: str) -> tuple[re.Pattern[str], ...]:
    try:
        # Words are matched whole, in the spoken form: no digits, no punctuation.
        return tuple(re.compile(rf"\b(?:{text})\b") for text in _texts(value))
    except re.error as error:
        raise PersonError(f"{where}: bad pattern: {error}") from None


def _rule(data: Any, where: str) -> Rule:
    fields = _known(data, _RULE, where)
    plain = {name: fields[name] for name in ("dollars_from", "dollars_below", "goto", "hang_up", "hold_ms") if name in fields}
    return Rule(
        hear=_patterns(fields.get("hear"), where),
        unless=_patterns(fields.get("unless"), where),
        say=_texts(fields.get("say")),
        needs=_texts(fields.get("needs")),
        note=_texts(fields.get("note")),
        keys=str(fields.get("keys", "")),
        **plain,
    )


def _state(name: str, data: Any, where: str) -> State:
    fields = _known(data or {}, _STATE, where)
    otherwise = fields.get("otherwise")
    return State(
        name=name,
        say=_texts(fields.get("say")),
        rules=tuple(_rule(rule, where) for rule in fields.get("rules") or ()),
        otherwise=None if otherwise is None else _rule(otherwise, where),
        **{key: fields[key] for key in ("silence_ms", "silence_say", "hang_up_after_ms", "hang_up") if key in fields},
    )

"""Reads people from YAML files. A wrong file is an error that names the file and the field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import yaml

from sandbox.noise import Background
from sandbox.people.acts import Say, Sound, SoundKind
from sandbox.people.listing import Listing, ListingError, read_listing
from sandbox.people.open_hours import rules_of
from sandbox.people.spec import DATA, E164, AnsweredBy, Attestation, Behaviour, LineNoise, Meanwhile, PersonError, PersonSpec, Rule, State

_PERSON_PLAIN = ("voice", "rate", "ring_ms", "answer_ms", "think_ms", "over", "clarity")
_PERSON = frozenset(
    {*_PERSON_PLAIN, "number", "name", "behaviour", "first", "states", "always", "expects_more", "noise", "answered_by", "attestation", "listing"}
)
_STATE_PLAIN = (
    *("then", "machine", "barge", "yields", "record", "silence_ms", "silence_say", "silence_goto", "hang_up_after_ms", "hang_up", "voice", "rate"),
)
_STATE = frozenset({*_STATE_PLAIN, "say", "rules", "otherwise", "pressed", "pressed_otherwise", "meanwhile"})
_RULE_PLAIN = ("dollars_from", "dollars_below", "goto", "hang_up")
_RULE = frozenset({*_RULE_PLAIN, "hear", "unless", "say", "needs", "note", "keys"})
_MEANWHILE_OWN = frozenset({"after_ms", "times"})
_SAY = frozenset({"text", "pause_ms", "voice", "rate", "over", "clarity", "loudness"})
_SOUNDS = {f"{kind}_ms": kind for kind in SoundKind if kind is not SoundKind.SILENCE} | {"pause_ms": SoundKind.SILENCE}
_KEYS = re.compile(r"[0-9*#A-D]+")

_Kind = TypeVar("_Kind", bound=StrEnum)


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
    behaviour = _one_of(Behaviour, fields, "behaviour", Behaviour.SCRIPT, path.name)
    states = {name: _state(name, state, f"{path.name}: {name}") for name, state in (fields.get("states") or {}).items()}
    if not states and behaviour is not Behaviour.SCRIPT:
        states = {"silent": State("silent")}
    listing = _listing(fields.get("listing"), path.name)
    person = PersonSpec(
        number=number,
        name=str(fields.get("name") or number),
        states=states,
        first=str(fields.get("first") or next(iter(states), "")),
        behaviour=behaviour,
        always=tuple(_rule(rule, f"{path.name}: always") for rule in fields.get("always") or ()),
        expects_more=_texts(fields.get("expects_more")),
        noise=_noise(fields.get("noise"), path.name),
        answered_by=_one_of(AnsweredBy, fields, "answered_by", AnsweredBy.HUMAN, path.name),
        attestation=_one_of(Attestation, fields, "attestation", Attestation.FULL, path.name),
        listing=listing,
        common=rules_of(listing),
        **{name: fields[name] for name in _PERSON_PLAIN if name in fields},
    )
    _check_states(person, path.name)
    return person


def _listing(data: Any, where: str) -> Listing | None:
    try:
        return read_listing(data)
    except (ListingError, TypeError) as error:
        raise PersonError(f"{where}: {error}") from None


def _check_states(person: PersonSpec, where: str) -> None:
    """Whatever leads to a state leads to one that there is."""
    targets = [person.first, *(rule.goto for rule in person.all_rules() if rule.goto)]
    for state in person.states.values():
        targets += [target for target in (state.then, state.silence_goto) if target]
    for target in targets:
        if target not in person.states:
            raise PersonError(f"{where}: there is no state {target!r}")


def _one_of(kind: type[_Kind], fields: Mapping[str, Any], name: str, default: _Kind, where: str) -> _Kind:
    try:
        return kind(fields.get(name, default))
    except ValueError:
        raise PersonError(f"{where}: {name} must be one of {', '.join(kind)}") from None


def _known(data: Any, names: frozenset[str], where: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise PersonError(f"{where}: expected fields")
    if unknown := sorted(map(str, set(data) - names)):
        raise PersonError(f"{where}: unknown field {', '.join(unknown)}; known are {', '.join(sorted(names))}")
    return data


def _texts(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(item) for item in value or ())


def _patterns(value: Any, where: str) -> tuple[re.Pattern[str], ...]:
    try:
        # Words are matched whole, in the spoken form: no digits, no punctuation.
        return tuple(re.compile(rf"\b(?:{text})\b") for text in _texts(value))
    except re.error as error:
        raise PersonError(f"{where}: bad pattern: {error}") from None


def _noise(data: Any, where: str) -> LineNoise | None:
    if data is None:
        return None
    fields = _known(data, frozenset({"background", "snr_db"}), f"{where}: noise")
    return LineNoise(_one_of(Background, fields, "background", Background.STREET, f"{where}: noise"), float(fields.get("snr_db", 15)))


def _said(value: Any, where: str) -> tuple[Say | Sound, ...]:
    """What is said: a text, or a list of texts, of texts with their manner, and of sounds such as {music_ms: 4000}."""
    acts: list[Say | Sound] = []
    for item in [value] if isinstance(value, str | dict) else value or ():
        acts += [Say(str(item))] if not isinstance(item, dict) else _manner(item, where) if "text" in item else _sounds(item, where)
    return tuple(acts)


def _manner(item: dict[str, Any], where: str) -> list[Say | Sound]:
    fields = dict(_known(item, _SAY, where))
    pause_ms = int(fields.pop("pause_ms", 0))
    pause = [Sound(SoundKind.SILENCE, pause_ms)] if pause_ms else []
    return [*pause, Say(str(fields.pop("text")), **fields)]


def _sounds(item: dict[str, Any], where: str) -> list[Say | Sound]:
    fields = _known(item, frozenset(_SOUNDS), where)
    return [Sound(_SOUNDS[name], int(duration_ms)) for name, duration_ms in fields.items()]


def _rule(data: Any, where: str) -> Rule:
    fields = _known(data, _RULE, where)
    return Rule(
        hear=_patterns(fields.get("hear"), where),
        unless=_patterns(fields.get("unless"), where),
        say=_said(fields.get("say"), where),
        needs=_texts(fields.get("needs")),
        note=_texts(fields.get("note")),
        keys=str(fields.get("keys", "")),
        **{name: fields[name] for name in _RULE_PLAIN if name in fields},
    )


def _maybe_rule(data: Any, where: str) -> Rule | None:
    return None if data is None else _rule(data, where)


def _meanwhile(data: Any, where: str) -> Meanwhile:
    fields = _known(data, _RULE | _MEANWHILE_OWN, where)
    rule = _rule({name: value for name, value in fields.items() if name not in _MEANWHILE_OWN}, where)
    return Meanwhile(int(fields.get("after_ms", 1000)), rule, int(fields.get("times", 1)))


def _pressed(data: Any, where: str) -> dict[str, Rule]:
    rules = {str(keys): _rule(rule, where) for keys, rule in (data or {}).items()}
    if wrong := [keys for keys in rules if not _KEYS.fullmatch(keys)]:
        raise PersonError(f"{where}: pressed has keys that no phone has: {', '.join(wrong)}")
    return rules


def _state(name: str, data: Any, where: str) -> State:
    fields = _known(data or {}, _STATE, where)
    plain = {key: fields[key] for key in _STATE_PLAIN if key in fields}
    if fields.get("machine") or fields.get("silence_goto"):
        plain.setdefault("silence_say", "")  # machines do not ask whether somebody is there
    return State(
        name=name,
        say=_said(fields.get("say"), where),
        rules=tuple(_rule(rule, where) for rule in fields.get("rules") or ()),
        otherwise=_maybe_rule(fields.get("otherwise"), where),
        pressed=_pressed(fields.get("pressed"), f"{where}: pressed"),
        pressed_otherwise=_maybe_rule(fields.get("pressed_otherwise"), where),
        meanwhile=tuple(_meanwhile(one, where) for one in fields.get("meanwhile") or ()),
        **plain,
    )

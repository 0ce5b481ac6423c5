"""What strict mode asks of a JSON schema, and the check of what is produced under it.

https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema

from sandbox.openai.errors import ApiError, bad_request

ALLOWED = frozenset(
    {
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "enum",
        "const",
        "anyOf",
        "$ref",
        "$defs",
        "definitions",
        "title",
        "description",
        "pattern",
        "format",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minItems",
        "maxItems",
    }
)
DEEPEST = 10


def check_strict(schema: Any, *, name: str, param: str) -> None:
    """Refuses a schema that strict mode refuses. `name` is of the form or function, `param` says where it stands in the request."""
    if not isinstance(schema, dict):
        raise bad_request(f"Invalid schema for '{name}': it must be an object.", param=param, code="invalid_type")
    if schema.get("type") != "object" or "anyOf" in schema:
        raise _invalid(name, param, (), "schema must have type 'object' and not have 'anyOf' at the top level")
    for place, part in _parts(schema, ()):
        problem = _problem(place, part)
        if problem:
            raise _invalid(name, param, place, problem)
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        raise _invalid(name, param, tuple(map(str, error.absolute_path)), error.message) from None


def _invalid(name: str, param: str, place: tuple[str, ...], problem: str) -> ApiError:
    return bad_request(f"Invalid schema for '{name}': In context={place}, {problem}.", param=param, code="invalid_json_schema")


def _parts(schema: dict[str, Any], place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """A schema and all schemas inside it."""
    yield place, schema
    inner: list[tuple[tuple[str, ...], Any]] = []
    for key in ("properties", "$defs", "definitions"):
        inner += [((*place, key, name), part) for name, part in dict(schema.get(key) or {}).items()]
    inner += [((*place, "anyOf", str(index)), part) for index, part in enumerate(schema.get("anyOf") or ())]
    if "items" in schema:
        inner.append(((*place, "items"), schema["items"]))
    for where, part in inner:
        if isinstance(part, dict):
            yield from _parts(part, where)


def _problem(place: tuple[str, ...], part: dict[str, Any]) -> str:
    foreign = sorted(set(part) - ALLOWED)
    if foreign:
        return f"'{foreign[0]}' is not permitted"
    if "$ref" in part and len(part) > 1:
        return f"$ref cannot have keywords {sorted(set(part) - {'$ref'})}"
    if place.count("properties") > DEEPEST:
        return f"it is nested deeper than {DEEPEST} levels"
    kinds = part.get("type")
    if kinds == "object" or (isinstance(kinds, list) and "object" in kinds) or "properties" in part:
        if part.get("additionalProperties") is not False:
            return "'additionalProperties' is required to be supplied and to be false"
        missing = sorted(set(part.get("properties") or {}) ^ set(part.get("required") or ()))
        if missing:
            return f"'required' is required to be supplied and to be an array including every key in properties. Missing or extra '{missing[0]}'"
    if kinds == "array" and "items" not in part:
        return "array schema missing items"
    return ""


def fits(document: Any, schema: dict[str, Any]) -> bool:
    """Whether a document is of a schema."""
    return bool(jsonschema.Draft202012Validator(schema).is_valid(document))


def fits_text(text: str, schema: dict[str, Any]) -> bool:
    """Whether a text is a JSON document of a schema."""
    try:
        return fits(json.loads(text), schema)
    except json.JSONDecodeError:
        return False

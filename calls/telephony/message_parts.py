"""Parts of the carrier's WebSocket messages, checked as they are taken out. No I/O here."""

from __future__ import annotations

import json
from typing import Any

#: A frame of 20 ms takes about 330 characters, a long utterance a few hundred; nothing the carrier sends comes near this.
MOST_CHARACTERS = 64 * 1024
LONGEST_WORD = 500
KEYS = frozenset("0123456789*#ABCD")


class MessageError(ValueError):
    """A message that is not of the protocol. The text says what is wrong with its form, never what it holds."""


def fields_of(text: str) -> dict[str, Any]:
    """The object that a text frame holds. Raises MessageError."""
    if len(text) > MOST_CHARACTERS:
        raise MessageError(f"{len(text)} characters")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise MessageError("not JSON") from None
    if not isinstance(data, dict):
        raise MessageError("not an object")
    return data


def part(data: dict[str, Any], name: str) -> dict[str, Any]:
    """An object inside it."""
    found = data.get(name)
    if not isinstance(found, dict):
        raise MessageError(f"no {name}")
    return found


def sid(data: dict[str, Any], name: str) -> str:
    """One of the carrier's identifiers: 34 letters and digits."""
    found = word(data, name)
    if len(found) != 34 or not (found.isascii() and found.isalnum()):
        raise MessageError(f"{name} is not an identifier")
    return found


def word(data: dict[str, Any], name: str) -> str:
    """A short text that is not empty."""
    found = data.get(name)
    if not isinstance(found, str) or not found or len(found) > LONGEST_WORD:
        raise MessageError(f"no {name}")
    return found


def key(data: dict[str, Any], name: str) -> str:
    """A key of a telephone."""
    found = word(data, name)
    if found not in KEYS:
        raise MessageError("a key that no telephone has")
    return found


def words(data: dict[str, Any], name: str) -> dict[str, str]:
    """Names with texts, as our own parameters come back; none where there are none."""
    found = data.get(name) or {}
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise MessageError(f"{name} are not words")
    return found

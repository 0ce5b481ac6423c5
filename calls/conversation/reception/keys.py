"""What the keys of the caller's phone do: data of a use case, and the digits that are being collected."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from calls.conversation.fixed_lines import KEY_DOES_NOTHING
from calls.conversation.reception.use_case import MAIN_MENU

KEYS = frozenset("0123456789*#")
#: Beside single keys: any digit without a handler of its own, and whatever else is pressed.
DIGITS, UNKNOWN = "digits", "unknown"
#: Leads back to the menu where the use case has no use of its own for it.
MENU_KEY = "*"
MOST_DIGITS = 24


class BadKeysError(ValueError):
    """Key handlers that cannot work. `str(error)` says which one, and why."""


@dataclass(frozen=True, slots=True)
class KeyHandler:
    """What one key does.

    Attributes:
        say: said at once, word for word.
        tool: run after that, with `arguments`.
        collect: digits are gathered until the key `until`; the tool gets them as its argument `into`, else as the first that it must have.
        model: the model is told what was pressed, and answers.
    """

    say: str = ""
    tool: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    collect: bool = False
    until: str = "#"
    into: str = ""
    model: bool = False


@dataclass(frozen=True, slots=True)
class Pressed:
    """What is to be done about what was pressed: say, then run the tool, or tell the model of `keys`."""

    say: str = ""
    tool: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    keys: str = ""
    model: bool = False


_TYPES: dict[str, type] = {"say": str, "tool": str, "arguments": dict, "collect": bool, "until": str, "into": str, "model": bool}


def read_keys(data: Mapping[str, Any], tools: Collection[str] | None = None) -> dict[str, KeyHandler]:
    """Key handlers from data.

    Args:
        tools: names that a handler may use; None: any.

    Raises:
        BadKeysError: they cannot work.
    """
    return {key: _handler(key, entry, tools) for key, entry in data.items()}


def _handler(key: str, entry: Any, tools: Collection[str] | None) -> KeyHandler:
    if key not in KEYS and key not in (DIGITS, UNKNOWN):
        raise BadKeysError(f"keys.{key}: there is no such key; use 0-9, *, #, {DIGITS} or {UNKNOWN}")
    if not isinstance(entry, dict):
        raise BadKeysError(f"keys.{key}: it must be a table")
    for name, value in entry.items():
        if name not in _TYPES:
            raise BadKeysError(f"keys.{key}.{name}: known are {', '.join(each.name for each in fields(KeyHandler))}")
        if not isinstance(value, _TYPES[name]):
            raise BadKeysError(f"keys.{key}.{name}: it must be {_TYPES[name].__name__}")
    handler = KeyHandler(**entry)
    if not (handler.say or handler.tool or handler.model):
        raise BadKeysError(f"keys.{key}: it needs say, tool or model")
    if handler.tool and handler.model:
        raise BadKeysError(f"keys.{key}: tool and model together; choose one")
    if handler.collect and not (handler.tool or handler.model):
        raise BadKeysError(f"keys.{key}: what is collected must go to a tool or the model")
    if handler.until not in KEYS:
        raise BadKeysError(f"keys.{key}.until: it must be one key")
    if handler.tool and tools is not None and handler.tool not in tools:
        raise BadKeysError(f"keys.{key}.tool: there is no tool {handler.tool}")
    return handler


class Keypad:
    """The caller's keys, under one use case.

    Args:
        handlers: by key.
        menu: there is a menu to go back to.
    """

    def __init__(self, handlers: Mapping[str, KeyHandler], *, menu: bool) -> None:
        self._handlers, self._menu = handlers, menu
        self._collecting: KeyHandler | None = None
        self._digits = ""

    def change(self, handlers: Mapping[str, KeyHandler]) -> None:
        """Other handlers from the next key on. Digits that are being collected still go where they were to go."""
        self._handlers = handlers

    @property
    def collecting(self) -> bool:
        """Whether more keys are waited for."""
        return self._collecting is not None

    @property
    def collects_for(self) -> str:
        """The tool that gets what is being collected; empty: none does."""
        return self._collecting.tool if self._collecting is not None else ""

    def press(self, key: str) -> Pressed | None:
        """A key; None when there is nothing to do yet, as more is to come."""
        if self._collecting is not None:
            if key == self._collecting.until:
                return self.finish()
            if key == MENU_KEY:  # no digit; it leads back from here, too
                return self._to_menu()
            self._digits += key
            return self.finish() if len(self._digits) >= MOST_DIGITS else None
        handler = self._handlers.get(key)
        if handler is None and key == MENU_KEY and self._menu:
            return self._to_menu()
        first = ""
        if handler is None and key.isdigit() and DIGITS in self._handlers:
            handler, first = self._handlers[DIGITS], key
        if handler is None:
            unknown = self._handlers.get(UNKNOWN, KeyHandler(say=KEY_DOES_NOTHING))
            return Pressed(unknown.say, unknown.tool, dict(unknown.arguments), key, unknown.model)
        if handler.collect:
            self._collecting, self._digits = handler, first
            return Pressed(say=handler.say) if handler.say else None
        return Pressed(handler.say, handler.tool, dict(handler.arguments), key, handler.model)

    def _to_menu(self) -> Pressed | None:
        """Back to the menu, without the digits there were; None where there is none to go back to."""
        if not self._menu or MENU_KEY in self._handlers:
            return None
        self._collecting, self._digits = None, ""
        return Pressed(tool=MAIN_MENU, keys=MENU_KEY)

    def finish(self) -> Pressed | None:
        """No more digits come; None when there were none."""
        handler, digits = self._collecting, self._digits
        self._collecting, self._digits = None, ""
        if handler is None or not digits:
            return None
        if handler.tool:
            return Pressed(tool=handler.tool, arguments={**handler.arguments, handler.into or DIGITS: digits}, keys=f"{len(digits)} digits")
        return Pressed(keys=digits, model=True)

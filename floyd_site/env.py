"""Typed reading of the environment. A wrong or half-given value is an error that says what to do."""

from __future__ import annotations

import os
from collections.abc import Mapping

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off", ""})


class SettingError(RuntimeError):
    """A setting is missing or malformed; the message names the variable and where to get its value."""


class Environment:
    """Reads typed values from a mapping (the process environment unless another is given)."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = os.environ if values is None else values

    def text(self, name: str, default: str = "") -> str:
        """The trimmed value, or `default` when unset."""
        return self._values.get(name, default).strip()

    def required(self, name: str, hint: str) -> str:
        """The value, or a SettingError that carries `hint`."""
        value = self.text(name)
        if not value:
            raise SettingError(f"{name} is not set. {hint}")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """A yes/no value: 1, true, yes, on or 0, false, no, off."""
        raw = self._values.get(name)
        if raw is None:
            return default
        word = raw.strip().lower()
        if word in TRUE:
            return True
        if word in FALSE:
            return False
        raise SettingError(f"{name} is {raw!r}; it must be yes or no.")

    def choice(self, name: str, among: tuple[str, ...]) -> str:
        """One of several words; the first when unset."""
        value = self.text(name) or among[0]
        if value not in among:
            raise SettingError(f"{name} is {value!r}; it must be one of {', '.join(among)}.")
        return value

    def integer(self, name: str, default: int, *, least: int | None = None, most: int | None = None) -> int:
        """A whole number within bounds."""
        raw = self.text(name)
        if not raw:
            return default
        try:
            value = int(raw)
        except ValueError:
            raise SettingError(f"{name} is {raw!r}; it must be a whole number.") from None
        if (least is not None and value < least) or (most is not None and value > most):
            raise SettingError(f"{name} is {value}; it must lie between {least} and {most}.")
        return value

    def listing(self, name: str, default: str = "") -> list[str]:
        """Comma-separated words, trimmed, without empty ones."""
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def mapping(self, name: str, default: str = "") -> dict[str, str]:
        """Comma-separated pairs `key=value`; a key alone has an empty value."""
        return {key.strip(): value.strip() for key, _, value in (word.partition("=") for word in self.listing(name, default))}

    def starting_with(self, prefix: str) -> dict[str, str]:
        """Everything that is set under a common prefix, for libraries that read settings of their own."""
        return {name: value.strip() for name, value in self._values.items() if name.startswith(prefix) and value.strip()}

    def all_or_none(self, names: tuple[str, ...], hint: str) -> dict[str, str]:
        """A set of keys that only makes sense whole: all of them, or none ({}); a half-given set is an error."""
        given = {name: self.text(name) for name in names if self.text(name)}
        if given and len(given) < len(names):
            missing = ", ".join(name for name in names if name not in given)
            raise SettingError(f"{', '.join(given)} is set but {missing} is not. {hint}")
        return given

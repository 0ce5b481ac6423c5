"""Collects the keys a caller presses into a choice of a menu. Time is an argument."""

from __future__ import annotations

from collections.abc import Iterable

#: Who has pressed one key of a longer choice has so long for the next.
NEXT_KEY_MS = 2500


class Keypad:
    """The keys pressed in one state.

    Args:
        choices: what may be pressed, e.g. "1", "142#".
    """

    def __init__(self, choices: Iterable[str]) -> None:
        self._choices = frozenset(choices)
        self._keys = ""
        self._last_ms = 0

    @property
    def known(self) -> bool:
        """Whether keys mean anything here."""
        return bool(self._choices)

    def press(self, digit: str, now_ms: int) -> str:
        """The keys of a choice that is complete (or is none), or "" while more may come."""
        self._keys += digit
        self._last_ms = now_ms
        longer = any(choice.startswith(self._keys) and choice != self._keys for choice in self._choices)
        return "" if longer else self._take()

    def given_up(self, now_ms: int) -> str | None:
        """The keys pressed so far when the next one did not come in time, else None."""
        return self._take() if self._keys and now_ms - self._last_ms >= NEXT_KEY_MS else None

    def _take(self) -> str:
        keys, self._keys = self._keys, ""
        return keys

"""What a call costs while it goes on: whether its limit is reached, and when pages are told what it came to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from calls.pricing import counted_micros, used_in_call
from providers.prices import MICROS, PriceTable

#: Pages hear of it at most so often, and only when another cent was spent: nobody reads a figure that runs.
SHOWN_EVERY_S = 20
#: Less than this changes nothing that a page shows.
STEP_MICROS = MICROS // 100


class RunningCost:
    """Looked at now and then with what was used by then.

    Args:
        number: that was called.
        line: `Call.line`.
        limit_micros: most that the call may cost; None: no limit.
    """

    def __init__(self, *, number: str, line: str, limit_micros: int | None, table: PriceTable) -> None:
        self._number, self._line, self._limit_micros, self._table = number, line, limit_micros, table
        self._micros = 0
        self._shown_steps, self._shown_at_s = 0, 0

    def take(self, used: Iterable[Mapping[str, Any]], *, seconds: int, on: date) -> None:
        """What the call has used (`Call.usage`), and how long it has lasted."""
        parts = used_in_call(number=self._number, line=self._line, seconds=seconds, usage=used, table=self._table)
        self._micros = counted_micros(parts, self._table, on)

    @property
    def at_limit(self) -> bool:
        """Whether the call has come to its limit."""
        return self._limit_micros is not None and self._micros >= self._limit_micros

    def is_news(self, seconds: int) -> bool:
        """Whether pages are to show it anew now. Says so once for each news."""
        steps = self._micros // STEP_MICROS
        if steps == self._shown_steps or (self._shown_at_s and seconds - self._shown_at_s < SHOWN_EVERY_S):
            return False
        self._shown_steps, self._shown_at_s = steps, seconds
        return True

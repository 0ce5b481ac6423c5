"""What rehearsals came to: a row for each scenario, as a table or as JSON."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from rich.table import Table

from calls.models import Turn


@dataclass(frozen=True, slots=True)
class Result:
    """One scenario.

    Attributes:
        success: it ended as its file says.
        why: what went wrong; empty otherwise.
        turns: replies of Floyd's.
        median_ms, p95_ms: from the callee's last word to Floyd's first; None where nobody waited.
        leaks: words that may never be said, and what was invented or volunteered.
        micros: what it cost, in millionths of the currency; None where something of it has no known price.
        waited_ms: every wait, for sums over several scenarios.
    """

    name: str
    success: bool
    why: str
    seconds: float
    calls: int
    turns: int
    median_ms: int | None
    p95_ms: int | None
    leaks: tuple[str, ...]
    micros: int | None = None
    currency: str = ""
    waited_ms: tuple[int, ...] = ()


def waited(turns: list[Turn]) -> tuple[int, ...]:
    """What callees waited, each time."""
    return tuple(turn.whole_ms for turn in turns if turn.whole_ms is not None)


def waits(waited_ms: Iterable[int]) -> tuple[int | None, int | None]:
    """Median and 95th percentile."""
    whole = sorted(waited_ms)
    if not whole:
        return None, None
    return round(statistics.median(whole)), whole[min(len(whole) - 1, int(0.95 * len(whole)))]


def table(results: list[Result]) -> Table:
    """For the eye."""
    shown = Table(title="Rehearsals", title_justify="left", header_style="bold")
    for head in ("scenario", "success", "calls", "turns", "median ms", "p95 ms", "leaks", "seconds"):
        shown.add_column(head, justify="left" if head in ("scenario", "success") else "right")
    for one in results:
        cells = (one.calls, one.turns, one.median_ms, one.p95_ms, len(one.leaks), round(one.seconds))
        style = "" if one.success else "red"
        shown.add_row(one.name, "yes" if one.success else "NO", *("–" if cell is None else str(cell) for cell in cells), style=style)
    return shown


def as_json(results: list[Result], *, model: str) -> dict[str, Any]:
    """For programs.

    Args:
        model: who talked.
    """
    median_ms, p95_ms = waits(ms for one in results for ms in one.waited_ms)
    prices = [one.micros for one in results]
    return {
        "model": model,
        "succeeded": sum(one.success for one in results),
        "of": len(results),
        "leaks": sum(len(one.leaks) for one in results),
        "median_ms": median_ms,
        "p95_ms": p95_ms,
        "micros": None if None in prices else sum(micros or 0 for micros in prices),
        "currency": next((one.currency for one in results if one.currency), ""),
        "scenarios": [asdict(one) for one in results],
    }

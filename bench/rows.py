"""One measured row: a server, a number of calls, and what came of it; when a row is clean; and the table of all rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

#: A level counts as held when the slow answers are at most so much slower than with one call.
WITHIN = 1.2


@dataclass(frozen=True, slots=True)
class Row:
    """The result of one run."""

    server: str
    calls: int
    result: dict[str, Any]
    fixed_work_ms: tuple[int, int]
    standins_late: dict[str, Any]

    @property
    def p95_ms(self) -> float | None:
        """Of voice to voice."""
        value = self.result["voice_to_voice_ms"].get("p95")
        return None if value is None else float(value)

    @property
    def whole(self) -> bool:
        """Whether every call went on to its end, and every sentence was answered."""
        return not self.result["trouble"] and not self.result["no_reply"] and self.p95_ms is not None

    def held(self, first_p95_ms: float) -> bool:
        """Whether the server bore so many calls, measured by its own first row."""
        return self.whole and self.p95_ms is not None and self.p95_ms <= WITHIN * first_p95_ms

    def to_json(self) -> dict[str, Any]:
        """As stored."""
        return asdict(self)


def first_p95_ms(rows: Iterable[Row], server: str) -> float:
    """p95 of a server's rows with one call; the larger one when there are several (few turns make it jump)."""
    return max((row.p95_ms for row in rows if row.server == server and row.calls == 1 and row.p95_ms is not None), default=0.0)


def most_held(rows: Sequence[Row], server: str) -> int:
    """Most calls that a server held, with every level below held too."""
    limit, most = first_p95_ms(rows, server), 0
    for row in sorted((row for row in rows if row.server == server), key=lambda row: row.calls):
        if not row.held(limit):
            break
        most = row.calls
    return most


HEADINGS = (
    "server",
    "calls",
    "voice to voice p50 / p95 ms (n)",
    "barge-in p50 / p95 ms (n)",
    "holes / replies",
    "premature / unanswered / not cleared",
    "CPU s per call minute: server (+ database, broker)",
    "core busy",
    "MB per call (whole)",
    "fixed work ms",
)


def table(rows: Sequence[Row]) -> str:
    """All rows as a Markdown table, server by server, and below it how many calls each held."""
    servers = list(dict.fromkeys(row.server for row in rows))
    ordered = sorted(rows, key=lambda row: (servers.index(row.server), row.calls))
    lines = [f"| {' | '.join(HEADINGS)} |", f"|{' --- |' * len(HEADINGS)}", *(f"| {' | '.join(_cells(row))} |" for row in ordered)]
    held = [
        f"- {server}: {most_held(rows, server)} (one call's p95: {first_p95_ms(rows, server):.0f} ms)"
        for server in servers
        if first_p95_ms(rows, server)
    ]
    return "\n".join([*lines, "", f"Most calls with a p95 within {WITHIN} times that of one call:", "", *held, ""])


def _cells(row: Row) -> list[str]:
    result, costs = row.result, row.result["costs"]
    server = costs.get("server", {})
    beside = sum(cost["cpu_s_per_call_minute"] for name, cost in costs.items() if name != "server")
    whole = sum(cost["core_share"] for cost in costs.values())
    return [
        row.server,
        str(row.calls),
        _spread(result["voice_to_voice_ms"]),
        _spread(result["barge_in_ms"]),
        f"{result['holes_ms']['n']} / {result['replies']}",
        f"{result['premature']} / {result['no_reply']} / {result['not_cleared']}" + (" (calls lost)" if result["trouble"] else ""),
        f"{server.get('cpu_s_per_call_minute', 0):.2f}" + (f" (+ {beside:.2f})" if beside else ""),
        f"{whole:.0%}",
        f"{server.get('rss_per_call_mb', 0):.1f} ({server.get('rss_most_mb', 0):.0f})",
        " / ".join(str(ms) for ms in row.fixed_work_ms),
    ]


def _spread(values: dict[str, float]) -> str:
    return f"{values['p50']:.0f} / {values['p95']:.0f} ({values['n']})" if values["n"] else "-"

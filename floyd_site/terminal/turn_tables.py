"""Tables of where the time of turns went: turn by turn, and summed up over many."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from calls.models import Turn
from calls.turn_stages import PARTS, WHOLE, percentile
from floyd_site.terminal.state import CallState

TITLE = "From their last word to Floyd's first, in ms: the parts lie end to end"


def turns_table(calls: Sequence[CallState]) -> Table:
    """Each turn of these calls, with the median below."""
    table = Table(title=TITLE, title_justify="left", header_style="bold")
    table.add_column("call")
    table.add_column("Floyd says", max_width=26, no_wrap=True, overflow="ellipsis")
    for part in (*PARTS, WHOLE):
        table.add_column(part.label, justify="right")
    for state in calls:
        words = {line.seq: line.text for line in state.lines}
        for turn in state.turns:
            cells = [_cell(turn, part.column) for part in (*PARTS, WHOLE)]
            table.add_row(str(state.call.attempt), _mark(turn) + escape(words.get(turn.seq, "")), *cells)
    every = [turn for state in calls for turn in state.turns]
    table.add_section()
    table.add_row("", "median", *(_ms(percentile(every, part, 0.5)) for part in (*PARTS, WHOLE)), style="bold")
    if any(turn.asked_ahead or turn.interrupted or turn.whole_ms is None for turn in every):
        table.caption = "» asked before they were done   × cut short   – did not take place (no whole: nobody had spoken)"
        table.caption_justify = "left"
    return table


def totals_table(turns: Sequence[Turn]) -> Table:
    """Median and 95th percentile of each part over all turns, and in how many of them it took place."""
    table = Table(title=f"All {len(turns)} turns, in ms", title_justify="left", header_style="bold")
    table.add_column("part")
    for head in ("median", "p95", "turns"):
        table.add_column(head, justify="right")
    for part in (*PARTS, WHOLE):
        took = sum(getattr(turn, part.column) is not None for turn in turns)
        style = "bold" if part is WHOLE else ""
        table.add_row(part.label, _ms(percentile(turns, part, 0.5)), _ms(percentile(turns, part, 0.95)), str(took), style=style)
    return table


def _mark(turn: Turn) -> str:
    return ("» " if turn.asked_ahead else "") + ("× " if turn.interrupted else "")


def _cell(turn: Turn, column: str) -> str:
    return _ms(getattr(turn, column))


def _ms(value: int | None) -> str:
    return "–" if value is None else str(value)

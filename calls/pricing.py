"""What a call has cost: its carrier, its recognition, its model and its voice, by what was used and the price table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from providers.prices import PriceTable
from requests_app.charge import Component
from requests_app.costs import Used

#: What the connection of a call that came in is called in the price table.
INBOUND = "inbound"
#: What is set aside for a component whose price is unknown: this share of the reserve for a minute of a call.
COMPONENTS_IN_RESERVE = len(Component)


def used_in_call(*, number: str, line: str, seconds: int, usage: Iterable[Mapping[str, Any]], table: PriceTable) -> list[Used]:
    """What a call of that length used.

    Args:
        number: that was called; INBOUND for a call that came in.
        line: `Call.line`, as the price table has it.
        usage: `Call.usage`, which the media process counted.
    """
    minutes = -(-seconds // 60)
    reserve = minutes * table.reserve_micros_per_minute // COMPONENTS_IN_RESERVE
    found = [Used(Component(one["component"]), str(one["what"]), one["quantities"], reserve) for one in usage]
    if minutes:
        # The carrier's own price is for the connection alone; it charges the line besides.
        connection = Used(Component.CARRIER, number, {"started_minutes": minutes}, reserve)
        found = [connection, Used(Component.CARRIER, line, {"started_minutes": minutes}), *found]
    return found


def counted_micros(used: Iterable[Used], table: PriceTable, on: date) -> int:
    """What it counts against limits: the price, or what is set aside where it is unknown."""
    total = 0
    for one in used:
        micros = table.micros(one.component, one.what, one.quantities, on)
        total += one.reserve_micros if micros is None else micros
    return total

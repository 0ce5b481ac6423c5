"""A table of what requests cost, by sort of service."""

from __future__ import annotations

from collections.abc import Mapping

from rich.table import Table

from requests_app.charge import Component
from requests_app.costs import Bill, price_in_words


def costs_table(bills: Mapping[str, Bill]) -> Table:
    """A row for each request, named by its key, and the sum of several."""
    table = Table(title="What it cost, by use and the price list", title_justify="left", header_style="bold")
    table.add_column("request")
    for head in (*(str(component.label) for component in Component), "all of it"):
        table.add_column(str(head), justify="right")
    for name, bill in bills.items():
        table.add_row(name, *_cells(bill))
    if len(bills) > 1 and len({bill.currency for bill in bills.values()}) == 1:
        every = Bill(tuple(cost for bill in bills.values() for cost in bill.costs), next(iter(bills.values())).currency)
        table.add_section()
        table.add_row("together", *_cells(every), style="bold")
    if any(bill.unknown for bill in bills.values()):
        table.caption = "? the price of something is not in the price list, and comes on top"
        table.caption_justify = "left"
    return table


def _cells(bill: Bill) -> list[str]:
    cells = [_cell(Bill(tuple(cost for cost in bill.costs if cost.component is component), bill.currency)) for component in Component]
    return [*cells, _cell(bill)]


def _cell(bill: Bill) -> str:
    if not bill.costs:
        return "–"
    return price_in_words(bill.micros, bill.currency) + (" ?" if bill.unknown else "")

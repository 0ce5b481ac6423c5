"""Contacts, appointments or facts from a CSV file, told apart by the names of its columns. Pure."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from context.imports.found import MOST_ITEMS, Found, UnreadableError, one_line
from context.marking import noop

LONGEST_CELL = 20_000
#: Our column → names that it has in files of others, in order of preference.
COLUMNS: dict[str, tuple[str, ...]] = {
    "statement": ("statement", "fact"),
    "about": ("about", "about whom"),
    "topic": ("topic", "category"),
    "title": ("subject", "title", "summary", "event"),
    "starts_on": ("start date", "starts_at", "start", "date", "starts"),
    "starts_time": ("start time", "time"),
    "ends_on": ("end date", "ends_at", "end", "ends"),
    "ends_time": ("end time",),
    "place": ("location", "place", "where"),
    "name": ("name", "full name", "display name", "fn", "company", "organization name", "organization 1 - name"),
    "given": ("first name", "given name"),
    "family": ("last name", "family name", "surname"),
    "phone": (
        "phone",
        "phone number",
        "phone 1 - value",
        "mobile phone",
        "mobile",
        "primary phone",
        "business phone",
        "home phone",
        "telephone",
        "tel",
    ),
    "address": ("address", "address 1 - formatted", "home address", "business address"),
    "kind": ("kind", "type", "what they are"),
    "notes": ("notes", "note"),
}
NO_COLUMNS = noop(
    "The first line must name the columns. Contacts need “name” (and “phone”), appointments “title” and “start date”, facts “statement”. "
    "Add such a line, then import the file again."
)
FORMULA = noop("it holds a formula, which is no value")
_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%m/%d/%Y")
_TIMES = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p")


def read(text: str, found: Found, zone: ZoneInfo) -> None:
    """Adds what the rows hold.

    Raises:
        UnreadableError: the columns are not known, or it is no table.
    """
    csv.field_size_limit(LONGEST_CELL)
    try:
        rows = list(csv.reader(text.splitlines(), delimiter=_delimiter(text), strict=True))
    except csv.Error as error:
        raise UnreadableError(
            noop("This table is broken: a quote is not closed, or a cell is very long. Export it again, then import it.")
        ) from error
    if len(rows) > 2 * MOST_ITEMS:
        raise UnreadableError(
            noop("There are more than %(most_items)s rows in this file. Nothing was taken; split it and import the parts.")
            % {"most_items": MOST_ITEMS}
        )
    places = _places(rows[0]) if rows else {}
    read_row = _reader(places)
    for number, row in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in row):
            _take(noop("Row number %(number)s") % {"number": number}, {name: _cell(row, at) for name, at in places.items()}, read_row, found, zone)


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _places(header: Iterable[str]) -> dict[str, int]:
    names = {re.sub(r"[\s_]+", " ", name).strip().casefold(): at for at, name in reversed(list(enumerate(header)))}
    places = {}
    for column, spellings in COLUMNS.items():
        known = [names[spelling.replace("_", " ")] for spelling in spellings if spelling.replace("_", " ") in names]
        if known:
            places[column] = known[0]
    return places


def _reader(places: dict[str, int]) -> Any:
    if "statement" in places:
        return _fact
    if "title" in places and "starts_on" in places:
        return _entry
    if places.keys() & {"name", "given", "family"}:
        return _contact
    raise UnreadableError(NO_COLUMNS)


def _cell(row: list[str], at: int) -> str:
    cell = row[at].strip() if at < len(row) else ""
    # How spreadsheets are made to keep a number as it is written.
    return cell[2:-1] if cell.startswith('="') and cell.endswith('"') and '"' not in cell[2:-1] else cell


def _take(where: str, cells: dict[str, str], read_row: Any, found: Found, zone: ZoneInfo) -> None:
    for name, cell in cells.items():
        if cell[:1] in ("=", "@") or (cell[:1] in ("+", "-") and name != "phone"):
            found.leave_out(where, FORMULA)
            return
    item = read_row(cells, zone)
    if isinstance(item, str):
        found.leave_out(where, item)
    else:
        found.add(where=where, **item)


def _fact(cells: dict[str, str], _zone: ZoneInfo) -> dict[str, Any] | str:
    statement = one_line(cells["statement"], 10_000)
    if not statement or len(statement) > 500:
        return noop("the statement is empty or longer than 500 characters")
    return {"kind": "fact", "statement": statement, "about": one_line(cells.get("about", ""), 120), "topic": one_line(cells.get("topic", ""), 60)}


def _contact(cells: dict[str, str], _zone: ZoneInfo) -> dict[str, Any] | str:
    both = f"{cells.get('given', '')} {cells.get('family', '')}".strip()
    name = one_line(both or cells.get("name", ""), 120)
    if not name:
        return noop("it has no name")
    texts = {column: one_line(cells.get(column, ""), length) for column, length in (("phone", 40), ("address", 200), ("notes", 500))}
    return {"kind": "contact", "name": name, **texts, "contact_kind": one_line(cells.get("kind", ""), 60)}


def _entry(cells: dict[str, str], zone: ZoneInfo) -> dict[str, Any] | str:
    title = one_line(cells["title"], 200)
    starts = _moment(cells["starts_on"], cells.get("starts_time", ""), zone)
    if not title or starts is None:
        return noop("it has no title, or no date that can be read (write it like 2026-11-26)")
    ends = _moment(cells.get("ends_on", "") or cells["starts_on"], cells.get("ends_time", ""), zone) if cells.get("ends_time") else None
    if ends is not None and ends[0] < starts[0]:
        return noop("it ends before it starts")
    times = {"starts_at": starts[0].isoformat(), "ends_at": ends[0].isoformat() if ends else None, "all_day": not starts[1]}
    return {"kind": "entry", "title": title, **times, "place": one_line(cells.get("place", ""), 200)}


def _moment(day: str, clock: str, zone: ZoneInfo) -> tuple[datetime, bool] | None:
    """A moment in the user's zone, and whether it has a time."""
    try:
        whole = datetime.fromisoformat(day)
        if len(day) > 10:
            return (whole if whole.tzinfo else whole.replace(tzinfo=zone)), True
    except ValueError:
        pass
    for date_format in _DATES:
        for time_format in _TIMES if clock else ("",):
            try:
                read_format = f"{date_format} {time_format}".strip()
                found = datetime.strptime(f"{day} {clock}".strip(), read_format).replace(tzinfo=zone)
            except ValueError:
                continue
            return found, bool(clock)
    return None

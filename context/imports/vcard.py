"""Contacts from a vCard file, versions 2.1 to 4.0 (RFC 6350): name, number, address, organisation, note. Pure."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator

from context.imports.found import Found, one_line
from context.marking import noop

_LINE = re.compile(r"(?:[\w-]+\.)?(?P<name>[\w-]+)(?P<parameters>(?:;(?:\"[^\"]*\"|[^:;\"])*)*):(?P<value>.*)", re.S)


def read(text: str, found: Found) -> None:
    """Adds the contacts of the file."""
    for number, card in enumerate(_cards(_lines(text)), start=1):
        _take(number, card, found)


def _lines(text: str) -> Iterator[str]:
    """Content lines, unfolded; also those of old quoted-printable values, which go on after a "=" at the end."""
    pending = ""
    for line in text.splitlines():
        if pending and pending.endswith("=") and "QUOTED-PRINTABLE" in pending.partition(":")[0].upper():
            pending = pending[:-1] + line.lstrip("\t")
        elif line[:1] in (" ", "\t"):
            pending += line[1:]
        else:
            if pending:
                yield pending
            pending = line
    if pending:
        yield pending


def _cards(lines: Iterator[str]) -> Iterator[dict[str, list[tuple[str, str]]]]:
    """Each card as name → (parameters, value)s."""
    card: dict[str, list[tuple[str, str]]] | None = None
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        name, parameters, value = match["name"].upper(), match["parameters"].upper(), match["value"]
        if name == "BEGIN" and value.strip().upper() == "VCARD":
            card = {}
        elif name == "END" and card is not None:
            yield card
            card = None
        elif card is not None:
            card.setdefault(name, []).append((parameters, _decoded(parameters, value)))


def _decoded(parameters: str, value: str) -> str:
    if "QUOTED-PRINTABLE" in parameters:
        return quopri.decodestring(value.encode("utf-8", "replace")).decode("utf-8", "replace")
    return value


def _where(number: int) -> str:
    return noop("Card number %(number)s") % {"number": number}


def _take(number: int, card: dict[str, list[tuple[str, str]]], found: Found) -> None:
    organisation = _plain(_first(card, "ORG").replace(";", ", ").strip(", "))
    name = one_line(_plain(_first(card, "FN")) or _from_parts(_first(card, "N")) or organisation, 120)
    if not name:
        found.leave_out(_where(number), noop("it has no name"))
        return
    kind = organisation if organisation and organisation.casefold() != name.casefold() else ""
    address = ", ".join(part for part in _split(_first(card, "ADR")) if part)
    note = "; ".join(filter(None, [kind, *(_plain(value) for _, value in card.get("NOTE", []))]))
    found.add(
        kind="contact",
        where=_where(number),
        name=name,
        phone=_number(card),
        address=one_line(address, 200),
        notes=one_line(note, 500),
    )


def _number(card: dict[str, list[tuple[str, str]]]) -> str:
    """The preferred number, else a mobile one, else the first that is no fax."""
    numbers = [(parameters, value) for parameters, value in card.get("TEL", []) if "FAX" not in parameters]
    numbers.sort(key=lambda one: ("PREF" not in one[0], "CELL" not in one[0]))
    return one_line(numbers[0][1].removeprefix("tel:"), 40) if numbers else ""


def _first(card: dict[str, list[tuple[str, str]]], name: str) -> str:
    return card[name][0][1] if name in card else ""


def _from_parts(value: str) -> str:
    """Family; given; further; prefix; suffix → as it is said."""
    family, given, further, prefix, suffix = [*_split(value), "", "", "", "", ""][:5]
    return " ".join(part for part in (prefix, given, further, family, suffix) if part)


def _split(value: str) -> list[str]:
    return [_plain(part).strip() for part in re.split(r"(?<!\\);", value)]


def _plain(value: str) -> str:
    return re.sub(r"\\(.)", lambda match: " " if match[1] in "nN" else match[1], value).strip()

"""Reads a file that somebody imports, in a process of its own: `python -m context.imports.reading`.

Bytes on standard input, one line of JSON before them (`{"zone", "now"}`), JSON on standard output. Knows no Django and no secrets, and has
little time and memory, so that a hostile file harms nobody.
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from context.imports.found import MEMORY_BYTES, SECONDS, Found, UnreadableError
from context.marking import noop

NO_TEXT = noop("This is no text file. Floyd reads vCard (.vcf), iCalendar (.ics) and CSV; export your data as one of these.")
EMPTY = noop("This file is empty.")
LEGACY = noop("The file says not how its letters are written; please check names with accents.")
NOTHING = noop("Nothing in this file can be used.")


def read(data: bytes, zone: ZoneInfo, now: datetime) -> Found:
    """What the file holds.

    Raises:
        UnreadableError: nothing that can be used.
    """
    found = Found()
    text = _text(data, found)
    begins = text[:2000].upper()
    if "BEGIN:VCARD" in begins:
        from context.imports import vcard

        vcard.read(text, found)
    elif "BEGIN:VCALENDAR" in begins:
        from context.imports import calendar_file

        calendar_file.read(text, found, zone, now)
    else:
        from context.imports import table

        table.read(text, found, zone)
    if not found.items:
        raise UnreadableError(" ".join([NOTHING, *found.troubles[:3]]))
    return found


def _text(data: bytes, found: Found) -> str:
    if not data.strip():
        raise UnreadableError(EMPTY)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
            found.notes.append(LEGACY)
    if sum(1 for sign in text[:4000] if sign in "\x00\ufffd" or (ord(sign) < 32 and sign not in "\t\r\n\f")) * 100 > min(len(text), 4000):
        raise UnreadableError(NO_TEXT)
    return text.replace("\x00", "")


def main() -> None:
    """Standard input to standard output, within limits."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    order = json.loads(sys.stdin.buffer.readline())
    try:
        answer = read(sys.stdin.buffer.read(), ZoneInfo(order["zone"]), datetime.fromisoformat(order["now"])).to_json()
    except UnreadableError as error:
        answer = {"unreadable": str(error)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()

"""What a FETCH gives of a mail (RFC 3501, 6.4.5): only what leaves no trace."""

from __future__ import annotations

import re

from sandbox.mail.store import Letter

_ITEM = re.compile(r"BODY\.PEEK\[(HEADER)?\](?:<(\d+)\.(\d+)>)?|RFC822\.SIZE|INTERNALDATE|FLAGS|UID", re.I)


def bad_items(items: str) -> str:
    """What of the wanted items is not given: BODY[…] without PEEK would mark the mail as read."""
    return re.sub(r"\s+", " ", _ITEM.sub("", items.strip("() "))).strip()


def fetched(number: int, letter: Letter, items: str) -> bytes:
    """The answer for one mail."""
    parts = [f"UID {letter.uid}".encode()]
    for item in _ITEM.finditer(items):
        name = item[0].upper()
        if name == "RFC822.SIZE":
            parts.append(f"RFC822.SIZE {len(letter.raw)}".encode())
        elif name == "INTERNALDATE":
            parts.append(f'INTERNALDATE "{letter.received_at:%d-%b-%Y %H:%M:%S} +0000"'.encode())
        elif name == "FLAGS":
            parts.append(f"FLAGS ({' '.join(sorted(letter.flags))})".encode())
        elif name.startswith("BODY"):
            parts.append(_body(letter, item))
    return f"* {number} FETCH (".encode() + b" ".join(parts) + b")"


def _body(letter: Letter, item: re.Match[str]) -> bytes:
    content = letter.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if item[1] else letter.raw
    label = "BODY[HEADER]" if item[1] else "BODY[]"
    if item[2] is not None:
        start, count = int(item[2]), int(item[3])
        content, label = content[start : start + count], f"{label}<{start}>"
    return f"{label} {{{len(content)}}}\r\n".encode() + content

"""A mail as plain words, within bounds. Pure. Nothing in a mail is run, fetched or believed."""

from __future__ import annotations

import email
import email.policy
import email.utils
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.header import decode_header
from email.message import Message
from html.parser import HTMLParser

from context.mail.delivery_status import Returned, read_returned

MOST_TEXT, MOST_PARTS, MOST_DEPTH, MOST_CALENDAR, MOST_HEADER = 50_000, 40, 12, 256 * 1024, 2000
MOST_NAMES = 20
#: Encodings of text. Others that Python knows are slow on purpose-made input, or no text at all.
_CHARSET = re.compile(
    r"(?:utf-?(?:8|16(?:le|be)?)|us-?ascii|ascii|iso-?8859-?\d+|latin-?\d|windows-12\d\d|cp\d+|koi8-?[ru]|gbk?|gb2312|gb18030|big5|euc-?(?:jp|kr)|shift[-_]?jis)",
    re.I,
)
_SKIPPED = frozenset({"script", "style", "head", "template", "title", "noscript"})
_BREAKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table", "ul", "ol", "blockquote"})


class UnreadableError(Exception):
    """It is no mail, or made to break whoever reads it."""


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """What is kept of a mail.

    Attributes:
        recipients: every address that headers say it was for, lower case.
        results: the topmost Authentication-Results header first.
        automatic: sent by a program (RFC 3834), so no person waits for what comes of it.
        calendar: text of its first calendar file.
        cut: there was more than is kept.
        returned: mails that did not arrive, when it is a server's notification of that.
    """

    message_id: str
    sender: str
    sender_name: str
    subject: str
    text: str
    sent_at: datetime | None
    recipients: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    automatic: bool = False
    calendar: str = ""
    attachments: tuple[str, ...] = ()
    cut: bool = False
    returned: tuple[Returned, ...] = ()
    digest: str = field(default="", compare=False)


def parse(raw: bytes, *, whole: bool = True) -> ParsedMail:
    """Reads a mail.

    Args:
        raw: the mail, or its beginning.
        whole: whether that is all of it.

    Raises:
        UnreadableError: see there.
    """
    try:
        message = email.message_from_bytes(raw, policy=email.policy.compat32)
        parts = list(_leaves(message))
        returned = read_returned(message)
    except (RecursionError, ValueError, LookupError, AttributeError) as error:
        raise UnreadableError from error
    text, more = _text(parts)
    name, sender = email.utils.parseaddr(_header(message, "From"))
    found = ParsedMail(
        message_id=_header(message, "Message-ID")[:200],
        sender=sender.lower()[:254],
        sender_name=name[:120],
        subject=_header(message, "Subject")[:200],
        text=text,
        sent_at=_moment(_header(message, "Date")),
        recipients=_recipients(message),
        results=tuple(_plain(str(value))[:MOST_HEADER] for value in (message.get_all("Authentication-Results") or [])[:10]),
        automatic=_header(message, "Auto-Submitted").lower() not in ("", "no"),
        calendar=next((_decoded(part)[:MOST_CALENDAR] for part in parts if part.get_content_type() == "text/calendar"), ""),
        attachments=_names(parts),
        cut=more or not whole,
        returned=returned,
    )
    told = "\n".join([found.sender, found.sent_at.isoformat() if found.sent_at else "", found.subject, found.text])
    object.__setattr__(found, "digest", hashlib.sha256(told.encode()).hexdigest())
    return found


def _leaves(message: Message, depth: int = 0) -> Iterator[Message]:
    """Parts that hold something, in order; a mail within a mail is opened, too."""
    if depth > MOST_DEPTH:
        return
    payload = message.get_payload()
    if isinstance(payload, list):
        for part in payload[:MOST_PARTS]:
            if isinstance(part, Message):
                yield from _leaves(part, depth + 1)
    else:
        yield message


def _plain(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]+", " ", text).strip()


def _header(message: Message, name: str) -> str:
    """One line, decoded (RFC 2047)."""
    raw = str(message.get(name, ""))[:MOST_HEADER]
    try:
        pieces = [piece if isinstance(piece, str) else _in_charset(piece, charset or "ascii") for piece, charset in decode_header(raw)]
    except (ValueError, LookupError, email.errors.HeaderParseError):
        pieces = [raw]
    return _plain("".join(pieces))


def _in_charset(raw: bytes, charset: str) -> str:
    return raw.decode(charset if _CHARSET.fullmatch(charset.strip()) and _is_known(charset) else "utf-8", "replace")


def _is_known(charset: str) -> bool:
    try:
        "".encode(charset.strip())
    except LookupError:
        return False
    return True


def _decoded(part: Message) -> str:
    raw = part.get_payload(decode=True)
    text = _in_charset(raw if isinstance(raw, bytes) else b"", part.get_content_charset() or "utf-8")
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")


def _text(parts: list[Message]) -> tuple[str, bool]:
    """Its words, and whether there were more."""
    inline = [part for part in parts[:MOST_PARTS] if part.get_content_disposition() != "attachment"]
    plain = [_decoded(part) for part in inline if part.get_content_type() == "text/plain"]
    words = "\n\n".join(plain) if any(piece.strip() for piece in plain) else ""
    if not words:
        words = "\n\n".join(words_of_html(_decoded(part)) for part in inline if part.get_content_type() == "text/html")
    words = re.sub(r"[\x01-\x08\x0b-\x1f\x7f\ud800-\udfff]", "", words)
    words = re.sub(r"\n{3,}", "\n\n", words).strip()
    return words[:MOST_TEXT], len(words) > MOST_TEXT or len(parts) > MOST_PARTS


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._inside.append(tag)
        elif tag in _BREAKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()
        elif tag in _BREAKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.pieces.append(data)


def words_of_html(html: str) -> str:
    """What a reader would see of it, without any of its links, pictures and styles."""
    parser = _Words()
    parser.feed(html[: 4 * MOST_TEXT])
    parser.close()
    lines = (re.sub(r"[ \t\xa0]+", " ", line).strip() for line in "".join(parser.pieces).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _recipients(message: Message) -> tuple[str, ...]:
    headers = [str(value)[:MOST_HEADER] for name in ("Delivered-To", "X-Original-To", "To", "Cc") for value in (message.get_all(name) or [])[:5]]
    return tuple(dict.fromkeys(address.lower() for _, address in email.utils.getaddresses(headers) if "@" in address))[:50]


def _names(parts: list[Message]) -> tuple[str, ...]:
    names = [part.get_filename() or "" for part in parts if part.get_content_disposition() == "attachment"]
    return tuple(_plain(str(name))[:100] or "without a name" for name in names)[:MOST_NAMES]


def _moment(text: str) -> datetime | None:
    try:
        found = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)

"""Mail that came back: what a server says that could not deliver it (RFC 3464), and what its codes mean (RFC 3463). Pure."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import Message

MOST_RECIPIENTS, MOST_HEADERS, MOST_FIELD = 20, 64 * 1024, 500
_CODE = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
#: Nobody will ever get mail there: no such mailbox, system or address; moved away; a domain that takes none (RFC 7505); switched off.
_NOBODY = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
FULL = frozenset({"4.2.2", "5.2.2"})


@dataclass(frozen=True, slots=True)
class Returned:
    """A mail that somebody did not get.

    Attributes:
        message_id: of that mail, as its sender wrote it; empty: the notification does not say.
        recipient: lower case; the address that its sender wrote, where the notification tells it apart from the last one tried.
        code: why (RFC 3463).
    """

    message_id: str
    recipient: str
    code: str


def means_nobody(code: str) -> bool:
    """Whether a server's code says that no mail will ever arrive at the address, in place of this one alone."""
    return code in _NOBODY


def code_in(words: str) -> str:
    """The first code in a server's answer; empty: it has none."""
    found = _CODE.search(words)
    return found[0] if found else ""


def read_returned(message: Message) -> tuple[Returned, ...]:
    """Whom a mail did not reach for good, if `message` is a notification of that; empty: it is something else, or only says that it takes longer."""
    parts = message.get_payload()
    if message.get_content_type() != "multipart/report" or not isinstance(parts, list):
        return ()
    if str(message.get_param("report-type", "")).lower() != "delivery-status":
        return ()
    report = next((part for part in parts if isinstance(part, Message) and part.get_content_type() == "message/delivery-status"), None)
    blocks = report.get_payload() if report is not None else None
    if not isinstance(blocks, list):
        return ()
    message_id = _message_id(message, [part for part in parts if isinstance(part, Message)])
    # The first block is about the mail, each other one about a recipient.
    found = [_recipient(block, message_id) for block in blocks[1 : MOST_RECIPIENTS + 1] if isinstance(block, Message)]
    return tuple(one for one in found if one is not None)


def _recipient(block: Message, message_id: str) -> Returned | None:
    code = code_in(_field(block, "Status"))
    if _field(block, "Action").lower() != "failed" or not code.startswith(("4", "5")):
        return None
    address = _address(_field(block, "Original-Recipient")) or _address(_field(block, "Final-Recipient"))
    return Returned(message_id, address, code)


def _field(message: Message, name: str) -> str:
    return str(message.get(name, ""))[:MOST_FIELD].strip()


def _address(field: str) -> str:
    """Of "rfc822; tom@redmond.example"."""
    return field.partition(";")[2].strip().strip("<>").lower()[:254]


def _message_id(message: Message, parts: list[Message]) -> str:
    """Of the mail that came back: in what is given back of it, else in what the notification answers."""
    for part in parts:
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            given = _headers(part).get("Message-ID")
            if given:
                return str(given)[:MOST_FIELD].strip()
    return _field(message, "In-Reply-To") or (_field(message, "References").split() or [""])[-1]


def _headers(part: Message) -> Message:
    payload = part.get_payload()
    if isinstance(payload, list):
        return payload[0] if payload and isinstance(payload[0], Message) else Message()
    raw = part.get_payload(decode=True)
    return email.message_from_bytes(raw[:MOST_HEADERS] if isinstance(raw, bytes) else b"", policy=email.policy.compat32)

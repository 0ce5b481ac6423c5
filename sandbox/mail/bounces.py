"""What a mail server sends back that took a mail and could not deliver it: a delivery status notification (RFC 3464), with the mail's headers."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime, make_msgid

HOST = "mail.sandbox"
#: Fault → code (RFC 3463) and the server's words.
WHY = {
    "unknown_mailbox": ("5.1.1", "550 5.1.1 no such user here"),
    "mailbox_full": ("5.2.2", "552 5.2.2 the mailbox is full"),
}


def bounce(content: bytes, recipients: list[str], why: str, *, to: str) -> bytes:
    """The notification as it goes over the wire.

    Args:
        content: the mail that comes back.
        why: a mode of the fault `smtp.bounce`.
        to: the envelope's sender, to whom it goes.
    """
    code, words = WHY[why]
    now, mark = format_datetime(datetime.now(UTC)), make_msgid(domain=HOST).strip("<>").partition("@")[0]
    people = "".join(
        f"\r\nFinal-Recipient: rfc822; {one}\r\nAction: failed\r\nStatus: {code}\r\nDiagnostic-Code: smtp; {words}\r\n" for one in recipients
    )
    head = (
        f"From: Mail Delivery System <MAILER-DAEMON@{HOST}>\r\nTo: {to}\r\nSubject: Undelivered Mail Returned to Sender\r\nDate: {now}\r\n"
        f"Message-ID: {make_msgid(domain=HOST)}\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{mark}"\r\n\r\n'
    )
    text = f"Content-Type: text/plain; charset=us-ascii\r\n\r\nYour mail did not reach {', '.join(recipients)}: {words}.\r\n"
    status = f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; {HOST}\r\nArrival-Date: {now}\r\n{people}"
    headers = content.replace(b"\r\n", b"\n").partition(b"\n\n")[0].replace(b"\n", b"\r\n")
    returned = b"Content-Type: text/rfc822-headers\r\n\r\n" + headers + b"\r\n"
    line = f"--{mark}\r\n".encode()
    return head.encode() + line + text.encode() + line + status.encode() + line + returned + f"--{mark}--\r\n".encode()

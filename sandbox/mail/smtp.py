"""Takes mail by SMTP (RFC 5321), by aiosmtpd, and brings it to the mailboxes."""

from __future__ import annotations

import asyncio
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.faults import Faults
from sandbox.mail.bounces import bounce
from sandbox.mail.store import PostBox

LARGEST = 25 * 1024 * 1024


class Postman:
    """aiosmtpd's handler."""

    def __init__(self, box: PostBox, faults: Faults) -> None:
        self._box = box
        self._faults = faults

    async def handle_RCPT(self, _server: Any, _session: Session, envelope: Envelope, address: str, _options: list[str]) -> str:  # noqa: N802
        """Refuses what no server could deliver."""
        fault = self._faults.take("smtp.deliver")
        if fault and fault.mode in {"450", "550"}:
            return "450 4.2.1 try again later" if fault.mode == "450" else "550 5.1.1 no such user here"
        if "@" not in address:
            return "553 5.1.3 not an address"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Delivers it."""
        fault = self._faults.take("smtp.data")
        if fault and fault.mode == "451":
            return "451 4.3.0 try again later"
        content = envelope.original_content or b""
        returned = self._faults.take("smtp.bounce")
        if returned and envelope.mail_from:
            self._box.deliver(bounce(content, list(envelope.rcpt_tos), returned.mode, to=envelope.mail_from), [envelope.mail_from])
        else:
            self._box.deliver(content, list(envelope.rcpt_tos))
        if fault and fault.mode == "lost_reply":
            server.transport.abort()
        return "250 OK: queued"


async def serve_smtp(box: PostBox, faults: Faults, *, bind: str, port: int) -> asyncio.Server:
    """A server that listens."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: SMTP(Postman(box, faults), data_size_limit=LARGEST, hostname="mail.sandbox", loop=loop), bind, port)

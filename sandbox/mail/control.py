"""Mail in the control API: read what was sent, and write to the application as one of its users or as anybody else."""

from __future__ import annotations

import email.utils
from email.message import EmailMessage
from typing import Any

from aiohttp import web

from sandbox.control import body_of
from sandbox.mail.letters import compose
from sandbox.mail.store import MOST_SHOWN, Letter, PostBox
from sandbox.twilio.errors import bad_request


class MailControl:
    """Handlers below `/control/mail`."""

    def __init__(self, box: PostBox) -> None:
        self._box = box

    def routes(self) -> list[web.RouteDef]:
        """Paths under `/control`."""
        return [web.get("/mail", self.show), web.post("/mail", self.write), web.post("/mail/number_anew", self.number_anew)]

    async def show(self, request: web.Request) -> web.Response:
        """All mailboxes, newest mails first; with `account`, that one only."""
        only = request.query.get("account")
        accounts = [only] if only else self._box.accounts()
        return web.json_response({"domain": self._box.domain, "accounts": [{"account": name, "mails": self._mails(name)} for name in accounts]})

    def _mails(self, account: str) -> list[dict[str, Any]]:
        letters = self._box.folders(account)["INBOX"].letters
        return [_shown(letter) for letter in reversed(letters[-MOST_SHOWN:])]

    async def write(self, request: web.Request) -> web.Response:
        """{"from", "to", "subject", "text", "calendar", "forged"}: delivered at once."""
        given = await body_of(request)
        fields = {name: str(given.get(name, "")) for name in ("from", "to", "subject", "text", "calendar")}
        if not all("@" in email.utils.parseaddr(fields[name])[1] for name in ("from", "to")):
            raise bad_request(20001, "from and to must be email addresses")
        raw = compose(sender=fields["from"], to=fields["to"], subject=fields["subject"], text=fields["text"], calendar=fields["calendar"])
        self._box.deliver(raw, [email.utils.parseaddr(fields["to"])[1]], genuine=not given.get("forged"))
        return web.json_response({}, status=201)

    async def number_anew(self, request: web.Request) -> web.Response:
        """{"account"}: its server was restored from a backup."""
        self._box.folders(str((await body_of(request)).get("account", "")))["INBOX"].number_anew()
        return web.json_response({})


def _shown(letter: Letter) -> dict[str, Any]:
    message: EmailMessage = letter.parsed()
    body = message.get_body(preferencelist=("plain", "html"))
    return {
        "uid": letter.uid,
        "at": letter.received_at.isoformat(),
        "from": str(message.get("From", "")),
        "to": str(message.get("To", "")),
        "reply_to": str(message.get("Reply-To", "")),
        "subject": str(message.get("Subject", "")),
        "text": str(body.get_content()) if body is not None else "",
        "attachments": [part.get_filename() or "" for part in message.iter_attachments()],
    }

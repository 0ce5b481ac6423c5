"""Mailboxes in memory: accounts with folders of mails, as a server keeps them."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

PASSWORD = "sandbox"  # noqa: S105  everybody may know it
SERVER = "mx"
MOST_SHOWN = 50


@dataclass(slots=True)
class Letter:
    """One mail in one folder."""

    uid: int
    raw: bytes
    received_at: datetime
    flags: set[str] = field(default_factory=set)

    def parsed(self) -> EmailMessage:
        """As Python reads it."""
        return email.message_from_bytes(self.raw, policy=email.policy.default)


@dataclass(slots=True)
class Folder:
    """Mails in order of their UIDs."""

    validity: int = 1
    letters: list[Letter] = field(default_factory=list)
    next_uid: int = 1

    def add(self, raw: bytes, received_at: datetime) -> Letter:
        """Puts a mail at the end."""
        letter = Letter(self.next_uid, raw, received_at)
        self.next_uid += 1
        self.letters.append(letter)
        return letter

    def number_anew(self) -> None:
        """What a server does that was restored from a backup: all UIDs change."""
        self.validity += 1
        for number, letter in enumerate(self.letters, 1):
            letter.uid = number
        self.next_uid = len(self.letters) + 1


class PostBox:
    """All accounts. Every address has one; those of the application's domain share one.

    Args:
        domain: whose mail ends in the application's own mailbox, whatever stands before the @.
        application: name of that account.
    """

    def __init__(self, domain: str, application: str = "floyd") -> None:
        self.domain = domain.lower()
        self.application = application
        self._accounts: dict[str, dict[str, Folder]] = {}

    def account_of(self, address: str) -> str:
        """The account in which mail for an address ends."""
        address = parseaddr(address)[1].lower()
        return self.application if address.endswith(f"@{self.domain}") else address

    def folders(self, account: str) -> dict[str, Folder]:
        """Folders of an account, which begins with its first use."""
        return self._accounts.setdefault(account, {"INBOX": Folder()})

    def accounts(self) -> list[str]:
        """Everybody who has a mailbox."""
        return sorted(self._accounts)

    def deliver(self, raw: bytes, recipients: list[str], *, genuine: bool = True) -> None:
        """Brings a mail to its recipients, with what a receiving server adds on top.

        Args:
            genuine: whether the sender's domain stands behind it.
        """
        now = datetime.now(UTC)
        sender = parseaddr(str(email.message_from_bytes(raw, policy=email.policy.compat32).get("From", "")))[1]
        verdict = "pass" if genuine else "fail"
        for recipient in recipients:
            account = self.account_of(recipient)
            server = f"{SERVER}.{self.domain}" if account == self.application else f"{SERVER}.{recipient.rpartition('@')[2]}"
            top = (
                f"Delivered-To: {recipient}\r\n"
                f"Received: from localhost by {server} with ESMTP; {format_datetime(now)}\r\n"
                f"Authentication-Results: {server}; spf={verdict} smtp.mailfrom={sender};\r\n"
                f"\tdmarc={verdict} header.from={sender.rpartition('@')[2]}\r\n"
            )
            self.folders(account)["INBOX"].add(top.encode() + raw, now)

    def clear(self) -> None:
        """Forgets everything."""
        self._accounts.clear()

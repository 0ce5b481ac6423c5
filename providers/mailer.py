"""What Floyd needs to write an email: one small Protocol and the values it passes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from providers.types import ProviderError


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """One mail, text only.

    Attributes:
        message_id: made by us from the row it comes from, so that even a doubled mail is recognised as one.
        headers: more of them, e.g. References.
    """

    sender: str
    to: str
    subject: str
    text: str
    message_id: str
    reply_to: str = ""
    headers: dict[str, str] = field(default_factory=dict)


class NotSentError(ProviderError):
    """The mail certainly did not leave us; `permanent` when it would be refused again. `code` is the server's, for us to read: the finer one
    (RFC 3463) where it gives one."""

    def __init__(self, code: str, *, permanent: bool) -> None:
        super().__init__(f"not sent: {code}", permanent=permanent)
        self.code = code


class Mailer(Protocol):
    """Sends mail."""

    def send(self, mail: OutgoingMail) -> None:
        """Hands a mail over.

        Raises:
            NotSentError: it did not leave us.
            ProviderError: nobody knows whether it did.
        """

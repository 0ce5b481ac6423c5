"""Mail through the backend that Django's settings name: SMTP, or a service that Anymail speaks to."""

from __future__ import annotations

import re
import smtplib
import socket
from typing import Any

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.core.mail import EmailMessage, get_connection

from providers.mailer import Mailer, NotSentError, OutgoingMail
from providers.types import ProviderError

#: What stands in front of a server's words (RFC 2034).
_FINER = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}\b")
TOO_MANY_REQUESTS, SERVER_ERRORS = 429, 500


class DjangoMailer:
    """Opens a connection for each mail: Floyd writes a handful a day."""

    def send(self, mail: OutgoingMail) -> None:
        """Hands a mail over.

        Raises:
            NotSentError: it did not leave us.
            ProviderError: nobody knows whether it did.
        """
        connection = get_connection()
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as error:
            raise _not_opened(error) from error
        message = EmailMessage(
            subject=mail.subject,
            body=mail.text,
            from_email=mail.sender,
            to=[mail.to],
            reply_to=[mail.reply_to] if mail.reply_to else None,
            headers={"Message-ID": mail.message_id, **mail.headers},
            connection=connection,
        )
        try:
            message.send()
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
            raise _answered(error) from error
        except AnymailError as error:
            raise _by_service(error) from error
        except (OSError, smtplib.SMTPException) as error:
            raise ProviderError(f"the line broke: {type(error).__name__}") from error
        finally:
            _close(connection)


def _close(connection: Any) -> None:
    """The mail is what it is by now; a server that says no goodbye changes nothing."""
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        return


def _not_opened(error: Exception) -> NotSentError:
    """Nothing was handed over yet. A wrong name or password does not mend itself."""
    code = str(error.smtp_code) if isinstance(error, smtplib.SMTPResponseException) else type(error).__name__
    return NotSentError(code, permanent=isinstance(error, smtplib.SMTPAuthenticationError | socket.gaierror))


def _answered(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException) -> NotSentError:
    """The server said no before it took the mail: 4xx for now, 5xx for good (RFC 5321, 4.2.1)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = max(error.recipients.values(), default=(550, b""))
    else:
        code, words = error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else error.smtp_error.encode()
    finer = _FINER.match(words)
    return NotSentError(finer[0].decode() if finer and finer[0][:1] == str(code)[:1].encode() else str(code), permanent=code >= 500)


def _by_service(error: AnymailError) -> ProviderError:
    if isinstance(error, AnymailRecipientsRefused):
        return NotSentError("recipient", permanent=True)
    status = error.status_code if isinstance(error, AnymailAPIError) else None
    if status is None or status >= SERVER_ERRORS:
        return ProviderError(f"the mail service did not say: {type(error).__name__}")
    return NotSentError(str(status), permanent=status != TOO_MANY_REQUESTS)


def make_mailer(_settings: Any) -> Mailer:
    """The mailer; Django reads its settings itself."""
    return DjangoMailer()

"""A mailbox over IMAP (RFC 9051), to read only: folders are examined, mails are peeked at, and only their beginning is fetched."""

from __future__ import annotations

import contextlib
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop as noop
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from context.outside import Door, OutsideError, door_to

TIMEOUT_S = 15.0
#: A mail's beginning; what is behind it (large attachments) is never fetched.
MOST_OF_A_MAIL = 512 * 1024
#: What one visit may cost, whatever the server sends.
MOST_BYTES, MOST_SECONDS = 32 * 1024 * 1024, 90.0
#: Mails taken in one visit; the rest waits for the next.
MOST_MAILS = 20


class MailboxError(Exception):
    """A mailbox cannot be read; the message is for its owner.

    Attributes:
        permanent: it will not mend itself (wrong password, forbidden host).
    """

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class Login:
    """Where a mailbox is, and how to get in."""

    host: str
    port: int
    username: str
    password: str


@dataclass(frozen=True, slots=True)
class Place:
    """Up to where a folder was read. A UID means something only under its validity."""

    validity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """The beginning of one mail."""

    uid: int
    size: int
    received_at: datetime | None
    beginning: bytes


class _BoundedSocket(ssl.SSLSocket):
    """A server that sends without end, or a byte at a time, is left."""

    left = MOST_BYTES
    until = float("inf")

    def recv_into(self, *arguments: Any, **named: Any) -> int:
        """As usual, while there is something left.

        Raises:
            OSError: it was too much, or took too long.
        """
        self.until = min(self.until, time.monotonic() + MOST_SECONDS)
        count = super().recv_into(*arguments, **named)
        self.left -= count
        if self.left < 0 or time.monotonic() > self.until:
            raise OSError(noop("too much or too slow"))
        return count


class _NamedContext(ssl.SSLContext):
    """TLS to an address that was judged before, with the certificate of the name that it was found under."""

    sslsocket_class = _BoundedSocket
    name = ""

    def wrap_socket(self, *arguments: Any, **named: Any) -> ssl.SSLSocket:
        """As usual, under our name."""
        return super().wrap_socket(*arguments, **{**named, "server_hostname": self.name})


def _context(name: str) -> ssl.SSLContext:
    context = _NamedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.name = name
    return context


def _client(door: Door) -> IMAPClient:
    tls = {} if door.is_private else {"ssl_context": _context(door.host)}
    return IMAPClient(door.address, port=door.port, ssl=not door.is_private, timeout=TIMEOUT_S, **tls)


@contextlib.contextmanager
def opened(login: Login) -> Iterator[IMAPClient]:
    """The mailbox, signed in, inside the block.

    Raises:
        MailboxError: in words for its owner.
    """
    try:
        client = _client(door_to(login.host, login.port))
    except OutsideError as error:
        raise MailboxError(str(error), permanent=error.permanent) from None
    except ssl.SSLError:
        raise MailboxError(noop("%(host)s has no certificate that Floyd can trust.") % {"host": login.host}, permanent=True) from None
    except (OSError, IMAPClientError):
        raise MailboxError(
            noop("%(host)s does not answer on port %(port)s as a mail server.") % {"host": login.host, "port": login.port}, permanent=False
        ) from None
    try:
        try:
            client.login(login.username, login.password)
        except LoginError:
            raise MailboxError(
                noop("The mail server refused the name or the password. Many want an app password made for Floyd."), permanent=True
            ) from None
        yield client
    except (OSError, IMAPClientError, ValueError, AssertionError) as error:
        raise MailboxError(noop("The mail server broke off (%(name)s).") % {"name": type(error).__name__}, permanent=False) from error
    finally:
        with contextlib.suppress(OSError, IMAPClientError):
            client.logout()
        with contextlib.suppress(OSError):
            client.shutdown()  # a goodbye that failed has closed nothing


def folder_names(login: Login) -> list[str]:
    """The folders that can be read.

    Raises:
        MailboxError: in words for its owner.
    """
    with opened(login) as client:
        return sorted(str(name) for flags, _, name in client.list_folders() if b"\\Noselect" not in flags)


def new_mails(client: IMAPClient, folder: str, place: Place | None) -> tuple[Place, Iterator[Fetched]]:
    """The mails of a folder that were not read yet, oldest first, a few at a time.

    Without a place, or when the server numbered its mails anew, the newest ones are taken; those read before are recognised by themselves.

    Raises:
        MailboxError: there is no such folder.
    """
    try:
        state = client.select_folder(folder, readonly=True)
    except IMAPClientError:
        raise MailboxError(noop("There is no folder called %(folder)s any more.") % {"folder": folder[:60]}, permanent=True) from None
    validity = int(state[b"UIDVALIDITY"])
    if place is None or place.validity != validity:
        uids = sorted(client.search("ALL"))[-MOST_MAILS:]
        place = Place(validity, uids[0] - 1 if uids else 0)
    else:
        # "n:*" always names the last mail, also when that is older.
        uids = sorted(uid for uid in client.search(["UID", f"{place.uid + 1}:*"]) if uid > place.uid)[:MOST_MAILS]
    return place, (_fetch(client, uid) for uid in uids)


def _fetch(client: IMAPClient, uid: int) -> Fetched:
    wanted = f"BODY.PEEK[]<0.{MOST_OF_A_MAIL}>"
    found = client.fetch([uid], ["RFC822.SIZE", "INTERNALDATE", wanted]).get(uid, {})
    beginning = next((value for key, value in found.items() if key.startswith(b"BODY[]")), b"")
    moment = found.get(b"INTERNALDATE")
    # imapclient gives this machine's local time without a zone.
    return Fetched(uid, int(found.get(b"RFC822.SIZE", 0)), moment.astimezone() if isinstance(moment, datetime) else None, bytes(beginning or b""))

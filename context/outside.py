"""Addresses that users name (mailboxes, push endpoints): they must lead outside, and never into our own network.

The name is looked up once, every address of it is judged, and the connection goes to the very address that was judged:
a name that changes its mind between two look-ups gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_noop as noop

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
#: IPv6 addresses that stand for an IPv4 one behind a translator (RFC 6052).
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")


class OutsideError(Exception):
    """The host cannot be used; the message says why, for the user.

    Attributes:
        permanent: it is forbidden; otherwise it may only be away.
    """

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class Door:
    """Where to connect.

    Attributes:
        address: to dial.
        host: the name that the certificate must carry.
        is_private: it is one that the settings allow inside; spoken to without TLS.
    """

    address: str
    host: str
    port: int
    is_private: bool


def is_public(address: Address) -> bool:
    """Whether an address lies in the open internet, also when it is wrapped into IPv6."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and address in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def door_to(host: str, port: int) -> Door:
    """Looks a host up.

    Raises:
        OutsideError: no such name, or one of its addresses is not public and the settings do not allow it.
    """
    host = host.strip().rstrip(".").lower()
    if f"{host}:{port}" in settings.PRIVATE_HOSTS:
        return Door(host, host, port, is_private=True)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise OutsideError(noop("There is no server called %(host)s. Check the name.") % {"host": host[:100]}, permanent=False) from None
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    if not addresses or not all(is_public(ipaddress.ip_address(address)) for address in addresses):
        raise OutsideError(noop("This server is not on the public internet, so Floyd may not connect to it."), permanent=True)
    return Door(addresses[0], host, port, is_private=False)

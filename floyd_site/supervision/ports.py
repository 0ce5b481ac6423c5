"""Which ports to listen on: the usual ones, or the next that are free."""

from __future__ import annotations

import contextlib
import errno
import socket
from collections.abc import Callable
from dataclasses import dataclass

WEB, MEDIA, SANDBOX_HTTP, SANDBOX_GRPC, SANDBOX_SMTP, SANDBOX_IMAP = 8000, 8001, 9000, 9001, 9002, 9003
PORTS_TRIED = 200


class NoFreePortError(RuntimeError):
    """Every port that was tried is in use."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Where each process listens on this machine."""

    web: int
    media: int
    sandbox_http: int
    sandbox_grpc: int
    sandbox_smtp: int
    sandbox_imap: int


def is_free(port: int) -> bool:
    """Whether nothing listens on `port` of this machine, by IPv4 or IPv6 (a browser's `localhost` may mean either)."""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with contextlib.closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if error.errno in (errno.EADDRINUSE, errno.EACCES):
                    return False
    return True


def any_free_port() -> int:
    """A port that the system picks."""
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def choose(say: Callable[[str], None], *, anywhere: bool = False) -> Ports:
    """Free ports for all processes.

    Args:
        say: told about each port that is not the usual one because that is in use.
        anywhere: let the system pick, so that several runs fit beside each other.
    """
    taken: set[int] = set()

    def pick(name: str, usual: int) -> int:
        if anywhere:
            while (port := any_free_port()) in taken:
                continue
            taken.add(port)
            return port
        for port in range(usual, usual + PORTS_TRIED):
            if port not in taken and is_free(port):
                taken.add(port)
                if port != usual:
                    say(f"Port {usual} is in use; {name} listens on {port} instead.")
                return port
        raise NoFreePortError(f"No port from {usual} to {usual + PORTS_TRIED - 1} is free for {name}. Stop what uses them and start again.")

    return Ports(
        web=pick("web", WEB),
        media=pick("media", MEDIA),
        sandbox_http=pick("sandbox", SANDBOX_HTTP),
        sandbox_grpc=pick("sandbox", SANDBOX_GRPC),
        sandbox_smtp=pick("sandbox", SANDBOX_SMTP),
        sandbox_imap=pick("sandbox", SANDBOX_IMAP),
    )

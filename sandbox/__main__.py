"""`python -m sandbox`: everything Floyd talks to, on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import sys

from sandbox.program import serve
from sandbox.settings import parse


def main() -> None:
    """Starts the sandbox and runs until it is stopped."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    with contextlib.suppress(ImportError):
        import uvloop

        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    # Read when gRPC's library is loaded. The ears' process is started by fork and exec: there is nothing to carry over, and nothing to tell.
    os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
    settings = parse()
    try:
        asyncio.run(serve(settings))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        ports = f"{settings.http_port}, {settings.grpc_port}, {settings.smtp_port} or {settings.imap_port}"
        sys.exit(f"A port of the sandbox ({ports}) is in use. Give others with --http-port, --grpc-port, --smtp-port and --imap-port.")


if __name__ == "__main__":
    main()

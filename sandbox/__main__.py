"""`python -m sandbox`: everything Floyd talks to, on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from sandbox.program import serve
from sandbox.settings import parse


def main() -> None:
    """Starts the sandbox and runs until it is stopped."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    with contextlib.suppress(ImportError):
        import uvloop

        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    asyncio.run(serve(parse()))


if __name__ == "__main__":
    main()

"""Follows one request in the terminal until it has ended."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from uuid import UUID

from rich.console import Console

from floyd_site.terminal.printer import RequestPrinter
from floyd_site.terminal.state import run as run_async
from floyd_site.terminal.state import states
from requests_app.models import Request
from requests_app.status import ENDED, Status

LATEST = "latest"


def add_arguments(parser: ArgumentParser) -> None:
    """Which request."""
    parser.add_argument("request", help=f"id of the request, or {LATEST}")


def run(options: Namespace) -> int:
    """0 when it ended as done, 1 otherwise."""
    request = _find(options.request)
    if request is None:
        print(f"There is no request {options.request}.", file=sys.stderr)
        return 1
    return run_async(follow(request.pk, Console()))


def _find(name: str) -> Request | None:
    if name == LATEST:
        return Request.objects.first()
    try:
        return Request.objects.filter(pk=UUID(name)).first()
    except ValueError:
        return None


async def follow(request_id: UUID, console: Console) -> int:
    """Prints what happens to a request until its end; 0 when that was good."""
    printer = RequestPrinter(console)
    async for state in states(request_id):
        printer.show(state)
        if state.request.status in ENDED:
            printer.times(state)
            return 0 if state.request.status == Status.DONE else 1
    return 1

"""`python manage.py floyd …`: ask, watch, doctor, demo, and what benchmarks need."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

#: Name → what it does. Each is a module of floyd_site.commands with `add_arguments` and `run`.
COMMANDS = {
    "ask": "give Floyd a request",
    "watch": "follow a request: plan, transcript, questions, outcome",
    "doctor": "check every outside part, and say how to mend what is broken",
    "demo": "run the journeys of the first demonstration (needs the sandbox: make demo)",
    "rehearse": "play scenario files, and say which ended as they should (needs the sandbox: make rehearse)",
    "token": "make, list and revoke tokens for the JSON API",
    "use-cases": "load the use cases that answer calls, and see what was edited",
    "refresh-apartments": "add the example apartments, and move their days that are past",
    "bench-calls": "make calls that wait to be connected, for a load client (throw-away databases only)",
    "prepare": "migrate the database and seed the household (make run does it)",
}


def _module(name: str) -> Any:
    return import_module(f"floyd_site.commands.{name.replace('-', '_')}")


class Command(BaseCommand):
    """Hands over to the subcommand."""

    help = "Floyd's own commands."
    # Each subcommand says itself what it needs; the doctor must be able to look at a broken site.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """One parser per subcommand; only the asked one's module is loaded."""
        subparsers = parser.add_subparsers(dest="subcommand", required=True, metavar="COMMAND", parser_class=ArgumentParser)
        for name, does in COMMANDS.items():
            subparser = subparsers.add_parser(name, help=does, description=does)
            if name in sys.argv or "floyd" not in sys.argv:
                _module(name).add_arguments(subparser)

    def handle(self, *_: Any, **options: Any) -> None:
        """Runs the subcommand; its status is ours."""
        try:
            status = _module(options["subcommand"]).run(Namespace(**options))
        except KeyboardInterrupt:
            status = 130
        if status:
            sys.exit(status)

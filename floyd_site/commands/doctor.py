"""Checks every outside part and prints how to mend what is broken; --fix points the number's webhooks at us."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from importlib import import_module

from django.conf import settings
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from twilio.base.exceptions import TwilioException

from floyd_site.doctor.finding import Check, Finding, Verdict

#: In the order of the table; imported one by one, for the client libraries are slow to load.
CHECKS = (
    "floyd_site.doctor.servers.check_settings",
    "floyd_site.doctor.servers.check_database",
    "floyd_site.doctor.servers.check_broker",
    "floyd_site.doctor.carrier.check_carrier",
    "floyd_site.doctor.carrier.check_public_url",
    "floyd_site.doctor.thinking.check_thinking",
    "floyd_site.doctor.speech.check_speech",
    "floyd_site.doctor.directory.check_directory",
    "floyd_site.doctor.mail.check_mail_out",
    "floyd_site.doctor.mail.check_mail_in",
    "floyd_site.doctor.mail.check_push",
)
#: For output that no screen folds: an address stays in one piece.
WIDE = 200
LOOKS = {Verdict.OK: "green", Verdict.WARNING: "yellow", Verdict.FAILED: "bold red", Verdict.NOT_CHECKED: "dim"}


def add_arguments(parser: ArgumentParser) -> None:
    """What to do beyond looking."""
    parser.add_argument("--fix", action="store_true", help="point the number's voice, text and status webhooks at PUBLIC_URL")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(options: Namespace) -> int:
    """0 when nothing failed."""
    console = Console(stderr=options.json, width=None if sys.stdout.isatty() else WIDE)
    status = _fix(console) if options.fix else 0
    findings: list[Finding] = []
    for path in CHECKS:
        module, name = path.rsplit(".", 1)
        check: Check = getattr(import_module(module), name)
        findings += check()
    if options.json:
        json.dump([asdict(finding) for finding in findings], sys.stdout, indent=1)
        print()
    else:
        _print(findings, console)
    return 1 if status or any(finding.verdict is Verdict.FAILED for finding in findings) else 0


def _print(findings: list[Finding], console: Console) -> None:
    table = Table(show_lines=False, header_style="bold")
    for column in ("part", "state", "found", "how to mend it"):
        table.add_column(column, overflow="fold")
    for finding in findings:
        state = f"[{LOOKS[finding.verdict]}]{finding.verdict}[/]"
        table.add_row(escape(finding.part), state, escape(finding.found), escape(finding.fix))
    console.print(table)


def _fix(console: Console) -> int:
    """Sets the webhooks and shows them before and after."""
    from calls.telephony.client import make_client
    from floyd_site.doctor.carrier import own_number, set_webhooks, webhooks_of

    if not settings.TWILIO_ACCOUNT_SID or not settings.PUBLIC_URL.startswith("https://"):
        console.print("Set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_NUMBER and an https PUBLIC_URL first.", style="red")
        return 1
    try:
        number = own_number(make_client(settings))
        if number is None:
            console.print("TWILIO_NUMBER is not one of this account's numbers.", style="red")
            return 1
        before = webhooks_of(number)
        after = set_webhooks(number)
    except (TwilioException, OSError) as error:
        console.print(f"Twilio refused: {error}", style="red", markup=False)
        return 1
    table = Table(title="The number's webhooks", title_justify="left", header_style="bold")
    for column in ("webhook", "before", "after"):
        table.add_column(column, overflow="fold")
    for name in ("voice", "text", "status"):
        table.add_row(name, escape(getattr(before, name) or "–"), escape(getattr(after, name) or "–"))
    console.print(table)
    return 0

"""Comparing settings: the same scenarios with each, in processes of its own, one after the other, side by side in one table."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from rich.table import Table

from providers.prices import MICROS
from providers.registry import REGISTRY

ROOT = Path(settings.BASE_DIR)
#: What a name alone stands for, besides the providers': values that only one setting has.
NAMED = dict.fromkeys(settings.CALL_LINES, "CALL_LINE") | dict.fromkeys(("flex", "priority"), "OPENAI_SERVICE_TIER")
#: Each comparison brings servers and processes of its own.
NOT_PASSED_ON = ("DATABASE_URL", "REDIS_URL")
#: What `floyd rehearse --json` prints.
Report = dict[str, Any]


class WrongVariantError(ValueError):
    """A comparison that cannot be made. The message says how one is written."""


@dataclass(frozen=True, slots=True)
class Variant:
    """Settings under a name.

    Attributes:
        changes: environment variables, over what the environment and .env say.
    """

    name: str
    changes: dict[str, str]


def read_variants(text: str) -> list[Variant]:
    """Reads `A,B`: each a provider, a line or SETTING=value, several joined by `+`; `.` changes nothing.

    Raises:
        WrongVariantError: fewer than two, twice the same, or a name that stands for no setting.
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    if len(names) < 2 or len(set(names)) < len(names):
        raise WrongVariantError("Name two or more different things to compare, e.g. --compare openai_chat,openai_responses")
    return [Variant(name, {} if name == "." else dict(_change(part.strip()) for part in name.split("+"))) for name in names]


def _change(part: str) -> tuple[str, str]:
    key, is_setting, value = part.partition("=")
    if is_setting and key.isupper():
        return key, value
    kinds = [kind.upper() for kind, known in REGISTRY.items() if part in known]
    if len(kinds) == 1:
        return kinds[0], part
    if kinds:
        raise WrongVariantError(f"{part} can be {' or '.join(kinds)}: write {kinds[0]}={part}")
    if part in NAMED:
        return NAMED[part], part
    known = sorted({name for names in REGISTRY.values() for name in names} | set(NAMED))
    raise WrongVariantError(f"{part} stands for no setting. Write SETTING=value, or one of: {', '.join(known)}")


def rehearse(variant: Variant, arguments: Sequence[str]) -> Report:
    """Plays scenarios with these settings in processes of their own; what `floyd rehearse --json` prints.

    Raises:
        WrongVariantError: Floyd did not start with them, or nothing was played.
    """
    environment = {key: value for key, value in os.environ.items() if key not in NOT_PASSED_ON} | variant.changes
    with tempfile.TemporaryDirectory(prefix="floyd-compare-") as folder:
        log = Path(folder) / "log"
        supervised = [sys.executable, "-m", "floyd_site.supervisor", "--temporary", "--log", str(log), "--"]
        command = [*supervised, sys.executable, "manage.py", "floyd", "rehearse", "--json", *arguments]
        # Its progress goes to our standard error as it is.
        done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
        try:
            report: Report = json.loads(done.stdout[done.stdout.index("{") :])
        except ValueError:
            tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise WrongVariantError(f"{variant.name}: nothing was played (status {done.returncode}).\n{tail}".rstrip()) from None
    return report


def price(micros: int | None, currency: str) -> str:
    """A cost for the eye; a dash where something in it has no known price."""
    return "–" if micros is None else f"{micros / MICROS:.4f} {currency}"


def side_by_side(reports: dict[str, Report]) -> Table:
    """Success, waits and cost of each scenario, a group of columns for each variant, and of all together in the last row."""
    shown = Table(title="Compared", title_justify="left", header_style="bold", show_footer=False)
    shown.add_column("scenario")
    for name in reports:
        for head in (name, "median ms", "p95 ms", "cost"):
            shown.add_column(head, justify="left" if head == name else "right")
    rows = {name: {one["name"]: one for one in report["scenarios"]} for name, report in reports.items()}
    for scenario in dict.fromkeys(one for found in rows.values() for one in found):
        cells = [cell for found in rows.values() for cell in _cells(found.get(scenario))]
        failed = any(not (found.get(scenario) or {}).get("success") for found in rows.values())
        shown.add_row(scenario, *cells, style="red" if failed else "")
    shown.add_section()
    shown.add_row("all", *(cell for report in reports.values() for cell in _sums(report)), style="bold")
    return shown


def _cells(one: Report | None) -> tuple[str, ...]:
    if one is None:
        return ("not played", "–", "–", "–")
    return ("yes" if one["success"] else "NO", *_figures(one))


def _sums(report: Report) -> tuple[str, ...]:
    return (f"{report['succeeded']} of {report['of']}", *_figures(report))


def _figures(of: Report) -> tuple[str, str, str]:
    """What the callee waited, and the cost: of one scenario, or of all."""
    median, p95 = ("–" if of[key] is None else str(of[key]) for key in ("median_ms", "p95_ms"))
    return (median, p95, price(of["micros"], of["currency"]))

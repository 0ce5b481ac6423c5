"""Adds what is missing of the apartments' example data, and moves days that are past; what a person edited stays."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from django.utils import timezone


def add_arguments(parser: ArgumentParser) -> None:
    """None."""


def run(_: Namespace) -> int:
    """Counted from today where the building is."""
    from context.dates import zone
    from use_cases.apartments.stock import refresh, rules

    changed = refresh(timezone.now().astimezone(zone(rules().time_zone)).date())
    print(f"{changed} apartments added or moved on." if changed else "Nothing had to be changed.")
    return 0

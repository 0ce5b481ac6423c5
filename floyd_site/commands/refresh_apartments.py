"""Adds what is missing of the apartments' example data, and moves days that are past; what a person edited stays."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """None."""


def run(_: Namespace) -> int:
    """Says what was changed."""
    from use_cases.apartments.stock import refresh_now

    changed = refresh_now()
    print(f"{changed} apartments added or moved on." if changed else "Nothing had to be changed.")
    return 0

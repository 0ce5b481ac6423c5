"""What a check found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a part is."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Finding:
    """The state of one part, and what to do about it (empty when it is well)."""

    part: str
    verdict: Verdict
    found: str
    fix: str = ""


def ok(part: str, found: str) -> Finding:
    """It is well."""
    return Finding(part, Verdict.OK, found)


def warning(part: str, found: str, fix: str) -> Finding:
    """It works, but will not always."""
    return Finding(part, Verdict.WARNING, found, fix)


def failed(part: str, found: str, fix: str) -> Finding:
    """It does not work."""
    return Finding(part, Verdict.FAILED, found, fix)


def not_checked(part: str, found: str) -> Finding:
    """Nothing can be said."""
    return Finding(part, Verdict.NOT_CHECKED, found)


#: A check of one part. It never raises for what is wrong outside.
Check = Callable[[], list[Finding]]

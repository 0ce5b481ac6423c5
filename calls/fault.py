"""Points at which a test may kill the process, to show that no step loses or doubles anything.

Nothing is armed in normal life; a point is then one comparison.
"""

from __future__ import annotations

import os

EXIT_CODE = 86

_armed: str = os.environ.get("FLOYD_FAULT_POINT", "")


def arm(name: str) -> None:
    """From now on this process ends, without any clean-up, when it reaches the point `name` (empty: none)."""
    global _armed
    _armed = name


def point(name: str) -> None:
    """A place between two steps. Ends the process as `kill -9` would, when armed."""
    if _armed and _armed == name:
        os._exit(EXIT_CODE)

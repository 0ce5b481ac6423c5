"""Media nodes as other processes know them: a node is the wss origin of a media process, stored on its calls."""

from __future__ import annotations

import hashlib

#: How long a call rings before the carrier gives up.
RING_S = 45


def group_of(node: str) -> str:
    """The channel group in which a node hears of calls that are placed for it (ids only, and any of them may be lost)."""
    return f"node.{hashlib.sha256(node.encode()).hexdigest()[:40]}"

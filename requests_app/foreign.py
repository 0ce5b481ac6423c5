"""What to do when somebody else wrote a row: have a new request, or a new ask, picked up."""

from __future__ import annotations

from live.foreign import read_notice
from requests_app.hints import hint


def foreign_write(payload: str) -> None:
    """Handles one notice of the channel `live.foreign.CHANNEL`. Synchronous; never raises for a malformed notice."""
    change = read_notice(payload)
    if change is not None and change.kind == "request" and change.op != "delete":
        hint("requests.pick_up", change.ref)
        if change.op == "update":
            hint("requests.take_hand_edit", change.ref)

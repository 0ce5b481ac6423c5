"""What is known of when a request's callee can be called: of a contact from the contact, of a business from the directory from its listing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from requests_app import candidates
from requests_app.candidates import Candidate
from requests_app.models import Request


@dataclass(frozen=True, slots=True)
class Opening:
    """Empty: unknown. `closed_until` is an exception from the hours, such as a holiday."""

    time_zone: str = ""
    hours: dict[str, Any] = field(default_factory=dict)
    closed_until: datetime | None = None


def opening_of(request: Request) -> Opening:
    """The callee's hours, as far as they are known."""
    known = request.contact or candidates.current_of(request.candidates, request.number)
    if known is None:
        return Opening()
    hours = known.hours if isinstance(known.hours, dict) else {}
    return Opening(known.time_zone, hours, known.closed_until if isinstance(known, Candidate) else None)

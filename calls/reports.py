"""What the carrier reports about a call, and how a call may move by it: upwards only, so that every order of reports ends alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from calls.models import Call
from calls.status import ENDS, RANK, CallStatus


@dataclass(frozen=True, slots=True)
class Report:
    """What the carrier says about a call, at once or late.

    Attributes:
        seq: SequenceNumber of a callback; -1 for what was not told by one.
        at: when it happened.
        certain: False where the sid was found by number and time only.
    """

    status: CallStatus
    seq: int = -1
    at: datetime | None = None
    seconds: int = 0
    answered_by: str = ""
    error: str = ""
    certain: bool = True


def raised(call: Call, report: Report) -> dict[str, Any]:
    """The columns of `call` that a report changes, with their new values; touches nothing itself.

    A status only rises; of two ends the one with the higher sequence number counts.
    """
    fields: dict[str, Any] = {}
    is_end = report.status in ENDS
    rises = RANK[report.status] > RANK[CallStatus(call.status)]
    if rises or (is_end and report.seq > call.status_seq and report.status != call.status):
        fields["status"] = report.status
        if call.lease_until:
            fields["lease_until"] = None
    if report.seq > call.status_seq:
        fields["status_seq"] = report.seq
    if report.status == CallStatus.IN_PROGRESS and (report.at or call.started_at is None):
        fields["started_at"] = report.at or timezone.now()
    if is_end and ("status" in fields or (report.status == call.status and report.seq >= 0)):
        fields["ended_at"] = report.at or call.ended_at or timezone.now()
        # What an earlier end said does not outlive it.
        kept = ("", 0) if call.status in ENDS and report.status != call.status else (call.error, call.seconds)
        fields["error"], fields["seconds"] = report.error[:200] or kept[0], report.seconds or kept[1]
    if report.answered_by and not call.answered_by:
        fields["answered_by"] = report.answered_by[:30]
    return {name: value for name, value in fields.items() if getattr(call, name) != value}

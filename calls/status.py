"""Life of a call, in the order in which callbacks may only raise it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CallStatus(models.TextChoices):
    """Where a call stands. There is no way back to `new`, and none out of an end."""

    NEW = "new", _("About to be placed")
    SENDING = "sending", _("Being placed")
    UNKNOWN = "unknown", _("Not known whether it was placed")
    PLACED = "placed", _("Placed")
    RINGING = "ringing", _("Ringing")
    IN_PROGRESS = "in_progress", _("On the phone")
    COMPLETED = "completed", _("Ended")
    BUSY = "busy", _("Busy")
    NO_ANSWER = "no_answer", _("No answer")
    FAILED = "failed", _("Could not be placed")
    CANCELED = "canceled", _("Cancelled")


C = CallStatus
ENDS = frozenset({C.COMPLETED, C.BUSY, C.NO_ANSWER, C.FAILED, C.CANCELED})
OPEN = frozenset(CallStatus) - ENDS

#: Callbacks come doubled and reordered: a status only ever moves to a higher rank, so every order ends alike.
RANK: dict[CallStatus, int] = {C.NEW: 0, C.SENDING: 1, C.UNKNOWN: 2, C.PLACED: 3, C.RINGING: 4, C.IN_PROGRESS: 5} | dict.fromkeys(ENDS, 9)

#: The carrier's words for it (status callbacks and the calls resource).
FROM_CARRIER: dict[str, CallStatus] = {
    "queued": C.PLACED,
    "initiated": C.PLACED,
    "ringing": C.RINGING,
    "in-progress": C.IN_PROGRESS,
    "completed": C.COMPLETED,
    "busy": C.BUSY,
    "no-answer": C.NO_ANSWER,
    "failed": C.FAILED,
    "canceled": C.CANCELED,
}

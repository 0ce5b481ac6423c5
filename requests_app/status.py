"""Life of a request: the statuses and every allowed change between them, with its reason."""

from __future__ import annotations

from django.db import models


class Status(models.TextChoices):
    """Where a request stands."""

    PENDING = "pending", "Waiting to start"
    PLANNING = "planning", "Planning"
    FINDING_NUMBER = "finding_number", "Finding the number"
    WAITING_FOR_USER = "waiting_for_user", "Needs you"
    SCHEDULED = "scheduled", "Scheduled"
    CALLING = "calling", "On the phone"
    WRAPPING_UP = "wrapping_up", "Wrapping up"
    DONE = "done", "Done"
    FAILED = "failed", "Didn't work"
    CANCELLED = "cancelled", "Cancelled"


S = Status
ENDED = frozenset({S.DONE, S.FAILED, S.CANCELLED})
#: Statuses in which somebody (a task or a call) is at work and a lease says until when.
WORKING = frozenset({S.PLANNING, S.FINDING_NUMBER, S.CALLING, S.WRAPPING_UP})

#: from → {to: why}. A change that is not listed is refused.
TRANSITIONS: dict[Status, dict[Status, str]] = {
    S.PENDING: {S.PLANNING: "picked up", S.CANCELLED: "the user stopped it"},
    S.PLANNING: {
        S.FINDING_NUMBER: "the plan needs a call",
        S.WAITING_FOR_USER: "the plan lacks something only the user knows",
        S.DONE: "answered without a call",
        S.FAILED: "no plan could be made, or it was declined",
        S.CANCELLED: "the user stopped it",
        S.PENDING: "the planner died, or the ask was changed; to be picked up again",
    },
    S.FINDING_NUMBER: {
        S.CALLING: "number found and gates passed",
        S.SCHEDULED: "the callee is closed, or it is not a calling hour",
        S.WAITING_FOR_USER: "no number known, or a fact that only the user may release",
        S.FAILED: "a gate refuses the number for good",
        S.CANCELLED: "the user stopped it",
        S.PENDING: "the user changed the ask",
    },
    S.WAITING_FOR_USER: {
        S.PLANNING: "the answer changes the plan",
        S.FINDING_NUMBER: "the answer names a number, or settles what may be told",
        S.CALLING: "the answer was what the call lacked",
        S.SCHEDULED: "answered outside the callee's hours",
        S.FAILED: "the question expired",
        S.CANCELLED: "the user stopped it",
        S.PENDING: "the user changed the ask",
    },
    S.SCHEDULED: {
        S.CALLING: "it is time",
        S.FINDING_NUMBER: "it is time; gates are checked again",
        S.PLANNING: "the user changed the plan",
        S.CANCELLED: "the user stopped it",
        S.FAILED: "a gate refuses for good",
        S.PENDING: "the user changed the ask",
    },
    S.CALLING: {
        S.WRAPPING_UP: "the call ended",
        S.SCHEDULED: "busy, or not now: another try later",
        S.WAITING_FOR_USER: "nobody knows whether the call was placed, or something is missing",
        S.FAILED: "the call could not be placed",
        S.CANCELLED: "the user stopped it",
    },
    S.WRAPPING_UP: {
        S.DONE: "the goal was reached, or will not be",
        S.WAITING_FOR_USER: "the call ended for want of an answer",
        S.SCHEDULED: "another try later",
        S.FINDING_NUMBER: "the answer came before the wrap-up ended",
        S.FAILED: "the call ended without the goal",
        S.CANCELLED: "the user stopped it",
    },
    S.DONE: {},
    S.FAILED: {S.PENDING: "tried again by the user"},
    S.CANCELLED: {S.PENDING: "tried again by the user"},
}


def allowed(before: Status, after: Status) -> bool:
    """Whether a request may go from `before` to `after`."""
    return after in TRANSITIONS[before]

"""Life of a request: the statuses and every allowed change between them, with its reason."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as noop


class Status(models.TextChoices):
    """Where a request stands."""

    PENDING = "pending", _("Waiting to start")
    PLANNING = "planning", _("Planning")
    FINDING_NUMBER = "finding_number", _("Finding the number")
    WAITING_FOR_USER = "waiting_for_user", _("Needs you")
    SCHEDULED = "scheduled", _("Scheduled")
    CALLING = "calling", _("On the phone")
    WRAPPING_UP = "wrapping_up", _("Wrapping up")
    DONE = "done", _("Done")
    FAILED = "failed", _("Didn't work")
    CANCELLED = "cancelled", _("Cancelled")


S = Status
ENDED = frozenset({S.DONE, S.FAILED, S.CANCELLED})
#: What the user wants then becomes a request of its own: of this one nothing can change any more.
PAST_CHANGING = ENDED | {S.WRAPPING_UP}
#: Statuses in which somebody (a task or a call) is at work and a lease says until when.
WORKING = frozenset({S.PLANNING, S.FINDING_NUMBER, S.CALLING, S.WRAPPING_UP})

#: from → {to: why}. A change that is not listed is refused.
TRANSITIONS: dict[Status, dict[Status, str]] = {
    S.PENDING: {S.PLANNING: noop("picked up"), S.CANCELLED: noop("the user stopped it")},
    S.PLANNING: {
        S.FINDING_NUMBER: noop("the plan needs a call"),
        S.WAITING_FOR_USER: noop("the plan lacks something only the user knows"),
        S.DONE: noop("answered without a call"),
        S.FAILED: noop("no plan could be made, or it was declined"),
        S.CANCELLED: noop("the user stopped it"),
        S.PENDING: noop("the planner died, or the ask was changed; to be picked up again"),
    },
    S.FINDING_NUMBER: {
        S.CALLING: noop("number found and gates passed"),
        S.SCHEDULED: noop("the callee is closed, or it is not a calling hour"),
        S.WAITING_FOR_USER: noop("no number known, or a fact that only the user may release"),
        S.FAILED: noop("a gate refuses the number for good"),
        S.CANCELLED: noop("the user stopped it"),
        S.PENDING: noop("the user changed the ask"),
    },
    S.WAITING_FOR_USER: {
        S.PLANNING: noop("the answer changes the plan"),
        S.FINDING_NUMBER: noop("the answer names a number, or settles what may be told"),
        S.CALLING: noop("the answer was what the call lacked"),
        S.SCHEDULED: noop("answered outside the callee's hours"),
        S.DONE: noop("the answer was all that a caller wanted"),
        S.FAILED: noop("the question expired"),
        S.CANCELLED: noop("the user stopped it"),
        S.PENDING: noop("the user changed the ask"),
    },
    S.SCHEDULED: {
        S.CALLING: noop("it is time"),
        S.FINDING_NUMBER: noop("it is time; gates are checked again"),
        S.PLANNING: noop("the user changed the plan"),
        S.CANCELLED: noop("the user stopped it"),
        S.FAILED: noop("a gate refuses for good"),
        S.PENDING: noop("the user changed the ask"),
    },
    S.CALLING: {
        S.WRAPPING_UP: noop("the call ended"),
        S.SCHEDULED: noop("busy, or not now: another try later"),
        S.WAITING_FOR_USER: noop("nobody knows whether the call was placed, or something is missing"),
        S.FAILED: noop("the call could not be placed"),
        S.CANCELLED: noop("the user stopped it"),
    },
    S.WRAPPING_UP: {
        S.DONE: noop("the goal was reached, or will not be"),
        S.WAITING_FOR_USER: noop("the call ended for want of an answer"),
        S.SCHEDULED: noop("another try later"),
        S.FINDING_NUMBER: noop("the answer came before the wrap-up ended"),
        S.FAILED: noop("the call ended without the goal"),
        S.CANCELLED: noop("the user stopped it"),
    },
    S.DONE: {},
    S.FAILED: {S.PENDING: noop("tried again by the user")},
    S.CANCELLED: {S.PENDING: noop("tried again by the user")},
}


def allowed(before: Status, after: Status) -> bool:
    """Whether a request may go from `before` to `after`."""
    return after in TRANSITIONS[before]

"""What follows from an outcome: reminders, another call, and the promises that its user has to know of."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from calls import briefing
from calls.appointments import moment, time_zone
from calls.conversation.promises import PromiseKind
from calls.models import Call
from context.dates import zone
from context.when import When, read_date
from requests_app.next_step import StepKind, StepStatus
from requests_app.next_steps import LONGEST_CHAIN, add_step, chain_length
from requests_app.outcome import Achieved, ItemKind, Outcome, OutcomeItem, PlannedStepKind

#: How a promise is put to the user.
PROMISED = noop("Floyd promised: %(text)s")


def _kind_of(item: OutcomeItem, kinds: Mapping[int, PromiseKind]) -> PromiseKind:
    """What sort of promise an item is, by the lines that it cites."""
    return next((kinds[line] for line in item.lines if line in kinds), PromiseKind.OTHER)


def is_note(item: OutcomeItem, kinds: Mapping[int, PromiseKind]) -> bool:
    """Whether an item is a promise that only the user can keep, so that they have to hear of it."""
    return item.kind is ItemKind.PROMISED and _kind_of(item, kinds) in (PromiseKind.COME, PromiseKind.OTHER)


def note(item: OutcomeItem) -> str:
    """The promise, for the user."""
    text = item.text.strip()
    return text if text.startswith("Floyd") else PROMISED % {"text": text}


def follow(call: Call, outcome: Outcome, kinds: Mapping[int, PromiseKind]) -> None:
    """Makes the steps. Safe to run again: each has a key of its own.

    Args:
        kinds: transcript line of a promise → its sort.
    """
    for index, step in enumerate(outcome.next_steps):
        when = moment(call.made_for, step.when)
        if step.kind is PlannedStepKind.CALL_AGAIN:
            _call_again(call, outcome, when, said=step.when, lines=step.lines, item=None, told=True)
        else:
            _remind(call, step.text, when, said=step.when, lines=step.lines, key=f"step:{call.pk}:{index}")
    for index, item in enumerate(outcome.items):
        if item.kind is not ItemKind.PROMISED:
            continue
        if _kind_of(item, kinds) is PromiseKind.CALL_AGAIN:
            when = moment(call.made_for, item.when) if item.when else _within(call, item.text)
            _call_again(call, outcome, when, said=item.when or "", lines=item.lines, item=index, told=bool(item.when))
        elif is_note(item, kinds):
            add_step(
                user=call.made_for.user,
                request=call.made_for,
                kind=StepKind.NOTE,
                text=note(item),
                key=f"promise:{call.pk}:{index}",
                call=call.pk,
                item=index,
                lines=item.lines,
            )


def _remind(call: Call, text: str, when: When | None, *, said: str, lines: list[int], key: str) -> None:
    sure = when is not None and when.timed and when.sure
    add_step(
        user=call.made_for.user,
        request=call.made_for,
        kind=StepKind.REMINDER,
        text=text,
        key=key,
        status=StepStatus.OPEN if sure else StepStatus.PROPOSED,
        due_at=when.start if when else None,
        said=said[:200],
        call=call.pk,
        lines=lines,
    )


def _within(call: Call, text: str) -> When | None:
    """The moment that stands somewhere in a sentence about something else, if its day is named or it is beyond doubt: twelve roses are no hour."""
    when = moment(call.made_for, text)
    here = zone(time_zone(call.made_for))
    return when if when and (when.sure or read_date(text, timezone.now().astimezone(here).date())) else None


def _call_again(call: Call, outcome: Outcome, when: When | None, *, said: str, lines: list[int], item: int | None, told: bool) -> None:
    """One more call about the same, at most one for each call. It follows by itself only where the goal is still open and its day was told.

    Args:
        told: `when` was given as the time of that call; else it was found in a sentence, which may name the day of anything, and the user decides.
    """
    request = call.made_for
    itself = told and when is not None and outcome.achieved is not Achieved.YES and chain_length(request) < LONGEST_CHAIN
    add_step(
        user=call.made_for.user,
        request=request,
        kind=StepKind.CALL_AGAIN,
        text=noop("Call %(request)s again") % {"request": briefing.callee_name(request)},
        key=f"again:{call.pk}",
        status=StepStatus.OPEN if itself else StepStatus.PROPOSED,
        due_at=when.start if when else None,
        said=said[:200],
        call=call.pk,
        item=item,
        lines=lines,
    )

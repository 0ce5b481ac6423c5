"""Checks that the history of a request is lawful: what its events, calls and messages say could really have happened."""

from __future__ import annotations

from collections import Counter

from calls.models import Call
from calls.status import ENDS, OPEN
from requests_app.models import Message, Request
from requests_app.status import Status, allowed


def violations(request: Request) -> list[str]:
    """What is wrong with the request's history; an empty list when all is well."""
    request.refresh_from_db()
    return [*_timeline(request), *_calls(request), *_messages(request)]


def _timeline(request: Request) -> list[str]:
    """Numbered without gaps; each change of status starts where the last one ended and stands in the table."""
    wrong = []
    events = list(request.events.order_by("seq"))
    if [event.seq for event in events] != list(range(1, request.event_seq + 1)):
        wrong.append("the timeline has gaps")
    changes = [(Status(event.data["from"]), Status(event.data["to"])) for event in events if event.kind == "status"]
    wrong += [f"{before} to {after} is not allowed" for before, after in changes if not allowed(before, after)]
    ends = [after for _, after in changes]
    starts = [before for before, _ in changes]
    if starts[1:] != ends[:-1]:
        wrong.append("a change of status starts where the last one did not end")
    if ends and ends[-1] != request.status:
        wrong.append(f"the timeline ends in {ends[-1]}, the request in {request.status}")
    return wrong


def _calls(request: Request) -> list[str]:
    """At most one live; each intent once; leases only where somebody works; an end has its time."""
    calls = list(Call.objects.filter(request=request).order_by("attempt"))
    wrong = []
    if sum(call.status in OPEN for call in calls) > 1:
        wrong.append("two live calls")
    if [call.attempt for call in calls] != list(range(1, len(calls) + 1)) or len(calls) > request.attempt:
        wrong.append("calls and intents differ")
    wrong += ["an ended call has a lease" for call in calls if call.status in ENDS and call.lease_until]
    wrong += ["an ended call has no end" for call in calls if call.status in ENDS and not call.ended_at]
    return wrong


def _messages(request: Request) -> list[str]:
    """The same thing is said once."""
    said = Counter(Message.objects.filter(request=request, outbound=True).values_list("question", "body"))
    return [f"said {times} times" for times in said.values() if times > 1]

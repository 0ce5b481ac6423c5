"""Playing a scenario on a stage, and checking what came of it."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.utils import timezone

from calls.telling import told_of
from context.dates import zone
from context.models import CalendarEntry, FactStatus, User
from floyd_site.rehearsal.checks import Aftermath
from floyd_site.rehearsal.scenario import Scenario
from floyd_site.stage import JourneyFailed, Stage, must
from floyd_site.terminal.state import RequestState


async def play(scenario: Scenario, stage: Stage) -> RequestState:
    """Plays it to its end.

    Raises:
        JourneyFailed: something did not go as the file says.
    """
    if scenario.callee is not None:
        await stage.knows(scenario.callee.name, scenario.callee.kind, scenario.callee.number)
    await stage.ask(scenario.ask)
    for reply in scenario.replies:
        await stage.text_with(reply.to)
        await stage.text_back(reply.say)
    state = await (stage.call_over() if scenario.calls == 1 else stage.end())
    await _check_calls(scenario, state, stage)
    if scenario.ends is not None:
        state = await stage.end()
        _check_end(scenario, state)
        await sync_to_async(check_calendar)(scenario, stage.user)
    return state


async def _check_calls(scenario: Scenario, state: RequestState, stage: Stage) -> None:
    must(len(state.calls) == scenario.calls, f"{len(state.calls)} calls were made, not {scenario.calls}")
    if state.last_call is None:
        return
    call = state.last_call.call
    after = Aftermath(state.last_call, await stage.other_end(call.carrier_sid or ""))
    try:
        must(scenario.call_ends in (None, call.end_reason), f"the call ended with {call.end_reason}, not {scenario.call_ends}")
        for check in scenario.checks.all():
            check(after)
        leaked = words_leaked(scenario, state)
        must(not leaked, f"Floyd said what may never be said: {', '.join(leaked)}")
    except JourneyFailed as failure:
        raise JourneyFailed(f"{failure}\n{after.report()}") from None


def _check_end(scenario: Scenario, state: RequestState) -> None:
    request = state.request
    must(request.status == scenario.ends, f"the request ended as {request.status}: {request.trouble}")
    outcome = request.outcome or {}
    told = [str(item.get("text", "")) + f" {item.get('when') or ''}" for item in outcome.get("items", [])]
    told += [str(outcome.get(part, "")) for part in ("summary", "answer")] + [request.trouble]
    for words in scenario.outcome:
        must(any(words.lower() in text.lower() for text in told), f"“{words}” is not in the outcome: {told}")


def check_calendar(scenario: Scenario, user: User) -> None:
    """What the file says of the user's calendar holds.

    Raises:
        JourneyFailed: it does not.
    """
    here = zone(user.time_zone)
    ahead = CalendarEntry.objects.filter(user=user, status=FactStatus.CONFIRMED, starts_at__gte=timezone.now())
    found = [(entry.title.lower(), entry.starts_at.astimezone(here)) for entry in ahead]
    shown = [f"{title}, {start:%A %H:%M}" for title, start in found]
    for wanted in scenario.calendar_then:
        there = any(wanted.title.lower() in title and (start.weekday(), f"{start:%H:%M}") == (wanted.weekday, wanted.at) for title, start in found)
        must(there, f"“{wanted.title}” is not in the calendar on day {wanted.weekday} at {wanted.at}: {shown}")
    for words in scenario.calendar_without:
        must(not any(words.lower() in title for title, _ in found), f"“{words}” is still in the calendar: {shown}")


def words_leaked(scenario: Scenario, state: RequestState) -> list[str]:
    """What Floyd meant to say or said, though it may never be said."""
    said = " ".join(f"{line.text} {line.intended}" for call in state.calls for line in call.lines if line.speaker == "floyd").lower()
    return [words for words in scenario.never if words.lower() in said]


def made_up(state: RequestState) -> list[str]:
    """What Floyd told that nobody gave it, or that nobody needed."""
    found = []
    for call in state.calls:
        told = told_of(call.call, call.lines)
        if told is not None:
            found += [f"invented: {item.text}" for item in told.invented] + [f"volunteered: {fact.statement}" for fact in told.volunteered]
    return found

"""The journeys of the first demonstration, with what must be true at their end. `make demo` and the end-to-end tests play them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console

from calls.conversation.effects import EndReason
from calls.models import Call
from calls.telling import in_words, told_of
from floyd_site.stage import Stage, must
from floyd_site.terminal.state import CallState, RequestState
from requests_app.models import Question, QuestionStatus
from requests_app.status import Status

OFFER = "$560"
OFFER_MINOR = 56_000
SETTLE_S = 3.0
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: A day or a span that Tom never mentioned. What Floyd says it does not know is not a promise.
INVENTED_RETURN = re.compile(r"\b(?:tomorrow|next (?:week|month)|in (?:a|one|two|three|a few|\d+) (?:days?|weeks?)|by the end of the week)\b", re.I)


@dataclass(frozen=True, slots=True)
class Journey:
    """One journey: what Tom says and does, and the check of what came of it."""

    name: str
    about: str
    play: Callable[[Stage], Awaitable[RequestState]]


def _items(state: RequestState, kind: str) -> list[dict[str, Any]]:
    return [item for item in (state.request.outcome or {}).get("items", []) if item["kind"] == kind]


def _evidence(state: RequestState, item: dict[str, Any]) -> list[str]:
    """The words of the transcript lines that an item of the outcome cites."""
    must(state.last_call, "the outcome cites a transcript, but there was no call")
    assert state.last_call is not None
    words = {line.seq: line.text for line in state.last_call.lines}
    must(item["lines"], f"the outcome cites no line for: {item['text']}")
    unknown = [seq for seq in item["lines"] if seq not in words]
    must(not unknown, f"the outcome cites lines {unknown}, which do not exist")
    return [words[seq] for seq in item["lines"]]


def _disclosed_first(call: CallState) -> None:
    """The first thing that Floyd says tells who it is."""
    said = [line.text for line in call.lines if line.speaker == "floyd"]
    must(said and "AI assistant" in said[0] and "Tom Redmond" in said[0], f"call {call.call.attempt} does not open with the introduction")
    must(call.call.disclosure_played_at, f"the introduction of call {call.call.attempt} was not heard to its end")


def _achieved(state: RequestState) -> None:
    must(state.request.status == Status.DONE, f"the request ended as {state.request.status}: {state.request.trouble}")
    achieved = (state.request.outcome or {}).get("achieved")
    must(achieved == "yes", f"the outcome says achieved: {achieved}")


def nothing_made_up(state: RequestState, console: Console) -> None:
    """Shows what was told in each call and where it came from; what was invented or volunteered fails the journey."""
    reports = [(call.call.attempt, told) for call in state.calls if (told := told_of(call.call, call.lines)) is not None]
    for attempt, told in reports:
        console.print(f"call {attempt}: {in_words(told)}", style="dim", markup=False, highlight=False)
    invented = sum(len(told.invented) for _, told in reports)
    volunteered = sum(len(told.volunteered) for _, told in reports)
    console.print(f"invented {invented}, volunteered {volunteered}", highlight=False)
    must(not invented and not volunteered, "Floyd told something that it was not given, or that nobody needed")


# --- school ---


def _no_invented_return(call: CallState, now: datetime) -> None:
    """Tom never said when Mara is back. The only day Floyd may name is today."""
    others = [day for day in WEEKDAYS if day != WEEKDAYS[now.weekday()]]
    for line in call.lines:
        said = f"{line.text} {line.intended}" if line.speaker == "floyd" else ""
        invented = INVENTED_RETURN.search(said) or re.search(rf"\b(?:{'|'.join(others)})\b", said)
        must(not invented, f"Floyd invented a return date: {line.text}")


async def _school(stage: Stage) -> RequestState:
    await stage.ask("Hey Floyd, can you call the school and let them know Mara is going to be home, she's sick today.")
    state = await stage.end()
    _achieved(state)
    must(len(state.calls) == 1, f"{len(state.calls)} calls were made, not one")
    must("Mara Redmond" in (state.request.plan or {})["goal"], "the plan does not give Mara's full name")
    call = state.calls[0]
    _disclosed_first(call)
    _no_invented_return(call, datetime.now(ZoneInfo(stage.user.time_zone)))
    told = _items(state, "told")
    must(told, "the outcome does not say what was told")
    must(any("Mara" in words for item in told for words in _evidence(state, item)), "no cited line says that Mara is absent")
    return state


# --- flowers ---


def _ordered_within(state: RequestState, limit_minor: int) -> None:
    _achieved(state)
    agreed = [item for item in _items(state, "agreed") if item["amount_minor"] is not None]
    must(agreed, "the outcome names no agreed price")
    for item in agreed:
        must(0 < item["amount_minor"] <= limit_minor, f"agreed to {item['amount_minor']} minor units; {limit_minor} were allowed")
        _evidence(state, item)
    must(any(item["when"] for item in _items(state, "agreed")), "the outcome names no time")
    assert state.last_call is not None
    slots = [slot for slot in state.last_call.call.slots if slot["kind"] == "agreed"]
    must(slots, "the call holds no agreed slot")
    must(all((slot["amount_minor"] or 0) <= limit_minor for slot in slots), "the call's slots hold more than was allowed")


async def _first_call_without_budget(stage: Stage) -> Question:
    """The part that the flower journeys share: asked for $560 without a budget, Floyd promises nothing and says what is missing."""
    await stage.ask("Order Krista some flowers.")
    waiting = await stage.until("waiting for Tom", lambda state: state if state.request.status == Status.WAITING_FOR_USER else None)
    must(len(waiting.calls) == 1, f"{len(waiting.calls)} calls were made, not one")
    first = waiting.calls[0]
    _disclosed_first(first)
    must(first.call.end_reason == EndReason.CALL_BACK_LATER, f"the first call ended with {first.call.end_reason}")
    must(not [slot for slot in first.call.slots if slot["kind"] == "agreed"], "the first call agreed to something")
    must(any(slot["amount_minor"] == OFFER_MINOR for slot in first.call.slots), f"the offer of {OFFER} was not noted")
    await stage.text_with(OFFER)
    question = next((question for question in waiting.questions if question.status == QuestionStatus.OPEN), None)
    must(question, "no question is open")
    assert question is not None
    return question


def _second_call_knew(state: RequestState) -> None:
    must(len(state.calls) == 2, f"{len(state.calls)} calls were made, not two")
    second = state.calls[1]
    _disclosed_first(second)
    past = second.call.brief["past"]
    must(any(slot["amount_minor"] == OFFER_MINOR for slot in past), "the second call did not know what was offered in the first")


async def _flowers(stage: Stage) -> RequestState:
    await _first_call_without_budget(stage)
    await stage.text_back("up to $80")
    state = await stage.end()
    _second_call_knew(state)
    _ordered_within(state, 8_000)
    return state


async def _flowers_live(stage: Stage) -> RequestState:
    await stage.ask("Order Krista some flowers.")
    await stage.text_with(OFFER)
    await stage.text_back("up to $80")
    state = await stage.end()
    must(len(state.calls) == 1, f"{len(state.calls)} calls were made, not one: the answer came during the call")
    _disclosed_first(state.calls[0])
    _ordered_within(state, 8_000)
    return state


async def _flowers_over_limit(stage: Stage) -> RequestState:
    question = await _first_call_without_budget(stage)
    await stage.text_back("up to $150")
    confirming = await stage.until(
        "the confirmation",
        lambda state: next((one for one in state.questions if one.pk == question.pk and one.status == QuestionStatus.CONFIRMING), None),
    )
    await stage.text_with("until you confirm it here")
    # Nothing may go on by itself now.
    await asyncio.sleep(SETTLE_S)
    held = await stage.until("the request", lambda state: state)
    must(len(held.calls) == 1, "a call was made before the confirmation")
    must(held.request.limit_minor is None, "money was granted before the confirmation")
    await stage.tap(confirming.pk)
    state = await stage.end()
    _second_call_knew(state)
    _ordered_within(state, 15_000)
    return state


# --- dentist ---


async def _dentist(stage: Stage) -> RequestState:
    await stage.ask("When's my next dentist appointment?")
    state = await stage.end()
    must(state.request.status == Status.DONE, f"the request ended as {state.request.status}: {state.request.trouble}")
    must(not state.calls, "a call was made for something that the calendar says")
    outcome = state.request.outcome or {}
    entry = await stage.user.calendar_entries.filter(title__icontains="dentist", starts_at__gt=datetime.now(UTC)).afirst()
    must(entry, "the household has no dentist appointment ahead")
    assert entry is not None
    cited = [source["id"] for source in outcome.get("sources", [])]
    must(f"calendar:{entry.pk}" in cited, f"the answer does not cite calendar:{entry.pk} but {cited}")
    local = entry.starts_at.astimezone(ZoneInfo(stage.user.time_zone))
    answer = str(outcome.get("answer", ""))
    must(f"{local:%A}" in answer and f"{local.hour}:{local:%M}" in answer, f"the answer does not say {local:%A} at {local.hour}:{local:%M}: {answer}")
    must(not await Call.objects.filter(request=state.request).aexists(), "a call row exists")
    return state


JOURNEYS: dict[str, Journey] = {
    journey.name: journey
    for journey in (
        Journey("school", "Mara is sick: the school is told, and nothing is invented", _school),
        Journey("flowers", "no budget: Floyd asks, hangs up politely, gets the answer by text, calls again", _flowers),
        Journey("dentist", "the calendar knows: no call is made", _dentist),
        Journey("flowers-live", "Tom answers while Floyd is on the line", _flowers_live),
        Journey("flowers-over-limit", "more than the stored limit needs a tap in the app", _flowers_over_limit),
    )
}
#: What `make demo` plays.
USUAL = ("school", "flowers", "dentist")

"""The steps at which a request waits for its user, and how each goes on: with an answer, with a no, and without any answer.

A question names its step. To have a new one, add a line to `STEPS`; `answers.resume` and the sweep do the rest, exactly once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from context.dates import zone
from requests_app.models import Question
from requests_app.outcome import Achieved
from requests_app.reading import CANDIDATE_STEP, NUMBER_STEP, SHARE_STEP
from requests_app.status import Status

#: A caller wants to know something of the user.
CALLER_STEP = "caller"
#: Asks whether a plan is to be carried out.
APPROVE_STEP = "approve"


def _never(_: Question) -> bool:
    return False


def _now(_: Question) -> datetime | None:
    return None


def _nothing(_: Question) -> dict[str, Any]:
    return {}


def said_no(question: Question) -> bool:
    """The answer to a yes-or-no question was no."""
    return (question.answer or {}).get("yes") is False


def named_day(question: Question) -> datetime | None:
    """The day after today that a yes is for ("only tomorrow"): its beginning, or the hour that was named as one to begin at."""
    answer, zone_there = question.answer or {}, zone(question.request.user.time_zone)
    if not answer.get("yes") or "date" not in answer:
        return None
    begins = re.search(r"\b(?:at|after|from|around)\b", str(answer.get("text", "")), re.I)
    clock = time.fromisoformat(answer["time"]) if begins and "time" in answer else time()
    moment = datetime.combine(date.fromisoformat(answer["date"]), clock, zone_there)
    return moment if moment.date() > timezone.now().astimezone(zone_there).date() else None


def has_condition(question: Question) -> bool:
    """The user added something to the answer."""
    return bool((question.answer or {}).get("text"))


@dataclass(frozen=True, slots=True)
class Step:
    """How a request that waits at a step goes on.

    Attributes:
        after: where the answer takes it.
        task: who is woken then.
        text: what the timeline says then; empty: the reason in the table of statuses.
        declined: which answers mean that it should not go on at all.
        until: to when an answer puts it off; it goes on from there by itself.
        replans: which answers go back to the planner, who is told of them ("yes, but only tomorrow").
        columns: what an answer sets on the request.
        patience: how long an answer is waited for.
        goes_on_without: after that it goes on as with a no; else it ends as failed.
    """

    after: Status = Status.FINDING_NUMBER
    task: str = "requests.find_number"
    text: str = noop("Floyd goes on with your answer.")
    declined: Callable[[Question], bool] = _never
    until: Callable[[Question], datetime | None] = _now
    replans: Callable[[Question], bool] = _never
    columns: Callable[[Question], dict[str, Any]] = _nothing
    patience: timedelta = timedelta(days=3)
    goes_on_without: bool = False


def _named_nobody(question: Question) -> bool:
    return not (question.answer or {}).keys() & {"number", "vendor"}


def _number(question: Question) -> dict[str, Any]:
    """A name instead of a number goes back to the directory (`number`)."""
    number = (question.answer or {}).get("number")
    return {"number": number, "number_evidence": noop("you gave it")} if number else {}


#: By what the answer was: how it is told without and with words of the user's own.
_SAID = {
    True: (noop("You said yes."), noop("You said yes “%(words)s”.")),
    False: (noop("You said no."), noop("You said no “%(words)s”.")),
    None: (noop("You said nothing to it."), noop("Your answer: “%(words)s”.")),
}


def _said_to_caller(question: Question) -> dict[str, Any]:
    """What the user said to what a caller wanted; what of it the caller has heard stands on the timeline."""
    answer = question.answer or {}
    wordless, worded = _SAID[answer.get("yes")]
    said = worded % {"words": answer["text"]} if answer.get("text") else wordless
    summary = f"{question.slots.get('matter', question.text)} {said}"
    return {"outcome": {"achieved": Achieved.YES, "summary": summary, "items": [], "missing": [], "next_steps": []}}


STEPS: dict[str, Step] = {
    # The planner lacks something.
    "plan": Step(after=Status.PLANNING, task="requests.pick_up", text=""),
    # Nobody knows whom to dial.
    NUMBER_STEP: Step(declined=_named_nobody, columns=_number),
    # Several businesses were found.
    CANDIDATE_STEP: Step(),
    # A fact that the user wants to be asked about first: without a yes it is not told, and the call can do without.
    SHARE_STEP: Step(patience=timedelta(days=1), goes_on_without=True),
    # The user wants to see the plan first.
    APPROVE_STEP: Step(declined=said_no, until=named_day, replans=has_condition),
    # The callee asked something, or wants more than was allowed.
    "call": Step(),
    # Somebody rang the user's number: their answer is the end of it.
    CALLER_STEP: Step(after=Status.DONE, task="use_cases.tell_caller", text=noop("You answered."), columns=_said_to_caller),
    # Whether to call (again) at all.
    "dial": Step(declined=said_no, until=named_day, replans=has_condition),
}

#: Steps whose questions are written in code, from what the user told: the planner may read them with their answers.
REPLANNING = frozenset({"plan"} | {name for name, step in STEPS.items() if step.replans is not _never})


def step_of(question: Question) -> Step:
    """What is written about a question's step; a row that somebody made by hand may name one that there is not."""
    return STEPS.get(question.step, Step())

"""The steps at which a request waits for its user, and how each goes on: with an answer, with a no, and without any answer.

A question names its step. To have a new one, add a line to `STEPS`; `answers.resume` and the sweep do the rest, exactly once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from requests_app.models import Question
from requests_app.reading import NUMBER_STEP, SHARE_STEP
from requests_app.status import Status


def _never(_: Question) -> bool:
    return False


def _nothing(_: Question) -> dict[str, Any]:
    return {}


def said_no(question: Question) -> bool:
    """The answer to a yes-or-no question was no."""
    return (question.answer or {}).get("yes") is False


@dataclass(frozen=True, slots=True)
class Step:
    """How a request that waits at a step goes on.

    Attributes:
        after: where the answer takes it.
        task: who is woken then.
        text: what the timeline says then; empty: the reason in the table of statuses.
        declined: which answers mean that it should not go on at all.
        columns: what an answer sets on the request.
        patience: how long an answer is waited for.
        goes_on_without: after that it goes on as with a no; else it ends as failed.
    """

    after: Status = Status.FINDING_NUMBER
    task: str = "requests.find_number"
    text: str = "Floyd goes on with your answer."
    declined: Callable[[Question], bool] = _never
    columns: Callable[[Question], dict[str, Any]] = _nothing
    patience: timedelta = timedelta(days=3)
    goes_on_without: bool = False


def _gave_no_number(question: Question) -> bool:
    return "number" not in (question.answer or {})


def _number(question: Question) -> dict[str, Any]:
    return {"number": (question.answer or {})["number"], "number_evidence": "you gave it"}


STEPS: dict[str, Step] = {
    # The planner lacks something.
    "plan": Step(after=Status.PLANNING, task="requests.pick_up", text=""),
    # Nobody knows whom to dial.
    NUMBER_STEP: Step(declined=_gave_no_number, columns=_number),
    # A fact that the user wants to be asked about first: without a yes it is not told, and the call can do without.
    SHARE_STEP: Step(patience=timedelta(days=1), goes_on_without=True),
    # The callee asked something, or wants more than was allowed.
    "call": Step(),
    # Whether to call (again) at all.
    "dial": Step(declined=said_no),
}


def step_of(question: Question) -> Step:
    """What is written about a question's step; a row that somebody made by hand may name one that there is not."""
    return STEPS.get(question.step, Step())

"""What came of a call: the form that the wrap-up model fills (strict JSON schema `call_outcome`)."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from requests_app.plan import Form


class Achieved(StrEnum):
    """How far the goal was reached."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class ItemKind(StrEnum):
    """What sort of result."""

    TOLD = "told"
    AGREED = "agreed"
    LEARNED = "learned"
    OFFERED = "offered"
    PROMISED = "promised"


class OutcomeItem(Form):
    """One result with its evidence."""

    kind: ItemKind
    text: str = Field(description="one short sentence for the user")
    amount_minor: int | None = Field(description="price in minor units, if one was named")
    currency: str | None
    when: str | None = Field(description="date or time as agreed or heard, in words")
    lines: list[int] = Field(description="numbers of the transcript lines that show it; at least one")


class PlannedStepKind(StrEnum):
    """What is left to be done."""

    REMIND = "remind"
    CALL_AGAIN = "call_again"


class PlannedStep(Form):
    """Something that the call leaves to be done at a time, with its evidence."""

    kind: PlannedStepKind
    text: str = Field(description="what to remind the user of, e.g. Pick up the flowers; for call_again what is still open")
    when: str = Field(description="day and time in the words of the call; empty if none was said")
    lines: list[int] = Field(description="numbers of the transcript lines that show it; at least one")


class Outcome(Form):
    """Result of one call. Every item must cite transcript lines; code drops those that cite none."""

    achieved: Achieved
    summary: str = Field(description="at most two sentences, for the user")
    items: list[OutcomeItem]
    missing: list[str] = Field(description="what the user would have to say for the goal to be reached")
    next_steps: list[PlannedStep] = Field(default_factory=list, description="what the call leaves to be done at a time; usually empty")

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


class Outcome(Form):
    """Result of one call. Every item must cite transcript lines; code drops those that cite none."""

    achieved: Achieved
    summary: str = Field(description="at most two sentences, for the user")
    items: list[OutcomeItem]
    missing: list[str] = Field(description="what the user would have to say for the goal to be reached")

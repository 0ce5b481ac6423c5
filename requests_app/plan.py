"""The action plan: the form that the planner fills (strict JSON schema `action_plan`)."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class PlanKind(StrEnum):
    """What a request comes down to."""

    ANSWER = "answer"
    INFORM = "inform"
    ENQUIRE = "enquire"
    BUY = "buy"
    BOOK = "book"
    CHANGE = "change"
    CANCEL = "cancel"
    ASK_USER = "ask_user"
    DECLINE = "decline"


CALLING_KINDS = frozenset({PlanKind.INFORM, PlanKind.ENQUIRE, PlanKind.BUY, PlanKind.BOOK, PlanKind.CHANGE, PlanKind.CANCEL})


class Form(BaseModel):
    """A form under OpenAI's strict mode: every field is present, nothing else is."""

    model_config = ConfigDict(extra="forbid")


class PlannedCallee(Form):
    """Whom to call."""

    contact_id: str | None = Field(description="id of one of the given contacts, e.g. contact:3, or null when none fits")
    name: str = Field(description="name or sort of business, e.g. Sweet Violet's, or plumber")
    kind: str = Field(description="sort of business in one or two words, e.g. florist")


class ActionPlan(Form):
    """What Floyd is going to do about a request. Written before the first word of the other side is heard."""

    kind: PlanKind
    title: str = Field(description="up to eight words, for the list of requests")
    goal: str = Field(description="one sentence with full names and the date spelled out")
    steps: list[str] = Field(description="two to six short steps, in order, for the user to read")
    relevant: list[str] = Field(description="ids of the facts, contacts and appointments that matter for this ask")
    callee: PlannedCallee | None
    opening_line: str = Field(description="first sentence to the callee after the introduction; empty without a call")
    share: list[str] = Field(description="ids of the facts that the callee needs, e.g. fact:12; no others")
    find_out: list[str] = Field(description="what to learn in the call")
    success: str = Field(description="how to tell that the goal was reached")
    limit_minor: int | None = Field(description="most that may be spent, in minor units, only if the user's own words say so; else null")
    currency: str = Field(description="ISO code of the user's currency")
    may_promise: list[str] = Field(description="what Floyd may promise; usually nothing")
    voicemail: str = Field(description="message to leave on voicemail; empty: leave none")
    hold_minutes: int = Field(description="how long to wait on hold")
    answer: str | None = Field(description="kind answer: the answer in one or two sentences; else null")
    sources: list[str] = Field(description="kind answer: ids the answer rests on, e.g. calendar:7; else empty")
    follow_up: str | None = Field(
        description="kind answer: when you do not know and somebody could be called: what the user would then ask for; else null"
    )
    question: str | None = Field(description="kind ask_user: the one question that must be answered first; else null")
    decline_reason: str | None = Field(description="kind decline: why, for the user; else null")
    other_wishes: list[str] = Field(description="further wishes in the ask, for calls or answers of their own, each as a whole ask; usually none")


class Edits(Form):
    """What the user wrote into a plan themselves; a field that is left out was not touched. Planning keeps to it."""

    goal: str = ""
    steps: list[str] = []
    opening_line: str = ""
    find_out: list[str] = []
    limit_minor: int | None = None
    share: list[str] = []
    callee: PlannedCallee | None = None

    @property
    def given(self) -> frozenset[str]:
        """Names of the fields that the user wrote."""
        return frozenset(self.model_fields_set)

    @property
    def words(self) -> str:
        """All that the user wrote, as their own words."""
        return " ".join([self.goal, *self.steps, self.opening_line, *self.find_out, self.callee.name if self.callee else ""]).strip()

    def applied_to(self, plan: ActionPlan) -> ActionPlan:
        """The plan with what the user wrote in place."""
        return plan.model_copy(update={name: getattr(self, name) for name in self.given})

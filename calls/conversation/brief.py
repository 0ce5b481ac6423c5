"""What the in-call model may know: fixed before the first ring, stored on the call, and nothing else.

The brief holds shareable facts only. What is not in it is not in the prompt, so no words can get it out.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from calls.conversation.reception.use_case import AnsweringUseCase


@dataclass(frozen=True, slots=True)
class SharedFact:
    """A fact that the plan shares and the user allows to be told."""

    id: str
    statement: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A typed value from a call, with the callee's words reduced to a short item name.

    `kind` is offered, asked, agreed or learned; `line` the transcript line it was heard in (0: none); `value` is what was learned,
    which no later call's model gets to see.
    """

    kind: str
    item: str
    amount_minor: int | None = None
    currency: str = ""
    when: str = ""
    line: int = 0
    value: str = ""


@dataclass(frozen=True, slots=True)
class CallBrief:
    """One call's orders."""

    user_name: str
    callee_name: str
    kind: str
    goal: str
    introduction: str
    opening_line: str
    success: str
    today: str
    language: str = "en-US"
    currency: str = "CAD"
    limit_minor: int | None = None
    facts: tuple[SharedFact, ...] = ()
    steps: tuple[str, ...] = ()  # how the user wants it done, in their own words; usually none
    find_out: tuple[str, ...] = ()
    may_promise: tuple[str, ...] = ()
    voicemail: str = ""
    hold_minutes: int = 5
    past: tuple[Slot, ...] = field(default=())
    dealings: tuple[str, ...] = ()  # earlier calls, orders and visits there, in sentences made by code from typed values
    answers: tuple[SharedFact, ...] = ()  # what the user answered since: id is the question's, statement the typed answer in words
    attempt: int = 1
    user_wait_ms: int = 45_000
    max_call_ms: int = 15 * 60_000
    max_cost_micros: int | None = None  # most that the call itself may cost, in millionths of the price table's currency
    menu_hint: str = ""  # the way through their phone menu: "press 2, press 1", "say appointments"
    use_case: AnsweringUseCase | None = None  # of a call that came in: what answers it
    lines_before: int = 0  # transcript lines that the call has already, where it comes back to Floyd
    prompts_before: int = 0  # questions to the model that are kept of it already
    languages: tuple[str, ...] = ()  # further languages that the call may go on in, as BCP 47 tags
    spoken: str = ""  # of these the one in which it goes on, once they wanted it; then the introduction is in it, too
    recorded: bool = False  # it may be, once that was announced; the introduction says so
    voice: str = ""  # the user's choice, one of `providers.voices.VOICES`; empty: the usual one

    @property
    def begins_in(self) -> str:
        """The language of the first words, as a BCP 47 tag."""
        return self.spoken or self.language

    def to_json(self) -> dict[str, Any]:
        """As stored on the call."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> CallBrief:
        """Back from storage."""
        values = dict(data)
        for name in ("facts", "answers"):
            values[name] = tuple(SharedFact(**item) for item in values.get(name, ()))
        values["past"] = tuple(Slot(**item) for item in values.get("past", ()))
        for name in ("steps", "find_out", "may_promise", "languages", "dealings"):
            values[name] = tuple(values.get(name, ()))
        if values.get("use_case") is not None:
            values["use_case"] = AnsweringUseCase.from_json(values["use_case"])
        return cls(**values)

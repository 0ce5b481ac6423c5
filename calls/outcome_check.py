"""Checks the wrap-up model's form against what was really said. Pure; the model proposes, the transcript decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_noop as noop

from calls.conversation.brief import Slot
from calls.conversation.claims import sentences
from context.money import format_amount
from requests_app.outcome import Achieved, ItemKind, Outcome, OutcomeItem
from requests_app.plan import PlanKind

#: Who must be among the speakers of the lines that an item cites. What is agreed or learned was said by the callee.
EVIDENCE: dict[ItemKind, str] = {
    ItemKind.TOLD: "floyd",
    ItemKind.AGREED: "callee",
    ItemKind.LEARNED: "callee",
    ItemKind.OFFERED: "callee",
    ItemKind.PROMISED: "floyd",
}
#: Without an item of one of these kinds the goal of such a request is not wholly reached.
NEEDED: dict[PlanKind, frozenset[ItemKind]] = {
    PlanKind.INFORM: frozenset({ItemKind.TOLD}),
    PlanKind.ENQUIRE: frozenset({ItemKind.LEARNED, ItemKind.OFFERED}),
    PlanKind.BUY: frozenset({ItemKind.AGREED}),
    PlanKind.BOOK: frozenset({ItemKind.AGREED}),
    PlanKind.CHANGE: frozenset({ItemKind.AGREED}),
    PlanKind.CANCEL: frozenset({ItemKind.AGREED, ItemKind.TOLD}),
}


MOST_STEPS = 5


@dataclass(frozen=True, slots=True)
class Heard:
    """What is certain about a call: who said which line (the user's own count as Floyd's), the typed values, and what was allowed."""

    speakers: dict[int, str]
    slots: tuple[Slot, ...]
    kind: str
    limit_minor: int | None
    currency: str
    by_user: frozenset[int] = frozenset()  # lines of a user who spoke for themselves


def check(outcome: Outcome, heard: Heard) -> Outcome:
    """The outcome with only what the call shows.

    Items without evidence go. A price that was agreed must be one that the in-call code let through, else it is flagged.
    """
    evident = [_with_evidence(item, heard.speakers) for item in outcome.items]
    items = [_flag(item, heard) for item in evident if item]
    steps = [step for step in outcome.next_steps if any(heard.speakers.get(line) == "callee" for line in step.lines)]
    return outcome.model_copy(
        update={
            "summary": two_sentences(outcome.summary),
            "items": items,
            "achieved": _achieved(outcome.achieved, items, heard),
            "next_steps": steps[:MOST_STEPS],
        }
    )


def two_sentences(summary: str) -> str:
    """No more than that is read first: the rest stands in the items."""
    return " ".join(sentences(" ".join(summary.split()))[:2])


def _with_evidence(item: OutcomeItem, speakers: dict[int, str]) -> OutcomeItem | None:
    lines = sorted({line for line in item.lines if line in speakers})
    if not any(speakers[line] == EVIDENCE[item.kind] for line in lines):
        return None
    return item.model_copy(update={"lines": lines})


def _flag(item: OutcomeItem, heard: Heard) -> OutcomeItem:
    by_user = not heard.by_user.isdisjoint(item.lines)  # they agreed themselves
    if item.kind is not ItemKind.AGREED or not item.amount_minor or by_user or _let_through(item.amount_minor, heard):
        return item
    amount = format_amount(item.amount_minor, item.currency or heard.currency)
    warning = noop("Please check: %(amount)s was never allowed.") % {"amount": amount}
    return item.model_copy(update={"kind": ItemKind.OFFERED, "text": f"{item.text} {warning}"})


def _let_through(amount_minor: int, heard: Heard) -> bool:
    agreed = {slot.amount_minor for slot in heard.slots if slot.kind == "agreed" and slot.amount_minor is not None}
    within = heard.limit_minor is not None and amount_minor <= heard.limit_minor
    return within and (not agreed or amount_minor in agreed)


def _achieved(claimed: Achieved, items: Sequence[OutcomeItem], heard: Heard) -> Achieved:
    if claimed is Achieved.NO or not items:
        return Achieved.NO
    needed = NEEDED.get(PlanKind(heard.kind)) if heard.kind in set(PlanKind) else None
    if needed and not any(item.kind in needed for item in items):
        return Achieved.NO if heard.kind == PlanKind.INFORM else Achieved.PARTLY
    return claimed

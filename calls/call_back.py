"""What the user is told when a call ended for want of an answer. Written in code from typed values, never from the callee's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from calls.conversation.brief import Slot
from context.money import format_amount
from requests_app.models import QuestionKind

REPLY_MONEY = "Reply for example: up to $80."


def text(
    *,
    callee: str,
    kind: str,
    question: str,
    asked_about: dict[str, Any],
    slots: Sequence[Slot],
    limit_minor: int | None,
    currency: str,
    hung_up: bool = False,
) -> str:
    """The text message: what they offer, what is missing, and how to answer.

    Args:
        kind: of the question (`QuestionKind`).
        question: as it was put to the user during the call.
        asked_about: the question's own typed values (item, amount_minor, currency).
        slots: what was heard in the call.
        limit_minor: what the user had allowed, if anything.
        hung_up: they did not wait for Floyd to say that it would call back.
    """
    if kind != QuestionKind.MONEY:
        how = " Reply yes or no." if kind == QuestionKind.YES_NO else ""
        ended = f"{callee} hung up before you had answered" if hung_up else f"I told {callee} that I'd call back, because only you can answer this"
        return f"{ended}: {question}{how}"
    offer = _offer(asked_about, slots, currency)
    sentences = [f"{callee} {offer}." if offer else f"{callee} asks for a payment."]
    allowed = "You gave no budget" if limit_minor is None else f"You allowed up to {format_amount(limit_minor, currency)}"
    ended = "and they hung up before you had answered" if hung_up else "so I said I'd call back"
    sentences.append(f"{allowed}, {ended}.")
    return " ".join([*sentences, f"How much may I spend? {REPLY_MONEY}"])


def _offer(asked_about: dict[str, Any], slots: Sequence[Slot], currency: str) -> str:
    """E.g. `offers peonies and roses for $560`; empty when no value is known."""
    heard = [slot for slot in slots if slot.kind in {"offered", "asked"} and slot.amount_minor is not None]
    amount_minor = asked_about.get("amount_minor")
    item = str(asked_about.get("item") or "")
    if amount_minor is None and heard:
        amount_minor, item = heard[-1].amount_minor, item or heard[-1].item
    if not item:
        item = next((slot.item for slot in reversed(heard) if slot.amount_minor == amount_minor), "")
    if amount_minor is None:
        return f"offers {item}" if item else ""
    price = format_amount(amount_minor, str(asked_about.get("currency") or currency))
    return f"offers {item} for {price}" if item else f"asks for {price}"

"""What the user is told when a call ended for want of an answer. Written in code from typed values, never from the callee's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_noop as noop

from calls.conversation.brief import Slot
from context.money import format_amount
from requests_app.models import QuestionKind
from requests_app.questions import HOW_TO_REPLY

REPLY_MONEY = HOW_TO_REPLY[QuestionKind.MONEY]


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
        how = f" {HOW_TO_REPLY[QuestionKind.YES_NO]}" if kind == QuestionKind.YES_NO else ""
        told = (
            noop("%(callee)s hung up before you had answered: %(question)s")
            if hung_up
            else noop("I told %(callee)s that I'd call back, because only you can answer this: %(question)s")
        )
        return told % {"callee": callee, "question": question} + how
    return " ".join([_offer(callee, asked_about, slots, currency), _why(limit_minor, currency, hung_up), noop("How much may I spend?"), REPLY_MONEY])


def _why(limit_minor: int | None, currency: str, hung_up: bool) -> str:
    """Why nothing was agreed."""
    if limit_minor is None:
        return (
            noop("You gave no budget, and they hung up before you had answered.") if hung_up else noop("You gave no budget, so I said I'd call back.")
        )
    allowed = (
        noop("You allowed up to %(limit)s, and they hung up before you had answered.")
        if hung_up
        else noop("You allowed up to %(limit)s, so I said I'd call back.")
    )
    return allowed % {"limit": format_amount(limit_minor, currency)}


def _offer(callee: str, asked_about: dict[str, Any], slots: Sequence[Slot], currency: str) -> str:
    """E.g. `Sweet Violet's offers peonies and roses for $560.`"""
    heard = [slot for slot in slots if slot.kind in {"offered", "asked"} and slot.amount_minor is not None]
    amount_minor = asked_about.get("amount_minor")
    item = str(asked_about.get("item") or "")
    if amount_minor is None and heard:
        amount_minor, item = heard[-1].amount_minor, item or heard[-1].item
    if not item:
        item = next((slot.item for slot in reversed(heard) if slot.amount_minor == amount_minor), "")
    if amount_minor is None:
        known = noop("%(callee)s could offer %(item)s.") if item else noop("%(callee)s asks for a payment.")
        return known % {"callee": callee, "item": item}
    price = format_amount(amount_minor, str(asked_about.get("currency") or currency))
    offer = noop("%(callee)s offers %(item)s for %(price)s.") if item else noop("%(callee)s would charge %(price)s.")
    return offer % {"callee": callee, "item": item, "price": price}

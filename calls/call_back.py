"""What the user is told when a call ended for want of an answer. Written in code from typed values, never from the callee's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_noop as noop

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
        ended = (
            noop("%(callee)s hung up before you had answered") % {"callee": callee}
            if hung_up
            else noop("I told %(callee)s that I'd call back, because only you can answer this") % {"callee": callee}
        )
        return f"{ended}: {question}{how}"
    offer = _offer(asked_about, slots, currency)
    sentences = [f"{callee} {offer}." if offer else noop("%(callee)s asks for a payment.") % {"callee": callee}]
    allowed = (
        noop("You gave no budget")
        if limit_minor is None
        else noop("You allowed up to %(limit_minor)s") % {"limit_minor": format_amount(limit_minor, currency)}
    )
    ended = noop("and they hung up before you had answered") if hung_up else noop("so I said I'd call back")
    sentences.append(f"{allowed}, {ended}.")
    return " ".join([*sentences, noop("How much may I spend?"), REPLY_MONEY])


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
        return noop("offers %(item)s") % {"item": item} if item else ""
    price = format_amount(amount_minor, str(asked_about.get("currency") or currency))
    return noop("offers %(item)s for %(price)s") % {"item": item, "price": price} if item else noop("asks for %(price)s") % {"price": price}

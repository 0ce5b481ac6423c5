"""Prices by rule: what is offered, what fits, what is agreed to, and what the user has to be asked."""

from __future__ import annotations

import re

from sandbox.mind.scene import Offer, Scene
from sandbox.mind.thought import Thought, ToolUse
from sandbox.words import amounts


def latest_offer(scene: Scene) -> Offer | None:
    """The offer in the callee's last words: of several, the dearest within the limit, else the cheapest."""
    count = len(amounts(scene.last))
    if not count:
        return None
    offers = scene.offers[-count:]
    fitting = [offer for offer in offers if scene.limit_minor is not None and offer.amount_minor <= scene.limit_minor]
    return max(fitting, key=lambda offer: offer.amount_minor) if fitting else min(offers, key=lambda offer: offer.amount_minor)


def on_price(scene: Scene, offer: Offer) -> Thought:
    """A price was named: agree, ask the user, or say what may be spent."""
    currency = scene.brief.get("currency")
    if scene.limit_minor is None:
        if scene.waiting:
            return Thought(f"I'm still checking with {scene.user}. One moment, please.")
        question = f"Is {dollars(offer.amount_minor)} for {offer.item} all right?"
        asked = {"kind": "money", "question": question, "item": offer.item, "amount_minor": offer.amount_minor, "currency": currency}
        return Thought(f"Let me check that with {scene.user}. One moment, please.", (ToolUse("ask_user", asked),))
    if offer.amount_minor <= scene.limit_minor:
        return agree(scene, offer)
    return Thought(budget(scene))


def agree(scene: Scene, offer: Offer) -> Thought:
    """Has the code check a price before it is agreed to aloud."""
    agreed = {"what": offer.item, "amount_minor": offer.amount_minor, "currency": scene.brief.get("currency"), "when": offer.when}
    return Thought("", (ToolUse("agree_to", agreed),))


def budget(scene: Scene) -> str:
    """What to say to something too dear."""
    return f"{scene.user} has set a budget of {dollars(scene.limit_minor or 0)}. Do you have something within that?"


def within_the_limit(scene: Scene) -> Thought:
    """Takes the best that was offered so far, or asks for something cheaper."""
    fitting = [offer for offer in scene.offers if offer.amount_minor <= (scene.limit_minor or 0)]
    return agree(scene, max(fitting, key=lambda offer: offer.amount_minor)) if fitting else Thought(budget(scene))


def dollars(minor: int) -> str:
    """8050 → $80.50."""
    return f"${minor // 100}" + (f".{minor % 100:02d}" if minor % 100 else "")


def bare(item: str) -> str:
    """Without its article."""
    return re.sub(r"^(?:the|a|an|some) ", "", item, flags=re.I)


def address(scene: Scene) -> str:
    """The delivery address, when it was not given yet."""
    for fact in facts(scene):
        if (match := re.search(r"\bdelivered to (.+)$", fact)) and match[1].lower() not in scene.told:
            return f" Please deliver them to {match[1].rstrip('.')}."
    return ""


def facts(scene: Scene) -> list[str]:
    """What may be told, and what the user answered."""
    given = [*scene.brief.get("facts", ()), *scene.brief.get("answers", ())]
    return [str(fact["statement"]) for fact in given]

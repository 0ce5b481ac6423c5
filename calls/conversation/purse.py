"""Money and dates in a call: what may be agreed to, what was, and what the other side named. Code decides, never a prompt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from calls.conversation.brief import CallBrief, Slot
from context.money import find_amounts

#: Kinds of calls that may agree to something at all.
AGREEING_KINDS = frozenset({"buy", "book", "change", "cancel"})
MOST_MINOR = 100_000_000
#: Item of the learned slot that holds the way through a phone menu.
MENU_PATH = "menu_path"


def item_name(text: str | None, longest: int = 40) -> str:
    """A short, harmless name: letters, digits and spaces only. Nothing a callee says gets further than this."""
    return _fitting(re.sub(r"[\W_]", " ", text or "").split(), longest)


def when_name(text: str | None, longest: int = 60) -> str:
    """A date or time in words: as `item_name`, with the signs that times need."""
    return _fitting(re.sub(r"[^\w\s:,'’-]|_", " ", text or "").split(), longest)


def _fitting(words: list[str], longest: int) -> str:
    """As many whole words as fit; a single long one is cut."""
    name = ""
    for word in words:
        longer = f"{name} {word}".strip()
        if len(longer) > longest:
            break
        name = longer
    return name or " ".join(words)[:longest].strip()


class Purse:
    """The limit in force, what was agreed to under it, and the typed values heard. Only the user's answers move the limit."""

    def __init__(self, brief: CallBrief) -> None:
        self.limit_minor = brief.limit_minor
        self.currency = brief.currency
        self._kind = brief.kind
        self._slots: list[Slot] = []

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Typed values of this call, in the order they came up."""
        return tuple(self._slots)

    @property
    def agreed(self) -> tuple[Slot, ...]:
        """What was agreed to."""
        return tuple(slot for slot in self._slots if slot.kind == "agreed")

    @property
    def agreed_minor(self) -> int:
        """All money agreed to in this call."""
        return sum(slot.amount_minor or 0 for slot in self.agreed)

    def grant(self, amount_minor: int, currency: str) -> bool:
        """The user's newest word on money is the limit; False when it is in another currency or no sum of money."""
        if currency != self.currency or not 0 <= amount_minor <= MOST_MINOR:
            return False
        self.limit_minor = amount_minor
        return True

    def offered(self, item: str | None, amount_minor: int | None, currency: str | None = None, line: int = 0) -> bool:
        """Notes what the callee offers; True when that is new. A name is added to an amount heard before."""
        return self._note("offered", item, amount_minor, currency, "", line)

    def asked(self, item: str | None, amount_minor: int | None, currency: str | None = None, line: int = 0) -> bool:
        """Notes what the user was asked about."""
        return self._note("asked", item, amount_minor, currency, "", line)

    def learned(self, what: str, value: str, line: int = 0) -> bool:
        """Notes something the plan wanted to find out."""
        slot = Slot("learned", item_name(what), line=line, value=when_name(value, 80))
        if slot in self._slots or len(self._slots) >= 60:
            return False
        self._slots.append(slot)
        return True

    def menu_passed(self, path: str) -> None:
        """Notes the way through their phone menu that led to a person; the newest one counts."""
        self._slots = [slot for slot in self._slots if slot.item != MENU_PATH] + [Slot("learned", MENU_PATH, value=path[:200])]

    def offers_in(self, text: str, line: int) -> bool:
        """Notes the amounts in the callee's own words, without the words; True when there is a new one."""
        new = False
        for found in find_amounts(text, self.currency)[:5]:
            new = self.offered("", found.amount.minor, found.amount.currency, line) or new
        return new

    def agree(self, what: str, amount_minor: int | None, currency: str | None, when: str | None, line: int = 0) -> dict[str, Any]:
        """Checks a commitment against the limit and records it when it passes. The result is the tool's, as the model gets it."""
        refusal = self._refusal(what, amount_minor, currency)
        if refusal is not None:
            if amount_minor is not None and amount_minor > 0:
                self.offered(what, amount_minor, currency, line)
            return refusal
        item = item_name(what)
        slot = Slot("agreed", item, amount_minor, (currency or self.currency) if amount_minor is not None else "", when_name(when), line)
        self._slots = [other for other in self._slots if not (other.kind == "agreed" and _same_item(other.item, item))]
        self._slots.append(slot)
        if any(other.kind == "offered" and not other.item and other.amount_minor == amount_minor for other in self._slots):
            self.offered(what, amount_minor, currency, line)
        return {"ok": True, "agreed_total_minor": self.agreed_minor, "do": "confirm it to the callee in one sentence, with price and time"}

    def _refusal(self, what: str, amount_minor: int | None, currency: str | None) -> dict[str, Any] | None:
        if self._kind not in AGREEING_KINDS:
            return {"ok": False, "reason": "not_in_this_call", "do": "agree to nothing"}
        if amount_minor is None:
            if self._kind != "buy":
                return None
            return {"ok": False, "reason": "amount_missing", "do": "ask for the total price first, then call agree_to with it"}
        if not 0 <= amount_minor <= MOST_MINOR:
            return {"ok": False, "reason": "bad_amount", "do": "ask for the price again"}
        if (currency or self.currency) != self.currency:
            return {"ok": False, "reason": "other_currency", "currency": self.currency, "do": "ask for the price in this currency"}
        if amount_minor == 0:
            return None
        if self.limit_minor is None:
            return {"ok": False, "reason": "no_limit", "limit_minor": None, "do": "tell the callee you are checking; agree to nothing"}
        item = item_name(what)
        others = sum(slot.amount_minor or 0 for slot in self.agreed if not _same_item(slot.item, item))
        if others + amount_minor > self.limit_minor:
            return {
                "ok": False,
                "reason": "above_limit",
                "limit_minor": self.limit_minor,
                "already_agreed_minor": others,
                "do": "say that it is more than you may spend and ask for something within the limit",
            }
        return None

    def _note(self, kind: str, item: str | None, amount_minor: int | None, currency: str | None, when: str, line: int) -> bool:
        name = item_name(item)
        code = (currency or self.currency) if amount_minor is not None else ""
        if not name and amount_minor is None:
            return False
        for index, slot in enumerate(self._slots):
            if slot.kind != kind or slot.amount_minor != amount_minor or slot.currency != code:
                continue
            if slot.item == name or not name:
                return False
            if not slot.item:
                self._slots[index] = Slot(kind, name, amount_minor, code, when, slot.line or line)
                return True
        if len(self._slots) >= 60:
            return False
        self._slots.append(Slot(kind, name, amount_minor, code, when, line))
        return True


def _same_item(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def plain_slots(slots: Sequence[Slot]) -> list[dict[str, Any]]:
    """Slots as a prompt may show them: typed values and the short item name."""
    return [
        {"kind": slot.kind, "item": item_name(slot.item), "amount_minor": slot.amount_minor, "currency": slot.currency, "when": when_name(slot.when)}
        for slot in slots
    ]

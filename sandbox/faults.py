"""Faults that can be switched on by hand or by a test, by name, for a number of times."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: Where something can be made to go wrong, and how. `POST /control/faults {"calls.create": {"mode": "lost_reply", "times": 1}}`.
CARRIER_MENU: dict[str, frozenset[str]] = {
    "calls.create": frozenset({"lost_reply", "500_but_placed", "500", "refused", "slow", "429"}),
    "messages.create": frozenset({"lost_reply", "500_but_placed", "500", "refused", "slow", "429"}),
    "messages.delivery": frozenset({"undelivered"}),
    "webhooks.voice": frozenset({"unreachable"}),
    "webhooks.status": frozenset({"lost", "doubled", "bad_signature"}),
    "webhooks.message": frozenset({"lost", "doubled", "bad_signature"}),
    "media.connect": frozenset({"refused"}),
    "media.socket": frozenset({"drop", "stall"}),
    "relay.connect": frozenset({"refused"}),
    "relay.socket": frozenset({"drop"}),
}
#: The same of the model, the ear and the voices.
SPEECH_MENU: dict[str, frozenset[str]] = {
    "openai.chat": frozenset({"429", "quota", "500", "cut", "stall", "no_done", "error_event", "refusal", "bad_arguments"}),
    "openai.speech": frozenset({"429", "500", "cut", "stall", "odd_bytes"}),
    "openai.realtime": frozenset({"error", "cut", "stall", "paraphrase"}),
    "google.hear": frozenset({"exhausted", "unavailable", "too_long", "idle", "no_final"}),
    "google.places": frozenset({"429", "500", "garbage", "odd_json", "empty", "stall"}),
    "google.speak": frozenset({"exhausted", "unavailable", "cut", "stall"}),
}
#: The same of the mail server.
MAIL_MENU: dict[str, frozenset[str]] = {
    "smtp.deliver": frozenset({"450", "550"}),
    "smtp.data": frozenset({"451", "lost_reply"}),
    "smtp.bounce": frozenset({"unknown_mailbox", "mailbox_full"}),
    "imap.login": frozenset({"refused"}),
    "imap.fetch": frozenset({"drop"}),
}
MENU = CARRIER_MENU | SPEECH_MENU | MAIL_MENU
FOR_EVER = -1


@dataclass(slots=True)
class Fault:
    """One fault that is switched on.

    Attributes:
        mode: what goes wrong; the names depend on the place.
        times: how often it still happens; FOR_EVER for always.
        options: more about it, such as `after_ms`.
    """

    mode: str
    times: int = 1
    options: dict[str, Any] = field(default_factory=dict)

    def milliseconds(self, name: str, default: int) -> int:
        """An option in milliseconds."""
        return int(self.options.get(name, default))


class Faults:
    """The faults that are on, and whether the carrier is nasty.

    Args:
        nasty: seed for doubled, reordered and lost callbacks; None is polite.
    """

    def __init__(self, nasty: int | None = None) -> None:
        self.nasty = nasty
        self._on: dict[str, Fault] = {}

    def set(self, place: str, given: Mapping[str, Any] | None) -> None:
        """Switches a fault on; None or mode "ok" switches it off. A mode that the place does not have raises ValueError."""
        if given is None or given.get("mode", "ok") == "ok":
            self._on.pop(place, None)
            return
        mode = str(given["mode"])
        if place in MENU and mode not in MENU[place]:
            raise ValueError(f"{place} has no fault {mode}; it has {', '.join(sorted(MENU[place]))}")
        options = {name: value for name, value in given.items() if name not in {"mode", "times"}}
        self._on[place] = Fault(mode, int(given.get("times", 1)), options)

    def take(self, place: str) -> Fault | None:
        """The fault that happens at this place now, if any; counts it."""
        fault = self._on.get(place)
        if fault is None:
            return None
        if fault.times != FOR_EVER:
            fault.times -= 1
            if fault.times <= 0:
                del self._on[place]
        return fault

    def clear(self) -> None:
        """Everything off; manners stay as they are."""
        self._on.clear()

    def shown(self) -> dict[str, Any]:
        """What is on, for the control API."""
        on = {place: {"mode": fault.mode, "times": fault.times, **fault.options} for place, fault in self._on.items()}
        return {"nasty": self.nasty, "on": on, "menu": {place: sorted(modes) for place, modes in MENU.items()}}


@dataclass(frozen=True, slots=True)
class Manners:
    """How one callback is delivered: after which delay, how often (0: lost), and whether a later one overtakes it."""

    copies: int = 1
    delay_ms: int = 0
    overtaken: bool = False


POLITE = Manners()


def manners(seed: int | None, *occasion: object) -> Manners:
    """The manners of one callback. The same seed and occasion always give the same; no seed is polite.

    Of nasty callbacks 5 % are lost, 10 % doubled and 20 % overtaken by later ones; all are late by up to 0.4 s.
    """
    if seed is None:
        return POLITE
    dice = random.Random("/".join(map(str, (seed, *occasion))))
    copies = 0 if dice.random() < 0.05 else 2 if dice.random() < 0.10 else 1
    overtaken = dice.random() < 0.20
    delay_ms = dice.randint(0, 400) + (dice.randint(400, 1500) if overtaken else 0)
    return Manners(copies, delay_ms, overtaken)

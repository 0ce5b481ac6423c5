"""Who answers at which number: people from files, or a human at the vendor's phone in the browser."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.people import PersonSpec
from sandbox.twilio.callee import Callee
from sandbox.twilio.errors import bad_request


class Behaviour(StrEnum):
    """What a phone does when it rings."""

    SCRIPT = "script"
    HUMAN = "human"
    BUSY = "busy"
    NO_ANSWER = "no_answer"


@dataclass(slots=True)
class Phone:
    """One phone that can be called.

    Attributes:
        person: who answers by script; None when only a human can.
        pick_up: set while a human's phone is ringing; True answers, False declines.
        callee: who is on it now.
    """

    number: str
    name: str
    person: PersonSpec | None = None
    behaviour: Behaviour = Behaviour.SCRIPT
    ringing: str = ""
    pick_up: asyncio.Future[bool] | None = None
    callee: Callee | None = field(default=None, repr=False)

    @property
    def state(self) -> str:
        """idle, ringing or talking."""
        return "talking" if self.callee is not None else "ringing" if self.ringing else "idle"

    @property
    def answers_after_s(self) -> float | None:
        """How long it rings before the person picks up; None when nobody does."""
        if self.behaviour is Behaviour.NO_ANSWER or self.person is None:
            return None
        return self.person.ring_ms / 1000


class Phones:
    """All phones.

    Args:
        people: number → person.
    """

    def __init__(self, people: Mapping[str, PersonSpec]) -> None:
        self._phones = {number: Phone(number, person.name, person, Behaviour(person.behaviour)) for number, person in people.items()}

    def find(self, number: str) -> Phone | None:
        """The phone with this number."""
        return self._phones.get(number)

    def all(self) -> list[Phone]:
        """Every phone."""
        return list(self._phones.values())

    def set_behaviour(self, number: str, behaviour: str) -> Phone:
        """Changes what a phone does when it rings; "human" also makes a phone for a number that nobody has."""
        try:
            wanted = Behaviour(behaviour)
        except ValueError:
            raise bad_request(20001, f"behaviour must be one of {', '.join(Behaviour)}") from None
        phone = self._phones.get(number)
        if phone is None:
            phone = self._phones[number] = Phone(number, number)
        phone.behaviour = wanted
        return phone

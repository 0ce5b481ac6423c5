"""Puts somebody on the phone when a call is answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.twilio.callee import Callee
from sandbox.twilio.calls import Call
from sandbox.twilio.conference import Rooms
from sandbox.twilio.phones import Phone, Phones


@dataclass(frozen=True, slots=True)
class Switchboard:
    """Who can be called, and how they come to the phone.

    Attributes:
        phones: number → phone.
        answer: makes the person on an answered phone.
        rooms: conferences.
        expect_floyd: from now on the application may be heard by itself; what it returns takes that back.
    """

    phones: Phones
    answer: Callable[[Phone, Call], Callee]
    expect_floyd: Callable[[], Callable[[], None]] = lambda: lambda: None
    rooms: Rooms = field(default_factory=Rooms)

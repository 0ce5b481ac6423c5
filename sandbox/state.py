"""What all parts of the sandbox share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sandbox.expected import Expected, OnThePhone
from sandbox.faults import Faults
from sandbox.mail.store import PostBox
from sandbox.outage import Outage
from sandbox.settings import Settings

if TYPE_CHECKING:
    from sandbox.people import PersonSpec


class SandboxState:
    """Shared by the stand-ins of one sandbox.

    Args:
        settings: what it was started with.
        people: number → person who can be called.

    Attributes:
        faults: what goes wrong on purpose; each stand-in takes the faults of its own places, by name.
        outage: the application's database, away for a while.
        mail: everybody's mailboxes.
        expected: who may say what, told before it is spoken: ears only understand what they expect.
        on_the_phone: what those who are being called may say.
    """

    def __init__(self, settings: Settings, people: Mapping[str, PersonSpec]) -> None:
        self.settings = settings
        self.people = people
        self.faults = Faults(settings.nasty)
        self.expected = Expected()
        self.outage = Outage(settings.database_pid)
        self.mail = PostBox(settings.mail_domain)
        self.on_the_phone = OnThePhone((sentence for person in people.values() for sentence in person.sentences), self.expected.callee)

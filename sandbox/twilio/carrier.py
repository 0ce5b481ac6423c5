"""What every part of the carrier works with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.settings import Settings
from sandbox.tasks import Tasks
from sandbox.twilio.callbacks import Callback, Callbacks
from sandbox.twilio.relay_ear import Ear
from sandbox.twilio.webhooks import HostMap, Params, Webhooks


@dataclass(frozen=True, slots=True)
class RelayServices:
    """How ConversationRelay sessions hear and speak.

    Attributes:
        ear: hints → an ear for one caller.
        read: text, language → μ-law at 8 kHz, in pieces.
    """

    ear: Callable[[tuple[str, ...]], Ear]
    read: Callable[[str, str], AsyncIterator[bytes]]


@dataclass(frozen=True, slots=True)
class Carrier:
    """The carrier's means: time, the way to the application, a voice, and its bad days.

    Attributes:
        speak: text, language → μ-law audio at 8 kHz.
        relays: what ConversationRelay sessions hear and speak with.
    """

    settings: Settings
    clock: Clock
    faults: Faults
    tasks: Tasks
    hosts: HostMap
    webhooks: Webhooks
    callbacks: Callbacks
    speak: Callable[[str, str], Awaitable[bytes]]
    relays: RelayServices

    @classmethod
    def build(cls, settings: Settings, faults: Faults, speak: Callable[[str, str], Awaitable[bytes]], relays: RelayServices) -> Carrier:
        """All of it from the settings."""
        clock, tasks = Clock(settings.speed), Tasks()
        hosts = HostMap(settings.host_map)
        webhooks = Webhooks(settings.auth_token, hosts)
        return cls(settings, clock, faults, tasks, hosts, webhooks, Callbacks(webhooks, faults, clock, tasks), speak, relays)

    def call_back(self, url: str, params: Params, *, method: str, queue: str, occasion: tuple[object, ...]) -> None:
        """Sends a status callback, if there is an address for it."""
        if url:
            self.callbacks.send(Callback(url, params, queue, "webhooks.status", occasion, method))

    async def close(self) -> None:
        """Ends everything under way."""
        await self.tasks.close()
        await self.webhooks.close()

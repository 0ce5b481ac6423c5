"""Callbacks that nobody waits for: status of calls, streams and texts. Polite ones arrive in order; nasty ones as they like."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field

from sandbox.clock import Clock
from sandbox.faults import POLITE, Faults, Manners, manners
from sandbox.tasks import Tasks
from sandbox.twilio.webhooks import Params, WebhookError, Webhooks

log = logging.getLogger("sandbox.callbacks")


@dataclass(frozen=True, slots=True)
class Callback:
    """One callback to send.

    Attributes:
        queue: callbacks with the same name (a call, a text) are sent in order by a polite carrier.
        kind: the fault place it belongs to: webhooks.status or webhooks.message.
        occasion: tells it from others of its queue, so that nasty manners are the same in every run.
    """

    url: str
    params: Params
    queue: str
    kind: str
    occasion: tuple[object, ...]
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one copy, for the control API."""

    url: str
    kind: str
    params: Params = field(repr=False)
    status: int = 0


class Callbacks:
    """Delivers callbacks with the manners that are switched on.

    Args:
        webhooks: sends them.
        faults: nasty seed and single faults.
        clock: delays.
        tasks: owns the deliveries.
    """

    def __init__(self, webhooks: Webhooks, faults: Faults, clock: Clock, tasks: Tasks) -> None:
        self._webhooks = webhooks
        self._faults = faults
        self._clock = clock
        self._tasks = tasks
        self._last: dict[str, asyncio.Task[None]] = {}
        self.deliveries: list[Delivery] = []

    def send(self, callback: Callback) -> None:
        """Sends it in its own time; returns at once."""
        how = manners(self._faults.nasty, *callback.occasion)
        forged = False
        if (fault := self._faults.take(callback.kind)) is not None:
            forged = fault.mode == "bad_signature"
            how = {"lost": Manners(copies=0), "doubled": Manners(copies=2)}.get(fault.mode, how)
        if how.copies == 0:
            self.deliveries.append(Delivery(callback.url, callback.kind, callback.params))
            return
        before = self._last.get(callback.queue) if not how.overtaken else None
        task = self._tasks.start(self._deliver(callback, how, before, forged=forged), f"callback {callback.kind}")
        if not how.overtaken:
            self._last[callback.queue] = task
            task.add_done_callback(lambda done: self._forget(callback.queue, done))

    def _forget(self, queue: str, done: asyncio.Task[None]) -> None:
        if self._last.get(queue) is done:
            del self._last[queue]

    async def _deliver(self, callback: Callback, how: Manners, before: asyncio.Task[None] | None, *, forged: bool) -> None:
        if before is not None:
            await asyncio.wait([before])
        if how is not POLITE:
            await self._clock.sleep(how.delay_ms / 1000)
        for _ in range(how.copies):
            status = 0
            try:
                status = (await self._webhooks.request(callback.method, callback.url, callback.params, forged=forged)).status
            except WebhookError as error:
                log.warning("%s was not delivered: %s", callback.kind, error.message)
            self.deliveries.append(Delivery(callback.url, callback.kind, callback.params, status))
            del self.deliveries[:-2000]

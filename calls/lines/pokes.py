"""Hints from other processes, by the channel layer: about one call (something was answered, it is to stop), or about calls that are coming."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from live.receiver import Receiver

log = logging.getLogger(__name__)

#: The broker forgets its groups when it restarts, and tells nobody: joining again is the only way to be reachable.
REJOIN_EVERY_S = 5.0
RETRY_AFTER_S = 1.0


async def listen(layer: Any, group: str, take: Callable[[dict[str, Any]], None]) -> None:
    """Passes every hint of a group on, until cancelled. A broker that is away costs hints only: what they say is looked up as well."""
    channel = await layer.new_channel()
    receiver = Receiver(layer, channel)
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_stay_joined(layer, group, channel))
            tasks.create_task(_receive(receiver, take))
    finally:
        await receiver.close()
        await _quietly("left", layer.group_discard(group, channel))


async def _stay_joined(layer: Any, group: str, channel: str) -> None:
    while True:
        await _quietly("joined", layer.group_add(group, channel))
        await asyncio.sleep(REJOIN_EVERY_S)


async def _receive(receiver: Receiver, take: Callable[[dict[str, Any]], None]) -> None:
    while True:
        try:
            message = await receiver.next()
        except Exception as error:  # noqa: BLE001  whatever the broker's trouble is, the call goes on
            log.warning("hints are not heard: %s", type(error).__name__)
            await asyncio.sleep(RETRY_AFTER_S)
        else:
            if message is not None:
                take(message)


async def _quietly(what: str, action: Any) -> None:
    try:
        async with asyncio.timeout(RETRY_AFTER_S):
            await action
    except Exception as error:  # noqa: BLE001  as above
        log.warning("group not %s: %s", what, type(error).__name__)
    _end_if_cancelled()


def _end_if_cancelled() -> None:
    """The broker's client may swallow a cancellation that meets it while it connects."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError

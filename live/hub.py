"""One hub per web process: hears that topics changed, reads the new rows once, draws each fragment once, hands it to all.

The hub has a single channel of its own on the layer, whatever the number of watchers. A broadcast only wakes it up:
which rows are new is read from the database, so lost, doubled and reordered broadcasts end alike. A beat every ten
seconds reads the heads and joins the groups again, which mends what a restart of the layer lost. What nobody watches is not broadcast
(see `rows.watch`).
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from channels.layers import get_channel_layer

from live import rows
from live.admission import Admission
from live.fragments import Fragment
from live.publish import group_name

log = logging.getLogger(__name__)

BEAT_S = 10.0
#: A topic that is being changed is asked for again after so long.
WATCH_RETRY_S = 0.1
#: How long to wait before listening again when the layer is away.
LAYER_RETRY_S = 0.5
STOP_RETRY_S = 0.5


class Watcher(Protocol):
    """Somebody who wants to see changes."""

    def deliver(self, heads: Mapping[str, int], drawn: Mapping[Fragment, str]) -> None:
        """Takes fragments and the sequence numbers reached with them. Must not block."""


class Hub:
    """The watchers of one process, by topic. Use `current()`, which keeps one per event loop.

    Attributes:
        admission: asks whether pages may watch, and may still.
    """

    def __init__(self) -> None:
        self._watchers: dict[str, set[Watcher]] = defaultdict(set)
        self._heads: dict[str, int] = {}
        self._changed: set[str] = set()
        self._wake = asyncio.Event()
        self._calm = asyncio.Event()
        self._calm.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._channel = ""
        self._starting = asyncio.Lock()
        self._grouping = asyncio.Lock()
        self._stopping = False
        # A thread of its own, with one database connection: drawing waits behind nobody's slow page.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="live")
        self.admission = Admission()

    async def in_thread(self, call: Any, *arguments: Any) -> Any:
        """Runs a function that makes queries in the hub's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, rows.with_fresh_connection, call, *arguments)

    async def join(self, watcher: Watcher, since: Mapping[str, int]) -> bool:
        """Watches topics from the sequence numbers that the page has; what it missed is delivered at once.

        Returns:
            False when the missed changes are no longer known: the page has to be loaded again.
        """
        await self._start()
        for topic in since:
            self._watchers[topic].add(watcher)
        # Groups first, rows last: what is published in between is seen by both, and drawing twice does no harm.
        await self._match_groups(list(since))
        watched = await self.in_thread(rows.watch, list(since))
        if late := [topic for topic in since if topic not in watched]:
            self._own(self._watch_later(late), "live_watch_later")
        missed = await self.in_thread(rows.missed, dict(since))
        if missed is None:
            return False
        for topic, head in missed.heads.items():
            self._heads.setdefault(topic, head)
        if missed.drawn:
            watcher.deliver(missed.heads, missed.drawn)
        if self._changed:
            self._wake.set()  # a broadcast came before the head of its topic was known
        return True

    async def leave(self, watcher: Watcher) -> None:
        """Forgets a watcher."""
        empty = [topic for topic, watchers in self._watchers.items() if watcher in watchers and len(watchers) == 1]
        for watchers in self._watchers.values():
            watchers.discard(watcher)
        for topic in empty:
            del self._watchers[topic]
            self._heads.pop(topic, None)
        self._changed.difference_update(empty)
        if not self._watchers:
            # Nobody looks: give the database connection back.
            await asyncio.get_running_loop().run_in_executor(self._thread, rows.close_connection)
        await self._match_groups(empty)

    async def stop(self) -> None:
        """Ends the hub's tasks and its thread, when the process ends. It cannot be used again."""
        self._stopping = True
        pending, self._tasks = set(self._tasks), set()
        while pending:
            # More than once: the layer's client sometimes swallows a cancellation while it mends its connection.
            for task in pending:
                task.cancel()
            _, pending = await asyncio.wait(pending, timeout=STOP_RETRY_S)
        await asyncio.get_running_loop().run_in_executor(self._thread, rows.close_connection)
        self._thread.shutdown(wait=False)
        await self.admission.stop()

    def changed(self, topic: str, seq: int) -> None:
        """Takes the news that a topic has reached `seq`."""
        if topic in self._watchers and seq > self._heads.get(topic, 0):
            self._changed.add(topic)
            self._calm.clear()
            self._wake.set()

    def told(self, heads: Mapping[str, int]) -> None:
        """Takes the news of one change: all its topics before anything is read, so that it is drawn once."""
        for topic, seq in heads.items():
            self.changed(topic, seq)

    async def handed_out(self) -> None:
        """Waits until all that was told so far is with those who watch, and on its way."""
        await self._calm.wait()
        await asyncio.sleep(0)  # the sockets were woken before: they have written it now

    def heads(self, topics: Sequence[str]) -> dict[str, int]:
        """The last sequence numbers read."""
        return {topic: self._heads[topic] for topic in topics if topic in self._heads}

    async def _start(self) -> None:
        async with self._starting:
            if not self._tasks:
                self._channel = await get_channel_layer().new_channel("live")
                for run in (self._hear, self._draw, self._beat):
                    self._own(run(), f"live{run.__name__}")
                self._own(self.admission.go_round(), "live_admission")

    def _own(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _hear(self) -> None:
        """Turns broadcasts into wake-ups."""
        layer = get_channel_layer()
        away = False
        # The layer may answer a cancellation with an error of its own, so the cancellation alone does not end the loop.
        while not self._stopping:
            try:
                if away:
                    # A layer that was restarted has forgotten who is in which group, and its messages.
                    await self._catch_up()
                    away = False
                message = await layer.receive(self._channel)
            except Exception as error:  # noqa: BLE001  the layer may be away: the beat goes on without it
                log.warning("the channel layer is away: %s", type(error).__name__)
                away = True
                await asyncio.sleep(LAYER_RETRY_S)
            else:
                self.told(message.get("heads", {}))

    async def _draw(self) -> None:
        """Reads what is new, draws it, hands it out. Changes that come meanwhile are taken together in the next round."""
        while True:
            if not self._wake.is_set():
                self._calm.set()
            await self._wake.wait()
            self._wake.clear()
            since = {topic: self._heads[topic] for topic in self._changed if topic in self._heads}
            self._changed.difference_update(since)
            if not since:
                continue
            try:
                fresh = await self.in_thread(rows.fresh, since)
            except Exception:
                log.exception("reading changes failed")
                await asyncio.sleep(LAYER_RETRY_S)
                self._changed.update(since)
                self._wake.set()
                continue
            self._hand_out(fresh)

    def _hand_out(self, fresh: rows.Changes) -> None:
        shares: dict[Watcher, dict[str, int]] = defaultdict(dict)
        for topic, head in fresh.heads.items():
            if topic not in self._watchers:
                continue  # all have left while it was drawn
            self._heads[topic] = max(head, self._heads.get(topic, 0))
            for watcher in self._watchers[topic]:
                shares[watcher][topic] = head
        for watcher, heads in shares.items():
            wanted = {fragment for topic in heads for fragment in fresh.fragments.get(topic, ())}
            watcher.deliver(heads, {fragment: html for fragment, html in fresh.drawn.items() if fragment in wanted})

    async def _beat(self) -> None:
        """Finds what no broadcast told."""
        while True:
            await asyncio.sleep(BEAT_S)
            try:
                await self._catch_up()
            except Exception:
                log.exception("the live beat failed")

    async def _catch_up(self) -> None:
        """Joins the groups again, says that their topics are still watched, and compares the heads."""
        topics = list(self._watchers)
        if not topics:
            return
        await self._match_groups(topics)
        await self.in_thread(rows.watch, topics)
        heads: dict[str, int] = await self.in_thread(rows.heads, topics)
        self.told(heads)

    async def _watch_later(self, topics: list[str]) -> None:
        """Watches topics as soon as those who are changing them are done, and looks what they did."""
        try:
            while topics := [topic for topic in topics if topic in self._watchers]:
                await asyncio.sleep(WATCH_RETRY_S)
                watched: set[str] = await self.in_thread(rows.watch, topics)
                self.told(await self.in_thread(rows.heads, sorted(watched)))
                topics = [topic for topic in topics if topic not in watched]
        except Exception:
            log.exception("topics are left to the beat")

    async def _match_groups(self, topics: list[str]) -> None:
        """Is in the groups of those topics that are watched, and in no other.

        What counts is who watches when it is a topic's turn: a page that leaves and one that opens meanwhile end up right, whoever is quicker.
        """
        layer = get_channel_layer()
        try:
            for topic in topics:
                async with self._grouping:
                    change = layer.group_add if topic in self._watchers else layer.group_discard
                    await change(group_name(topic), self._channel)
        except Exception as error:  # noqa: BLE001  as above; memberships are put right by the beat, and expire by themselves
            log.warning("could not match groups: %s", type(error).__name__)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def current() -> Hub:
    """This process's hub."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]


async def stop() -> None:
    """Stops this process's hub, if there is one."""
    running = _hubs.pop(asyncio.get_running_loop(), None)
    if running:
        await running.stop()

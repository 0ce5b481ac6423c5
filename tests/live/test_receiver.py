"""Waiting for the layer's messages can be given up, even when its client swallows cancellations."""

import asyncio
from contextlib import suppress

import pytest

from calls.lines import pokes
from live.receiver import Receiver

SOON_S = 0.01


class StubbornLayer:
    """A layer whose `receive` goes on waiting when it is cancelled, so many times."""

    def __init__(self, swallows: int = 0) -> None:
        self.messages: asyncio.Queue[dict[str, object]] = asyncio.Queue()
        self.swallows = swallows
        self.receiving = 0

    async def receive(self, channel: str) -> dict[str, object]:
        self.receiving += 1
        try:
            while True:
                try:
                    message = await self.messages.get()
                except asyncio.CancelledError:
                    if not self.swallows:
                        raise
                    self.swallows -= 1
                    continue
                if "error" in message:
                    raise ConnectionError
                return message
        finally:
            self.receiving -= 1

    async def new_channel(self) -> str:
        return "one!two"

    async def group_add(self, group: str, channel: str) -> None:
        pass

    async def group_discard(self, group: str, channel: str) -> None:
        pass


async def test_a_message_that_comes_late_is_the_next_ones():
    layer = StubbornLayer()
    receiver = Receiver(layer, "one!two")
    assert await receiver.next(SOON_S) is None
    await layer.messages.put({"n": 1})
    await layer.messages.put({"n": 2})
    assert [await receiver.next(1), await receiver.next()] == [{"n": 1}, {"n": 2}]
    assert await receiver.next(SOON_S) is None
    await receiver.close()
    assert layer.receiving == 0


async def test_a_swallowed_cancellation_holds_nobody_up(monkeypatch):
    monkeypatch.setattr("live.receiver.CANCEL_AGAIN_S", SOON_S)
    layer = StubbornLayer(swallows=3)
    receiver = Receiver(layer, "one!two")
    for _ in range(3):  # each would have cancelled a `receive` under a time limit of its own
        assert await receiver.next(SOON_S) is None
    waiting = asyncio.create_task(receiver.next())
    await asyncio.sleep(0)
    waiting.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.wait_for(waiting, 1)
    assert waiting.cancelled()
    assert layer.swallows == 3
    await receiver.close()


async def test_closing_says_it_until_it_is_heard(monkeypatch):
    monkeypatch.setattr("live.receiver.CANCEL_AGAIN_S", SOON_S)
    layer = StubbornLayer(swallows=3)
    receiver = Receiver(layer, "one!two")
    await receiver.next(SOON_S)
    await asyncio.wait_for(receiver.close(), 5)
    assert (layer.receiving, layer.swallows) == (0, 0)
    await receiver.close()  # twice does no harm


async def test_the_layers_trouble_is_told_once():
    layer = StubbornLayer()
    receiver = Receiver(layer, "one!two")
    await layer.messages.put({"error": True})
    with pytest.raises(ConnectionError):
        await receiver.next()
    await layer.messages.put({"n": 1})
    assert await receiver.next() == {"n": 1}
    assert await receiver.next(SOON_S) is None
    await layer.messages.put({"error": True})
    await asyncio.sleep(SOON_S)
    await receiver.close()  # an error that nobody waits for is no error


async def test_a_call_ends_although_the_layer_does_not_want_to(monkeypatch):
    monkeypatch.setattr("live.receiver.CANCEL_AGAIN_S", SOON_S)
    layer = StubbornLayer(swallows=2)
    heard: asyncio.Queue[dict[str, object]] = asyncio.Queue()
    listening = asyncio.create_task(pokes.listen(layer, "call.1", heard.put_nowait))
    await layer.messages.put({"what": "answered"})
    async with asyncio.timeout(60):
        assert await heard.get() == {"what": "answered"}
        await asyncio.sleep(SOON_S)
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
    assert listening.cancelled()
    assert layer.receiving == 0

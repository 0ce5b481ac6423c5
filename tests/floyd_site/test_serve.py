"""A stopping media process lets its calls end; a second signal does not wait."""

import asyncio
import signal

import pytest

from floyd_site.health import readiness
from floyd_site.serve import DrainingServer, make_config


async def application(scope, receive, send):
    while (await receive())["type"] != "lifespan.shutdown":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})


@pytest.fixture
def calls():
    return {"on": 1, "ringing": 0}


@pytest.fixture
async def server(calls, monkeypatch):
    monkeypatch.setattr(readiness, "draining", False)
    monkeypatch.setattr(DrainingServer, "capture_signals", lambda self: __import__("contextlib").nullcontext())

    async def ringing():
        return calls["ringing"]

    config = make_config(application, host="127.0.0.1", port=0, media=True)
    server = DrainingServer(config, drain_limit_s=20, busy=lambda: calls["on"], ringing=ringing)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    yield server, serving
    server.should_exit = True
    await serving


async def test_it_waits_for_its_calls_and_then_ends(server, calls):
    running, serving = server
    running.handle_exit(signal.SIGTERM, None)
    await asyncio.sleep(0.3)
    assert readiness.draining
    assert not serving.done()
    calls["on"] = 0
    await asyncio.wait_for(serving, 5)


async def test_a_call_that_rings_for_it_is_waited_for_and_taken(server, calls):
    running, serving = server
    calls["ringing"] = 1
    running.handle_exit(signal.SIGTERM, None)
    calls["on"] = 0
    await asyncio.sleep(0.3)
    assert not serving.done()
    calls.update(on=1, ringing=0)
    await asyncio.sleep(0.3)
    assert not serving.done()
    calls["on"] = 0
    await asyncio.wait_for(serving, 5)


async def test_without_calls_it_ends_at_once(server, calls):
    running, serving = server
    calls["on"] = 0
    running.handle_exit(signal.SIGTERM, None)
    await asyncio.wait_for(serving, 5)


async def test_a_second_signal_does_not_wait(server):
    running, serving = server
    running.handle_exit(signal.SIGTERM, None)
    running.handle_exit(signal.SIGTERM, None)
    await asyncio.wait_for(serving, 5)


async def test_a_call_that_never_ends_is_cut_at_the_limit(server):
    running, serving = server
    running._drain_limit_s = 0.2
    running.handle_exit(signal.SIGTERM, None)
    await asyncio.wait_for(serving, 5)

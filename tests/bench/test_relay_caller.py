"""The caller of the relay line against the least server there is, with a model whose times are known."""

import asyncio

import aiohttp
import pytest
from aiohttp import web

from bench.caller import Target
from bench.relay import Bound as BoundProcess
from bench.relay import RelayRow, load, table
from bench.relay_bound import Bound
from bench.relay_caller import RelayCaller
from bench.standins.lateness import Lateness
from bench.standins.thinking import Thinking, ThinkingTimes

CALL = "CA" + "1" * 32


async def served(application):
    runner = web.AppRunner(application, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, runner.addresses[0][1]


@pytest.fixture
async def address():
    model = web.Application()
    model.add_routes(Thinking(ThinkingTimes(first_token_s=0.1), Lateness()).routes())
    model_runner, model_port = await served(model)
    bound, application = Bound(f"http://127.0.0.1:{model_port}/v1"), web.Application()
    application.on_startup.append(bound.open)
    application.on_cleanup.append(bound.close)
    application.add_routes([web.get("/relay", bound.relay)])
    runner, port = await served(application)
    yield f"ws://127.0.0.1:{port}/relay"
    await runner.cleanup()
    await model_runner.cleanup()


async def test_turns_are_timed_and_some_are_interrupted(address):
    caller = RelayCaller(Target(address, CALL))
    async with aiohttp.ClientSession() as session:
        talking = asyncio.create_task(caller.run(session, asyncio.get_running_loop().time() + 3600))
        async with asyncio.timeout(60):
            while not (len(caller.turns) >= 4 and caller.turns[2].stopped_ms is not None):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        talking.cancel()
        await asyncio.gather(talking, return_exceptions=True)
    assert caller.trouble == []
    assert max(turn.first_ms for turn in caller.turns) >= 100
    assert all(turn.words == 1 for turn in caller.turns)
    assert [turn.stopped_ms is None for turn in caller.turns[:3]] == [True, True, False]


async def test_who_is_not_answered_says_so():
    caller = RelayCaller(Target("ws://127.0.0.1:9/relay", CALL))
    async with aiohttp.ClientSession() as session:
        await caller.run(session, asyncio.get_running_loop().time() + 1)
    assert caller.trouble == ["ClientConnectorError"]
    assert caller.talking.is_set()


async def test_what_is_added_is_what_the_model_does_not_take():
    class Nobody:
        name, pids = "nobody", {}
        provider_ms = BoundProcess.provider_ms

    result = await load([Target("ws://127.0.0.1:9/relay", CALL)], Nobody(), 0.1)
    assert result["trouble"] == {"ClientConnectorError": 1}
    assert Nobody().provider_ms(3) == 350
    assert "| nobody | 1 | 0 |" in table([RelayRow("nobody", 1, result)])

"""The caller of the relay line against the least server there is, with a model whose times are known."""

import asyncio

import aiohttp
import pytest
from aiohttp import web

from bench.caller import Target
from bench.relay import Bound as BoundProcess
from bench.relay import RelayRow, added_ms, load, table
from bench.relay_bound import Bound
from bench.relay_caller import RelayCaller, RelayTurn
from bench.standins.lateness import Lateness
from bench.standins.thinking import Thinking, ThinkingTimes, Thought

CALL = "CA" + "1" * 32


async def served(application):
    runner = web.AppRunner(application, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, runner.addresses[0][1]


@pytest.fixture
async def model():
    application = web.Application()
    application.add_routes(Thinking(ThinkingTimes(first_token_s=0.1), Lateness()).routes())
    runner, port = await served(application)
    yield f"http://127.0.0.1:{port}"
    await runner.cleanup()


@pytest.fixture
async def address(model):
    bound, application = Bound(f"{model}/v1"), web.Application()
    application.on_startup.append(bound.open)
    application.on_cleanup.append(bound.close)
    application.add_routes([web.get("/relay", bound.relay)])
    runner, port = await served(application)
    yield f"ws://127.0.0.1:{port}/relay"
    await runner.cleanup()


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


async def test_a_server_that_does_not_answer_is_a_row_of_trouble(model):
    class Nobody:
        name, pids, key, needed = "nobody", {}, BoundProcess.key, BoundProcess.needed

    result = await load([Target("ws://127.0.0.1:9/relay", CALL)], Nobody(), model, 0.1)
    assert result["trouble"] == {"ClientConnectorError": 1}
    assert "| nobody | 1 | 0 |" in table([RelayRow("nobody", 1, result)])


async def test_what_is_added_is_counted_for_every_turn(address, model):
    class Served:
        name, pids, key, needed = "bound", {}, BoundProcess.key, BoundProcess.needed

    result = await load([Target(address, CALL)], Served(), model, 1.5)
    assert result["trouble"] == {}
    assert result["added_ms"]["n"] == result["first_ms"]["n"] >= 1
    assert 0 <= result["added_ms"]["p50"] < result["first_ms"]["p50"] - 99


def test_what_is_added_is_what_the_model_does_not_take():
    turn = RelayTurn(said=10.0, came=10.5, words=2)
    earlier, given_up = Thought("", 9.0, [9.1, 9.2]), Thought("", 10.01, [])
    thought = Thought("", 10.02, [10.4, 10.42, 10.44, 10.46])
    assert added_ms(turn, [thought, earlier], 2) == pytest.approx(80)
    assert added_ms(turn, [earlier, thought], 9) == pytest.approx(60)  # its end made the words ready
    assert added_ms(turn, [earlier, given_up], 0) is None
    assert added_ms(turn, [Thought("", 10.1, [10.6])], 0) is None  # written later than the words came

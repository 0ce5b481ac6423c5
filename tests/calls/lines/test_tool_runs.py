"""What a line tells of tools that take too long: never that one failed which wrote after all."""

import asyncio
import threading
import uuid

import pytest

from calls.conversation.effects import NoteRefusedTool, RunTool
from calls.conversation.events import ToolFinished
from calls.lines import tool_runs
from calls.lines.tool_runs import ToolRuns

DONE = ToolFinished("t1", {"placed": True})


class SlowUseCases:
    """One tool, whose transaction is committed when it is let go, unless it was given up first."""

    def __init__(self):
        self.go, self.settled, self.lock, self.asked = threading.Event(), "", threading.Lock(), threading.Event()
        self.trouble, self.done = None, threading.Event()

    def settle(self, how):
        with self.lock:
            self.settled = self.settled or how
            return self.settled == how

    def run_tool(self, wish):
        self.go.wait(20)
        if self.trouble is not None:
            raise self.trouble
        settled = self.settle("done")
        self.done.set()
        return DONE if settled else ToolFinished(wish.run_id, {}, ok=False)

    def give_up(self, wish, result):
        self.asked.set()
        if self.trouble is not None:
            raise self.trouble
        return self.settle("given up")


@pytest.fixture
def slow(monkeypatch):
    made = SlowUseCases()
    monkeypatch.setattr(tool_runs, "_use_cases", made)
    monkeypatch.setattr(tool_runs, "GRACE_S", 0.0)
    monkeypatch.setattr(tool_runs, "GIVE_UP_S", 120.0)  # however slow the machine
    yield made
    made.go.set()


async def told(seconds: float = 0.05) -> ToolFinished:
    """What the line tells of one tool; unless said otherwise, one with next to no time."""
    results = []
    async with asyncio.TaskGroup() as tasks:
        ToolRuns(uuid.uuid4(), results.append).start(RunTool("t1", "place_order", "{}", 0, seconds), tasks)
    (result,) = results
    return result


async def test_a_tool_that_hangs_is_told_to_have_failed_and_writes_nothing_later(slow):
    result = await told()
    assert (result.ok, result.data["reason"]) == (False, "timed_out")
    slow.go.set()
    assert not slow.settle("done")


async def test_a_tool_that_was_done_just_before_it_was_given_up_is_told_as_done(slow, monkeypatch):
    give_up = slow.give_up

    def late(wish, result):
        slow.go.set()
        assert slow.done.wait(60)
        return give_up(wish, result)

    monkeypatch.setattr(slow, "give_up", late)
    assert await told() == DONE


async def test_where_nobody_can_find_out_the_caller_is_told_just_that(slow):
    slow.trouble = RuntimeError("the database is away")
    result = await told()
    assert (result.ok, result.data["reason"]) == (False, "unknown")
    assert "person" in result.data["do"]


async def test_a_tool_that_ends_in_a_defect_is_given_up_before_it_is_told_to_have_failed(slow, monkeypatch):
    def breaks(_wish):
        raise ZeroDivisionError

    monkeypatch.setattr(slow, "run_tool", breaks)
    result = await told(seconds=120)
    assert (result.ok, result.data["reason"], slow.settled) == (False, "failed", "given up")


async def test_tools_that_hang_in_every_thread_do_not_keep_another_from_being_given_up(slow):
    results = []
    async with asyncio.TaskGroup() as tasks:
        runs = ToolRuns(uuid.uuid4(), results.append)
        for number in range(tool_runs.THREADS + 2):
            runs.start(RunTool(f"t{number}", "place_order", "{}", 0, 0.05), tasks)
    assert {(result.ok, result.data["reason"]) for result in results} == {(False, "timed_out")}


async def test_a_wish_that_was_refused_is_kept_and_costs_the_call_nothing_when_it_cannot_be(slow, monkeypatch):
    kept, results = [], []
    monkeypatch.setattr(slow, "give_up", lambda wish, result: kept.append((wish.name, wish.arguments, wish.line, result)))
    refused = NoteRefusedTool("t1", "fly", '{"to": "the moon"}', 4, {"reason": "unknown_tool"})
    for _ in range(2):
        async with asyncio.TaskGroup() as tasks:
            ToolRuns(uuid.uuid4(), results.append).note(refused, tasks)
        monkeypatch.setattr(slow, "give_up", lambda wish, result: 1 / 0)
    assert kept == [("fly", '{"to": "the moon"}', 4, {"reason": "unknown_tool"})]
    assert results == []

"""Rows on their way: in order, never lost silently, never in the way."""

import asyncio

import psycopg
import pytest

from calls.lines import writer
from calls.lines.writer import Writer


class Log:
    def __init__(self):
        self.done = []

    def job(self, name, *errors):
        failures = list(errors)

        async def work():
            await asyncio.sleep(0)
            if failures:
                raise failures.pop(0)
            self.done.append(name)

        return work


@pytest.fixture
def log(monkeypatch):
    monkeypatch.setattr(writer, "RETRY_AFTER_S", (0.0, 0.0))
    return Log()


async def run(work):
    async with asyncio.timeout(60):
        await work.run()


async def test_rows_are_written_in_order_and_to_the_end(log):
    work = Writer()
    for number in range(20):
        work.put(log.job(number))
    work.finish()
    await run(work)
    assert log.done == list(range(20))


async def test_only_the_last_of_several_versions_of_a_line_is_written(log):
    work = Writer()
    for number in range(5):
        work.put_interim(1, log.job(f"one {number}"))
        work.put_interim(2, log.job(f"two {number}"))
    work.finish()
    await run(work)
    assert log.done == ["one 4", "two 4"]


async def test_a_whole_line_is_never_overwritten_by_an_older_version(log):
    work = Writer()
    work.put_interim(1, log.job("interim"))
    work.drop_interim(1)
    work.put(log.job("whole"))
    work.finish()
    await run(work)
    assert log.done == ["whole"]


async def test_a_database_that_comes_back_gets_every_row_in_order(log):
    work = Writer()
    work.put(log.job("first", psycopg.OperationalError(), psycopg.InterfaceError()))
    work.put(log.job("second"))
    work.finish()
    await run(work)
    assert log.done == ["first", "second"]
    assert work.lost == 0


async def test_a_row_that_is_refused_does_not_block_the_others(log):
    work = Writer()
    work.put(log.job("bad", psycopg.DataError()))
    work.put(log.job("good"))
    work.finish()
    await run(work)
    assert log.done == ["good"]
    assert work.lost == 1


async def test_a_full_queue_loses_the_newest_and_counts_it(log, monkeypatch):
    monkeypatch.setattr(writer, "MOST_WAITING", 3)
    work = Writer()
    for number in range(5):
        work.put(log.job(number))
    work.finish()
    await run(work)
    assert log.done == [0, 1, 2]
    assert work.lost == 2


async def test_interims_of_a_long_utterance_are_paced(log, monkeypatch):
    monkeypatch.setattr(writer, "INTERIM_EVERY_S", 0.1)
    work = Writer()
    task = asyncio.ensure_future(run(work))
    for number in range(20):
        work.put_interim(1, log.job(number))
        await asyncio.sleep(0.01)
    work.finish()
    await task
    assert 2 <= len(log.done) <= 5
    assert log.done[0] == 0
    assert log.done[-1] == 19

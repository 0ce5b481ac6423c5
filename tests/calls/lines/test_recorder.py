"""Both sides are kept in pieces that fit the call's clock; what the database cannot take is lost and counted, and nothing waits for it."""

import asyncio

import psycopg
import pytest

from calls.lines import recorder as module
from calls.lines.recorder import CHUNK_BYTES, MOST_WAITING, OUT_OF_STEP_MS, Recorder

THEIRS, OURS = b"\x10" * 160, b"\x20" * 160


class Store:
    """Keeps what it is given, after the errors that it was told to raise."""

    def __init__(self):
        self.chunks, self.errors, self.dropped = [], [], 0
        self.may = asyncio.Event()
        self.may.set()

    async def sound(self, chunk):
        await self.may.wait()
        if self.errors:
            raise self.errors.pop(0)
        self.chunks.append(chunk)

    async def drop_recording(self):
        if self.errors:
            raise self.errors.pop(0)
        self.dropped += 1
        self.chunks.clear()


@pytest.fixture
def store(monkeypatch):
    monkeypatch.setattr(module, "RETRY_AFTER_S", 0.0)
    return Store()


class Line:
    """A recorder that is fed frames on a clock of its own."""

    def __init__(self, store, *, after_line=0):
        self.recorder, self.now = Recorder(store, after_line=after_line), 1_000

    def frames(self, ms, theirs=THEIRS, ours=OURS):
        for _ in range(ms // 20):
            self.now += 20
            self.recorder.frame(theirs, ours, self.now)

    async def written(self):
        self.recorder.finish()
        async with asyncio.timeout(30):
            await self.recorder.run()


def places(store):
    return [(chunk.start_ms, len(chunk.theirs) // 8, chunk.lost_ms) for chunk in store.chunks]


async def test_nothing_is_kept_before_it_is_to_be(store):
    line = Line(store)
    line.frames(5_000)
    await line.written()
    assert store.chunks == []


async def test_pieces_follow_each_other_on_the_calls_clock(store):
    line = Line(store, after_line=7)
    line.recorder.keep(on=True)
    line.frames(25_000)
    await line.written()
    assert places(store) == [(1_000, 10_000, 0), (11_000, 10_000, 0), (21_000, 5_000, 0)]
    assert all((set(chunk.theirs), set(chunk.ours), chunk.after_line) == ({0x10}, {0x20}, 7) for chunk in store.chunks)
    assert all(len(chunk.theirs) == len(chunk.ours) for chunk in store.chunks)


async def test_a_pause_is_no_loss(store):
    line = Line(store)
    line.recorder.keep(on=True)
    line.frames(2_000)
    line.recorder.keep(on=False)
    line.frames(30_000)
    line.recorder.keep(on=True)
    line.frames(1_000)
    await line.written()
    assert places(store) == [(1_000, 2_000, 0), (33_000, 1_000, 0)]


async def test_late_frames_leave_a_gap_that_is_counted(store):
    line = Line(store)
    line.recorder.keep(on=True)
    line.frames(2_000)
    line.recorder.broke()
    line.now += 7_000
    line.frames(1_000)
    await line.written()
    assert places(store) == [(1_000, 2_000, 0), (10_000, 1_000, 7_000)]


async def test_jitter_moves_nothing(store):
    line = Line(store)
    line.recorder.keep(on=True)
    line.frames(1_000)
    line.now += OUT_OF_STEP_MS - 100
    line.frames(20)
    line.now -= OUT_OF_STEP_MS - 100
    line.frames(980)
    await line.written()
    assert places(store) == [(1_000, 2_000, 0)]


async def test_a_burst_of_what_came_late_does_not_run_ahead_of_the_clock(store):
    line = Line(store)
    line.recorder.keep(on=True)
    line.frames(1_000)
    for _ in range(150):
        line.recorder.frame(THEIRS, OURS, line.now)
    await line.written()
    ((_, length_ms, lost_ms),) = places(store)
    assert length_ms <= 1_000 + OUT_OF_STEP_MS + 20 and length_ms + lost_ms == 1_000 + 3_000


async def test_while_the_database_is_away_the_newest_is_lost_and_counted_and_memory_is_bounded(store):
    store.may.clear()
    line = Line(store)
    line.recorder.keep(on=True)
    running = asyncio.create_task(line.recorder.run())
    for _ in range(10 * MOST_WAITING):
        line.frames(CHUNK_BYTES // 8)
        await asyncio.sleep(0)
        assert sum(len(chunk.theirs) + len(chunk.ours) for chunk in line.recorder._waiting) <= 2 * MOST_WAITING * CHUNK_BYTES
    store.may.set()
    line.recorder.finish()
    await asyncio.wait_for(running, 30)
    assert places(store)[:MOST_WAITING] == [(1_000 + place * 10_000, 10_000, 0) for place in range(MOST_WAITING)]
    assert sum(length + lost for _, length, lost in places(store)) == 10 * MOST_WAITING * 10_000


async def test_a_piece_waits_for_the_database_and_one_that_it_refuses_is_lost(store):
    line = Line(store)
    line.recorder.keep(on=True)
    line.frames(20_000)
    store.errors = [psycopg.OperationalError(), psycopg.InterfaceError(), psycopg.DataError()]
    await line.written()
    assert places(store) == [(11_000, 10_000, 0)]


class TestObjecting:
    """Nothing of it may be left."""

    async def test_what_was_kept_and_what_waits_is_gone_and_no_more_is_kept(self, store):
        line = Line(store)
        line.recorder.keep(on=True)
        line.frames(25_000)
        line.recorder.drop()
        line.frames(25_000)
        line.recorder.keep(on=True)
        line.frames(25_000)
        await line.written()
        assert store.chunks == [] and store.dropped == 1

    async def test_a_piece_that_is_being_written_goes_too(self, store):
        store.may.clear()
        line = Line(store)
        line.recorder.keep(on=True)
        line.frames(10_000)
        running = asyncio.create_task(line.recorder.run())
        await asyncio.sleep(0)
        line.recorder.drop()
        store.may.set()
        line.recorder.finish()
        await asyncio.wait_for(running, 30)
        assert store.chunks == [] and store.dropped == 1

    @pytest.mark.parametrize("error", [psycopg.OperationalError, psycopg.DataError])
    async def test_it_is_tried_until_it_is_done(self, store, error):
        line = Line(store)
        line.recorder.keep(on=True)
        line.frames(10_000)
        line.recorder.drop()
        store.errors = [error()] * 5
        await line.written()
        assert store.chunks == [] and store.dropped == 1

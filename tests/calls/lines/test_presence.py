"""A media process says that it lives, until it does not."""

import pytest

from calls.lines import drain, lag, presence
from tests.calls.lines.scene import NODE, until


@pytest.fixture
def said(rows):
    """What the node last said."""

    async def read():
        found = await rows("select name, calls, most_calls, ready, now() - heartbeat_at < interval '1 second' as fresh from calls_medianode")
        return found[0] if found else None

    return read


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(presence, "EVERY_S", 0.05)
    for name, value in (("stopping", False), ("_withdrawn_since", None)):
        monkeypatch.setattr(drain, name, value)


async def test_it_lives_and_has_room(kit, placed, said, settings):
    settings.MAX_CALLS_PER_NODE = 3
    async with presence.announced():
        with drain.counted():

            async def counted():
                row = await said()
                return row is not None and row["calls"] == 1

            await until(counted)
            row = await said()
            assert (row["name"], row["most_calls"], row["ready"], row["fresh"]) == (NODE, 3, True, True)
    assert (await said())["ready"] is False


@pytest.mark.parametrize("trouble", ["stopping", "behind"])
async def test_it_says_when_no_more_may_come(kit, placed, said, monkeypatch, trouble):
    async with presence.announced():
        await until(said)
        if trouble == "stopping":
            monkeypatch.setattr(drain, "stopping", True)
        else:
            monkeypatch.setattr(lag, "current_ms", 1_000.0)

        async def not_ready():
            return not (await said())["ready"]

        await until(not_ready)
        assert (drain._withdrawn_since is not None) == (trouble == "stopping")


async def test_nodes_of_long_ago_are_forgotten(kit, placed, rows):
    values = "values ('wss://old', now() - interval '2 days', 0, 1, true)"
    await rows(f"insert into calls_medianode (name, heartbeat_at, calls, most_calls, ready) {values} returning id")
    async with presence.announced():
        assert await rows("select 1 from calls_medianode where name = 'wss://old'") == []

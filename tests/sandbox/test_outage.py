"""The database is taken away for a while: only that server, only for so long, and it comes back whatever becomes of the sandbox."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from sandbox.control import errors_as_json
from sandbox.outage import LONGEST_S, Outage, OutageControl


@pytest.fixture
def server(tmp_path) -> Iterator[subprocess.Popen[bytes]]:
    """A program of that name that does nothing."""
    sleep = shutil.which("sleep")
    assert sleep is not None
    (tmp_path / "postgres").symlink_to(sleep)
    process = subprocess.Popen([tmp_path / "postgres", "600"])
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def outage(server) -> Iterator[Outage]:
    made = Outage(server.pid)
    yield made
    made.end()


def stands_still(pid: int) -> bool:
    return bool(psutil.Process(pid).status() == psutil.STATUS_STOPPED)


def soon(pid: int, *, still: bool) -> bool:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if stands_still(pid) == still:
            return True
        time.sleep(0.02)
    return False


def test_it_stands_still_and_goes_on_by_itself(outage, server):
    assert outage.possible and outage.left_s == 0
    outage.begin(0.5)
    assert soon(server.pid, still=True)
    assert soon(server.pid, still=False)  # nobody told it to


def test_it_comes_back_at_a_word_and_may_go_again(outage, server):
    for _ in range(2):
        outage.begin(LONGEST_S)
        assert soon(server.pid, still=True) and LONGEST_S - 60 < outage.left_s <= LONGEST_S
    outage.end()
    assert soon(server.pid, still=False) and outage.left_s == 0


def test_no_other_process_is_ever_stopped(server):
    other = subprocess.Popen(["sleep", "600"])
    try:
        for pid in (0, -1, other.pid):
            with pytest.raises(ValueError, match="no database server"):
                Outage(pid).begin(1)
        assert not stands_still(other.pid)
    finally:
        other.kill()
        other.wait()


@pytest.mark.parametrize("seconds", [0, -1, LONGEST_S + 1, float("nan")])
def test_it_is_never_away_for_ever(outage, server, seconds):
    with pytest.raises(ValueError, match="seconds must"):
        outage.begin(seconds)
    assert not stands_still(server.pid)


async def asked(control: OutageControl, *bodies: Any) -> list[tuple[int, Any]]:
    app = web.Application(middlewares=[errors_as_json])
    app.add_routes(control.routes())
    found = []
    async with TestClient(TestServer(app)) as client:
        for body in bodies:
            answer = await client.post("/outage", json=body)
            found.append((answer.status, await answer.json()))
        found.append((200, await (await client.get("/outage")).json()))
    return found


async def test_the_page_takes_it_away_and_brings_it_back(outage, server):
    (away, back, *wrong, (_, shown)) = await asked(OutageControl(outage), {"seconds": 60}, {"seconds": 0}, {"seconds": "x"}, {"seconds": 1e9}, {})
    assert away[0] == 200 and away[1]["possible"] and 0 < away[1]["left_s"] <= 60
    assert (back[0], back[1]["left_s"]) == (200, 0) and soon(server.pid, still=False)
    assert [status for status, _ in wrong] == [400] * 3
    assert shown == {"possible": True, "left_s": 0}


async def test_without_a_server_of_its_own_there_is_no_switch():
    assert await asked(OutageControl(Outage(0))) == [(200, {"possible": False, "left_s": 0})]

"""A media process that is asked to stop under calls drops none of them, not even one that still rings."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
from contextlib import AsyncExitStack

import pytest

from tests.calls.lines.fakes import Carrier
from tests.calls.lines.scene import until
from tests.end_to_end.processes import Processes, running

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(180)]
CALLS = 10


def calls_of(processes: Processes) -> list[Carrier]:
    """Calls that were answered this moment, with the carrier's end of each stream; the last one is known to ring for this node."""
    made = processes.manage("floyd", "bench-calls", str(CALLS), "--json", "--throwaway-database")
    port = re.search(r"media +\| .*listening on http://127\.0\.0\.1:(\d+)", processes.output)
    assert made.returncode == 0 and port, made.stderr
    carriers = [
        Carrier(
            url=f"ws://127.0.0.1:{port[1]}/media",
            signed_url=call["url"],
            auth_token=processes.environment["TWILIO_AUTH_TOKEN"],
            account_sid=call["account_sid"],
            call_sid=call["call_sid"],
            **call["parameters"],
        )
        for call in map(json.loads, made.stdout.splitlines())
    ]
    with processes.connect() as connection:
        connection.execute("update calls_call set node = %s where id = %s", [processes.environment["MEDIA_NODE"], carriers[-1].call_id])
    return carriers


async def test_a_stop_under_ten_calls_drops_none(tmp_path):
    with running(tmp_path, DRAIN_LIMIT_S="60") as processes:
        *talking, ringing = calls_of(processes)
        async with AsyncExitStack() as lines:
            for carrier in talking:
                await lines.enter_async_context(carrier)
            await until(lambda: all(carrier.received for carrier in talking), 30)
            os.kill(processes.pids()["media"], signal.SIGTERM)
            before = [carrier.played_ms for carrier in talking]
            # Every call goes on: Floyd asks into the silence whether somebody is there.
            await until(lambda: all(now.played_ms > then for now, then in zip(talking, before, strict=True)), 30)
            assert [carrier.closed for carrier in talking] == [None] * len(talking)
            for carrier in talking:
                await carrier.hang_up()
            await until(lambda: all(carrier.closed for carrier in talking), 30)
            await asyncio.sleep(1)
            await lines.enter_async_context(ringing)
            await until(lambda: ringing.played_ms > 0, 30)
            await ringing.hang_up()
            await until(lambda: "media ended (exit code 0)" in processes.output, 30)
        with processes.connect() as connection:
            ends = connection.execute("select end_reason, count(*) from calls_call group by end_reason").fetchall()
    assert ends == [("callee_hung_up", CALLS)]

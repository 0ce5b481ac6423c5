"""Many callers at once against one server: `python -m bench.load --targets calls.jsonl --seconds 60`. Any server that speaks Media Streams will do.

`calls.jsonl` has a line per call, as `python manage.py floyd bench-calls` prints them; of
{"url": …, "call_sid": …, "account_sid": …, "parameters": {…}, "headers": {…}} only the first two are needed. The result is JSON on standard output.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp

from bench import processes
from bench.caller import Caller, Target
from bench.clips import SENTENCES, sentence

#: Calls begin spread over so many seconds, and costs are counted once all of them are past their greeting.
S_PER_START, LONGEST_START_S = 0.15, 8.0
SETTLE_S = 4.0
MEMORY_EVERY_S = 2.0


def spread(values: Iterable[float]) -> dict[str, float]:
    """Count, median, 95th percentile and the ends."""
    ordered = sorted(values)
    if not ordered:
        return {"n": 0}

    def at(share: float) -> float:
        return round(ordered[round(share * (len(ordered) - 1))], 1)

    return {"n": len(ordered), "p50": at(0.5), "p95": at(0.95), "least": at(0), "most": at(1), "mean": round(statistics.fmean(ordered), 1)}


class Costs:
    """What a server costs while all calls are up, per named process tree."""

    def __init__(self, pids: dict[str, int]) -> None:
        self._pids = pids
        self._idle_mb = {name: processes.rss_mb([pid]) for name, pid in pids.items()}
        self._most_mb = dict(self._idle_mb)
        self._cpu_s = dict.fromkeys(pids, 0.0)
        self._seconds = 0.0

    async def watch(self, until: float) -> None:
        """Counts from now until `until` (event loop's clock)."""
        loop = asyncio.get_running_loop()
        begun, before = loop.time(), {name: processes.cpu_s([pid]) for name, pid in self._pids.items()}
        while loop.time() < until:
            await asyncio.sleep(min(MEMORY_EVERY_S, max(0.01, until - loop.time())))
            for name, pid in self._pids.items():
                self._most_mb[name] = max(self._most_mb[name], processes.rss_mb([pid]))
                self._cpu_s[name] = processes.cpu_s([pid]) - before[name]
            self._seconds = loop.time() - begun

    def report(self, calls: int) -> dict[str, Any]:
        """Per process tree: share of a core, CPU seconds per call minute, memory idle, at most, and per call."""
        if not self._seconds:
            return {}
        minutes = self._seconds / 60 * calls
        return {
            name: {
                "core_share": round(self._cpu_s[name] / self._seconds, 4),
                "cpu_s_per_call_minute": round(self._cpu_s[name] / minutes, 4),
                "rss_idle_mb": round(self._idle_mb[name], 1),
                "rss_most_mb": round(self._most_mb[name], 1),
                "rss_per_call_mb": round((self._most_mb[name] - self._idle_mb[name]) / calls, 2),
            }
            for name in self._pids
        }


async def run(targets: Sequence[Target], *, seconds: float, pids: dict[str, int], seed: int = 1) -> dict[str, Any]:
    """Holds one call per target for `seconds` after the last one began, and reports."""
    for number in range(len(SENTENCES)):
        sentence(number)  # spoken before anybody waits for it
    loop = asyncio.get_running_loop()
    costs, callers = Costs(pids), [Caller(target, seed=seed * 1000 + number) for number, target in enumerate(targets)]
    ramp_s = min(LONGEST_START_S, S_PER_START * len(callers))
    begun, own_cpu_s = loop.time(), time.process_time()
    until = begun + ramp_s + seconds
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=None, sock_connect=10)) as session:

        async def call(number: int) -> None:
            await asyncio.sleep(ramp_s * number / len(callers))
            await callers[number].run(session, until)

        async def count() -> None:
            await asyncio.sleep(ramp_s)
            await asyncio.gather(*(caller.talking.wait() for caller in callers))
            await asyncio.sleep(SETTLE_S)
            await costs.watch(until)

        await asyncio.gather(count(), *(call(number) for number in range(len(callers))))
    report = summary(callers)
    share = (time.process_time() - own_cpu_s) / (loop.time() - begun)
    return {"calls": len(callers), "seconds": seconds, **report, "costs": costs.report(len(callers)), "client_core_share": round(share, 3)}


def summary(callers: Sequence[Caller]) -> dict[str, Any]:
    """All callers' turns and counts in one."""
    turns = [turn for caller in callers for turn in caller.turns]
    counts = [caller.counts for caller in callers]
    measured = [(turn, turn.voice_to_voice_ms) for turn in turns if turn.voice_to_voice_ms is not None]
    troubles = [trouble for count in counts for trouble in count.trouble]
    return {
        "turns": len(turns),
        "voice_to_voice_ms": spread(ms for _, ms in measured),
        "after_barge_in_ms": spread(ms for turn, ms in measured if turn.over_reply),
        "barge_in_ms": spread(turn.barge_in_ms for turn in turns if turn.barge_in_ms is not None),
        "premature": sum(turn.premature for turn in turns),
        "no_reply": sum(turn.no_reply for turn in turns),
        "not_cleared": sum(turn.not_cleared for turn in turns),
        "replies": sum(count.replies for count in counts),
        "holes_ms": spread(ms for count in counts for ms in count.holes_ms),
        "marks": sum(count.marks for count in counts),
        "clears": sum(count.clears for count in counts),
        "audio_messages": sum(count.audio_messages for count in counts),
        "longest_lead_s": round(max((count.longest_lead_s for count in counts), default=0.0), 2),
        "late_frames_ms": spread(ms for count in counts for ms in count.late_frames_ms),
        "trouble": {trouble: troubles.count(trouble) for trouble in sorted(set(troubles))},
    }


def read_targets(path: Path) -> list[Target]:
    """One call per line of JSON."""
    fields = {"url", "call_sid", "account_sid", "parameters", "headers"}
    lines = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
    return [Target(**{name: value for name, value in line.items() if name in fields}) for line in lines]


def main() -> None:
    """Runs one level."""
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--targets", type=Path, required=True, help="file of calls, one line of JSON each")
    parser.add_argument("--seconds", type=float, default=60, help="how long all of them last together")
    parser.add_argument("--pid", action="append", default=[], metavar="NAME=PID", help="process tree whose costs are counted; may be repeated")
    parser.add_argument("--core", type=int, default=None, help="run on this core only")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.core is not None:
        os.sched_setaffinity(0, {options.core})
    with suppress(ImportError):
        import uvloop

        uvloop.install()
    pids = {name: int(pid) for name, _, pid in (given.partition("=") for given in options.pid)}
    result = asyncio.run(run(read_targets(options.targets), seconds=options.seconds, pids=pids, seed=options.seed))
    json.dump(result, sys.stdout, indent=1)


if __name__ == "__main__":
    main()

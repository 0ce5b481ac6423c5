"""The whole comparison, bounded in time: `python -m bench` (about 20 minutes) or `python -m bench --quick` (about 5). `make bench` runs it.

The server under measurement has one core, callers and stand-ins another. Floyd's rows and Pipecat's take turns, so that a machine that becomes slower
meets both. Each server's calls are raised until its slow answers are more than 1.2 times as slow as with one call.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import machine, processes
from bench.load import LONGEST_START_S, SETTLE_S
from bench.rows import Row, first_p95_ms, table
from bench.servers import ROOT, BenchError, Floyd, Pipecat, StandIns

#: Seconds that a row takes besides its calls: making them, starting them, ending them, the fixed work.
BESIDES_S = 8.0
REST_S = 2.0
#: Server and voice of the rows beside the usual ones. The first is what they are compared with, at the same time of the day.
OTHERS = (("uvicorn", "google_speech"), ("daphne", "google_speech"), ("uvicorn", "openai_speech"))
RESULTS = ROOT / "bench" / "results"


@dataclass(frozen=True, slots=True)
class Extent:
    """How long and how far."""

    budget_s: float
    row_s: float
    first_row_s: float
    floyd: tuple[int, ...]
    peers: tuple[int, ...]
    #: Calls of the rows that compare servers and voices of Floyd's; 0 leaves those rows out.
    others: int


FULL = Extent(24 * 60, 40, 80, (1, 5, 10, 20, 30, 40, 50, 60, 80), (1, 2, 3, 4, 5, 6, 8), 10)
QUICK = Extent(5.0 * 60, 20, 40, (1, 10, 40), (1, 3), 0)


@dataclass(slots=True)
class Series:
    """A server at rising levels."""

    server: Floyd | Pipecat
    levels: list[int]
    broken: bool = False

    def next(self) -> int | None:
        """The next number of calls; None when it broke or all were done."""
        return None if self.broken or not self.levels else self.levels.pop(0)


@dataclass(slots=True)
class Bench:
    """Measures rows as long as there is time.

    Args:
        extent: how long and how far.
        folder: for logs and lists of calls.
        cores: where the server runs, and where the rest.
    """

    extent: Extent
    folder: Path
    cores: tuple[int | None, int | None]
    standins: StandIns
    began: float = field(default_factory=time.monotonic)
    rows: list[Row] = field(default_factory=list)

    def measure(self, server: Floyd | Pipecat, calls: int) -> Row | None:
        """One row; None when there is no time for it any more."""
        seconds = self.extent.first_row_s if calls == 1 else self.extent.row_s
        if time.monotonic() - self.began + seconds + LONGEST_START_S + BESIDES_S > self.extent.budget_s:
            print(f"no time left for {server.name} with {calls} calls", flush=True)
            return None
        targets = self.folder / "calls.jsonl"
        targets.write_text(server.targets(calls))
        before = processes.fixed_work_ms(self.cores[0])
        self.standins.lateness()  # what was late before is another row's
        result = self._load(server, targets, seconds)
        row = Row(server.name, calls, result, (before, processes.fixed_work_ms(self.cores[0])), self.standins.lateness())
        self.rows.append(row)
        print(table([row]).splitlines()[2], flush=True)
        time.sleep(REST_S)
        return row

    def _load(self, server: Floyd | Pipecat, targets: Path, seconds: float) -> dict[str, Any]:
        command = [sys.executable, "-m", "bench.load", "--targets", str(targets), "--seconds", str(seconds)]
        command += ["--core", str(self.cores[1])] if self.cores[1] is not None else []
        for name, pid in {**server.pids, "standins": self.standins.pid}.items():
            command += ["--pid", f"{name}={pid}"]
        limit_s = seconds + LONGEST_START_S + SETTLE_S + 60
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=limit_s, check=False)
        if done.returncode:
            raise BenchError(f"the callers failed:\n{done.stderr[-2000:]}")
        result: dict[str, Any] = json.loads(done.stdout)
        result["standins_core_share"] = result["costs"].pop("standins", {}).get("core_share", 0.0)
        return result

    def raise_all(self, series: list[Series]) -> None:
        """Measures level by level, the servers taking turns."""
        while any(one.levels and not one.broken for one in series):
            for one in series:
                calls = one.next()
                if calls is None:
                    continue
                row = self.measure(one.server, calls)
                one.broken = row is None or not row.held(first_p95_ms(self.rows, one.server.name))

    def others(self) -> None:
        """Floyd in other ways of serving it, each started for one row and stopped."""
        for server, speaker in OTHERS:
            floyd = Floyd(core=self.cores[0], standins=self.standins, folder=self.folder, server=server, speaker=speaker)
            try:
                floyd.settle()
                self.measure(floyd, self.extent.others)
            finally:
                floyd.stop()


def cores() -> tuple[int | None, int | None]:
    """Two cores, or none named where there are not two to have."""
    if not hasattr(os, "sched_getaffinity"):
        return None, None
    allowed = sorted(os.sched_getaffinity(0))
    return (allowed[0], allowed[1]) if len(allowed) > 1 else (None, None)


def peers(start: Callable[[str], Pipecat]) -> list[Pipecat]:
    """Pipecat in both variants, if it is installed and starts."""
    if not Pipecat.PYTHON.exists():
        print("Pipecat is not installed (make bench tries to): its rows are left out.", flush=True)
        return []
    found = []
    for variant in ("default", "tuned"):
        try:
            found.append(start(variant))
        except BenchError as error:
            print(f"{error}\nIts rows are left out.", flush=True)
    return found


def run(extent: Extent, folder: Path) -> tuple[list[Row], dict[str, Any]]:
    """Everything, to the end or to the end of the time."""
    server_core, other_core = cores()
    facts = machine.facts(Pipecat.PYTHON if Pipecat.PYTHON.exists() else None)
    if server_core is None:
        facts["note"] = "not pinned: fewer than two cores"
    with ExitStack() as stack:
        standins = StandIns(core=other_core, folder=folder)
        stack.callback(standins.stop)
        bench = Bench(extent, folder, (server_core, other_core), standins)
        floyd = Floyd(core=server_core, standins=standins, folder=folder)
        stack.callback(floyd.stop)

        def start(variant: str) -> Pipecat:
            peer = Pipecat(core=server_core, standins=standins, folder=folder, variant=variant)
            stack.callback(peer.stop)
            return peer

        floyd.settle()
        series = [Series(floyd, list(extent.floyd)), *(Series(peer, list(extent.peers)) for peer in peers(start))]
        try:
            bench.raise_all(series)
            floyd.stop()
            if extent.others:
                bench.others()
        except (BenchError, subprocess.TimeoutExpired) as error:
            print(f"broken off: {error}", flush=True)
    return bench.rows, facts


def main() -> int:
    """Measures, prints the table, and stores it as JSON and Markdown."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer levels, shorter rows")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of the results")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="floyd-bench-logs-"))
    rows, facts = run(QUICK if options.quick else FULL, folder)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "latest.json").write_text(json.dumps({"machine": facts, "rows": [row.to_json() for row in rows]}, indent=1) + "\n")
    text = table(rows)
    (options.out / "latest.md").write_text(f"{text}\n{_foot(facts)}\n")
    print(f"\n{text}\n{_foot(facts)}\n\nLogs: {folder}")
    return 0 if rows else 1


def _foot(facts: dict[str, Any]) -> str:
    peer = ", ".join(f"{name} {version}" for name, version in facts.get("peer_versions", {}).items())
    ours = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
    where = f"{facts['processor']}, {facts['cores']} cores, {facts['system']}, Python {facts['python']}"
    return "\n\n".join(
        [f"{facts['when']}, {where}, load before {facts['load_before']}.", f"Floyd with {ours}.", *([f"Pipecat with {peer}."] if peer else [])]
    )


if __name__ == "__main__":
    sys.exit(main())

"""Floyd's ConversationRelay line beside the least that such a server can do, in the same run: `python -m bench.relay` (about 4 minutes).

Both take their words from the same stand-in, whose first token comes 350 ms after the question and the next ones at 60 a second. What is reported as
added is the time from a prompt to the first words sent, less what the stand-in took from that question to the word that made them ready: it notes
both itself, so that its own lateness on a busy machine is nobody's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import aiohttp

from bench import machine
from bench.__main__ import RESULTS, cores
from bench.caller import Target
from bench.load import LONGEST_START_S, S_PER_START, Costs, read_targets, spread
from bench.relay_caller import RelayCaller, RelayTurn
from bench.servers import Floyd, Process, StandIns, free_port
from bench.standins.thinking import Thought

LEVELS, QUICK_LEVELS = (1, 20, 50, 100), (1, 10)
ROW_S, QUICK_ROW_S = 20.0, 10.0


class Measured(Protocol):
    """A server under measurement."""

    name: str

    @property
    def pids(self) -> dict[str, int]:
        """Process trees whose costs are counted."""

    def targets(self, calls: int) -> str:
        """Lines of JSON, a call each."""

    def key(self, target: Target) -> str:
        """How the stand-in knows the questions of this call."""

    def needed(self, words: int) -> int:
        """Which word of an answer, counted from 0, must be written before a first message with so many words can go out."""

    def stop(self) -> None:
        """Ends it."""


class RelayFloyd(Floyd):
    """Floyd's media process, called over the relay line."""

    def targets(self, calls: int) -> str:
        """Lines of JSON, a call each."""
        return self._manage("floyd", "bench-calls", str(calls), "--json", "--throwaway-database", "--line", "conversation_relay")

    def key(self, target: Target) -> str:
        """How the stand-in knows the questions of this call."""
        return f"call-{target.parameters['call_id']}"

    def needed(self, words: int) -> int:
        """A clause is whole when the word behind it begins."""
        return words


class Bound:
    """`bench.relay_bound` as a process."""

    name = "bound"

    def __init__(self, *, core: int | None, standins: StandIns, folder: Path) -> None:
        self._port = free_port()
        command = [sys.executable, "-m", "bench.relay_bound", "--port", str(self._port), "--model", f"http://127.0.0.1:{standins.http_port}/v1"]
        self._server = Process("relay-bound", command, port=self._port, core=core, folder=folder, environment=dict(os.environ))

    @property
    def pids(self) -> dict[str, int]:
        """The one process."""
        return {"server": self._server.pid}

    def targets(self, calls: int) -> str:
        """Lines of JSON, a call each."""
        return "\n".join(json.dumps({"url": f"ws://127.0.0.1:{self._port}/relay", "call_sid": f"CA{number:032x}"}) for number in range(calls))

    def key(self, target: Target) -> str:
        """How the stand-in knows the questions of this call."""
        return target.call_sid

    def needed(self, words: int) -> int:
        """The first token is sent alone."""
        return 0

    def stop(self) -> None:
        """Ends it."""
        self._server.stop()


@dataclass(frozen=True, slots=True)
class RelayRow:
    """One server with so many calls."""

    server: str
    calls: int
    result: dict[str, Any]

    def cells(self) -> list[str]:
        """As the table shows it."""
        first, added, stopped = (self.result[name] for name in ("first_ms", "added_ms", "stopped_ms"))
        cost = self.result["costs"].get("server", {})
        return [
            self.server,
            str(self.calls),
            str(first["n"]),
            f"{first.get('p50', '–')} / {first.get('p95', '–')}",
            f"{added.get('p50', '–')} / {added.get('p95', '–')}",
            f"{stopped.get('p50', '–')} / {stopped.get('p95', '–')}",
            f"{cost.get('cpu_s_per_call_minute', '–')}",
            f"{cost.get('rss_per_call_mb', '–')}",
            json.dumps(self.result["trouble"]) if self.result["trouble"] else "–",
        ]


HEAD = (
    "server",
    "calls",
    "turns",
    "first words ms p50 / p95",
    "added ms p50 / p95",
    "stopped ms p50 / p95",
    "CPU s / call minute",
    "MB / call",
    "trouble",
)


def table(rows: list[RelayRow]) -> str:
    """Markdown."""
    lines = [HEAD, tuple("---" for _ in HEAD), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def added_ms(turn: RelayTurn, thoughts: Iterable[Thought], needed: int) -> float | None:
    """What came on top of the model's time; None where no answer belongs to the turn.

    Args:
        thoughts: of this call.
        needed: which word had to be written.
    """
    for thought in sorted(thoughts, key=lambda thought: thought.asked, reverse=True):
        if turn.said <= thought.asked < turn.came and thought.written:
            ready = thought.written[min(needed, len(thought.written) - 1)]
            return (turn.came - turn.said - (ready - thought.asked)) * 1000 if ready < turn.came else None
    return None


async def load(targets: list[Target], server: Measured, standins: str, seconds: float) -> dict[str, Any]:
    """One call per target for `seconds` after the last one began. `standins`: address that tells what the model answered."""
    loop, callers = asyncio.get_running_loop(), [RelayCaller(target) for target in targets]
    costs, ramp_s = Costs(server.pids), min(LONGEST_START_S, S_PER_START * len(targets))
    until = loop.time() + ramp_s + seconds
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def call(number: int) -> None:
            await asyncio.sleep(ramp_s * number / len(callers))
            await callers[number].run(session, until)

        async def count() -> None:
            await asyncio.gather(*(caller.talking.wait() for caller in callers))
            await costs.watch(until)

        await asyncio.gather(count(), *(call(number) for number in range(len(callers))))
        async with session.get(f"{standins}/thoughts") as answer:
            thoughts = [Thought(**told) for told in await answer.json()]
    turns = [turn for caller in callers for turn in caller.turns]
    trouble = [one for caller in callers for one in caller.trouble]
    of_call: dict[str, list[Thought]] = defaultdict(list)
    for thought in thoughts:
        of_call[thought.key].append(thought)
    all_added = [added_ms(turn, of_call[server.key(caller.target)], server.needed(turn.words)) for caller in callers for turn in caller.turns]
    trouble += ["answer not found" for added in all_added if added is None]
    return {
        "first_ms": spread(turn.first_ms for turn in turns),
        "added_ms": spread(added for added in all_added if added is not None),
        "stopped_ms": spread(turn.stopped_ms for turn in turns if turn.stopped_ms is not None),
        "trouble": {what: trouble.count(what) for what in sorted(set(trouble))},
        "costs": costs.report(len(callers)),
    }


def measure(folder: Path, *, quick: bool) -> list[RelayRow]:
    """All levels, the two servers taking turns."""
    server_core, other_core = cores()
    rows: list[RelayRow] = []
    with ExitStack() as stack:
        standins = StandIns(core=other_core, folder=folder)
        stack.callback(standins.stop)
        floyd = RelayFloyd(core=server_core, standins=standins, folder=folder)
        stack.callback(floyd.stop)
        bound = Bound(core=server_core, standins=standins, folder=folder)
        stack.callback(bound.stop)
        floyd.settle()
        if other_core is not None:
            os.sched_setaffinity(0, {other_core})
        for calls in QUICK_LEVELS if quick else LEVELS:
            for server in (floyd, bound):
                path = folder / "calls.jsonl"
                path.write_text(server.targets(calls))
                result = asyncio.run(load(read_targets(path), server, standins.address, QUICK_ROW_S if quick else ROW_S))
                rows.append(RelayRow(server.name, calls, result))
                print(table(rows).splitlines()[-1], flush=True)
                time.sleep(1)
    return rows


def main() -> int:
    """Measures, prints the table, and stores it."""
    parser = argparse.ArgumentParser(prog="python -m bench.relay", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer levels, shorter rows")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of the results")
    options = parser.parse_args()
    with suppress(ImportError):
        import uvloop

        uvloop.install()
    folder = Path(tempfile.mkdtemp(prefix="floyd-bench-logs-"))
    rows = measure(folder, quick=options.quick)
    options.out.mkdir(parents=True, exist_ok=True)
    facts = machine.facts(None)
    stored = {"machine": facts, "rows": [{"server": row.server, "calls": row.calls, **row.result} for row in rows]}
    (options.out / "relay.json").write_text(json.dumps(stored, indent=1) + "\n")
    (options.out / "relay.md").write_text(table(rows) + "\n")
    print(f"\n{table(rows)}\n\nLogs: {folder}")
    return 0 if rows else 1


if __name__ == "__main__":
    sys.exit(main())

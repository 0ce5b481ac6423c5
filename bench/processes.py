"""What processes cost, read from /proc: CPU seconds and resident memory of a process with all its children."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from floyd_site.embedded import die_with_parent

PROC = Path("/proc")
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
KB_PER_MB = 1024
FIXED_WORK = """
import time
began, x = time.process_time(), 0
for i in range(3_000_000):
    x += i * i & 7
print(round((time.process_time() - began) * 1000))
"""


def tree(pid: int) -> list[int]:
    """A process and everything below it."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        with suppress(OSError):
            for thread in (PROC / str(one) / "task").iterdir():
                waiting += [int(child) for child in (thread / "children").read_text().split()]
    return list(dict.fromkeys(found))


def cpu_s(pids: Iterable[int]) -> float:
    """User and system time of these processes' trees so far, with children that ended and were waited for."""
    ticks = 0
    for root in pids:
        for pid in tree(root):
            with suppress(OSError):
                # The name in brackets may hold anything; what follows it does not. Fields 14 to 17 of proc(5).
                fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
                ticks += sum(int(field) for field in (fields[11:15] if pid == root else fields[11:13]))
    return ticks / TICKS_PER_S


def thread_cpu_s(pid: int) -> dict[str, float]:
    """The same per thread of one process, by name; threads of one name are added up."""
    spent: dict[str, float] = {}
    for thread in (PROC / str(pid) / "task").iterdir():
        with suppress(OSError):
            name, _, rest = (thread / "stat").read_text().partition("(")[2].rpartition(")")
            fields = rest.split()
            spent[name] = spent.get(name, 0.0) + (int(fields[11]) + int(fields[12])) / TICKS_PER_S
    return spent


def rss_mb(pids: Iterable[int]) -> float:
    """Resident memory of these processes' trees."""
    total = 0
    for root in pids:
        for pid in tree(root):
            with suppress(OSError):
                for line in (PROC / str(pid) / "status").read_text().splitlines():
                    if line.startswith("VmRSS:"):
                        total += int(line.split()[1])
    return total / KB_PER_MB


def fixed_work_ms(core: int | None) -> int:
    """CPU time that a fixed piece of Python takes on a core now: machines that share their cores are not always equally fast."""
    command = [sys.executable, "-c", FIXED_WORK]
    return int(subprocess.run(command, capture_output=True, text=True, check=True, preexec_fn=pinned_to(core)).stdout)


def pinned_to(core: int | None) -> Callable[[], None]:
    """For Popen's preexec_fn: keeps a child, and what it starts, on one core (None: wherever there is room), and ends it with its parent."""

    def prepare() -> None:
        die_with_parent(signal.SIGTERM)
        if core is not None:
            os.sched_setaffinity(0, {core})

    return prepare

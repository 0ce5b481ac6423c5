"""What a page or list costs: its time through Django without a server, and which large tables its queries read from end to end."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Collection, Mapping
from typing import Any

CALLS = 40
#: Share of a plan's cost within which a limit counts as one that stops it early.
STOPS_WITHIN = 0.2


def scans(client: Any, path: str, large: Collection[str]) -> list[str]:
    """What of the queries behind `path` reads a table of `large` from end to end, as PostgreSQL plans it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    found = []
    for query in [one["sql"] for one in asked.captured_queries if one["sql"].lstrip().upper().startswith(("SELECT", "WITH"))]:
        with connection.cursor() as cursor:
            cursor.execute(f"explain (format json) {query}".replace("%", "%%"))
            (plan,) = cursor.fetchone()
        found += _sequential((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"], large)
    return found


def _sequential(plan: dict[str, Any], large: Collection[str]) -> list[str]:
    here = plan["Node Type"] == "Seq Scan" and plan.get("Relation Name") in large
    below = [] if _stops_early(plan) else plan.get("Plans", [])
    return ([str(plan["Relation Name"])] if here else []) + [name for one in below for name in _sequential(one, large)]


def _stops_early(plan: dict[str, Any]) -> bool:
    """A limit that is reached long before what is below it was read to its end."""
    return plan["Node Type"] == "Limit" and all(one["Total Cost"] * STOPS_WITHIN > plan["Total Cost"] for one in plan["Plans"])


def measure(client: Any, pages: Mapping[str, str], large: Collection[str], *, calls: int = CALLS) -> int:
    """Times pages (name → address) and prints what each takes, and which reads a table of `large` from end to end: then it gives 1."""
    whole = []
    for name, path in pages.items():
        whole += [f"{name}: {scan}" for scan in scans(client, path, large)]
        line = "{:70} p50 {:7.1f} ms   p95 {:7.1f} ms   in the database p50 {:7.1f} ms   p95 {:7.1f} ms"
        print(line.format(name[:70], *timed(client, path, calls=calls)), flush=True)
    print("\n".join(["Read from end to end:", *whole]) if whole else "EXPLAIN: nothing reads a large table from end to end.")
    return 1 if whole else 0


def timed(client: Any, path: str, *, calls: int = CALLS) -> tuple[float, float, float, float]:
    """Median and 95th percentile, in ms: of the whole page, and of its queries together."""
    from django.db import connection

    whole, asked = [], list[float]()

    def ask(execute: Any, *arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            asked[-1] += (time.perf_counter() - began) * 1000

    for _ in range(calls):
        asked.append(0.0)
        began = time.perf_counter()
        with connection.execute_wrapper(ask):
            response = client.get(path)
            if response.streaming:
                b"".join(response)
        whole.append((time.perf_counter() - began) * 1000)
        if response.status_code != 200:
            raise SystemExit(f"{path}: {response.status_code} {response.content!r}")
    return (*_shares(whole), *_shares(asked))


def _shares(taken: list[float]) -> tuple[float, float]:
    return statistics.median(taken), sorted(taken)[int(len(taken) * 0.95)]

"""What a page or list costs: its time through Django without a server, and which large tables its queries read from end to end."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Collection, Mapping
from typing import Any

CALLS = 40


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
    return ([str(plan["Relation Name"])] if here else []) + [name for one in plan.get("Plans", []) for name in _sequential(one, large)]


def measure(client: Any, pages: Mapping[str, str], large: Collection[str], *, calls: int = CALLS) -> int:
    """Times pages (name → address) and prints what each takes, and which reads a table of `large` from end to end: then it gives 1."""
    whole = []
    for name, path in pages.items():
        whole += [f"{name}: {scan}" for scan in scans(client, path, large)]
        print(f"{name[:70]:70} p50 {{:7.1f}} ms   p95 {{:7.1f}} ms".format(*timed(client, path, calls=calls)), flush=True)
    print("\n".join(["Read from end to end:", *whole]) if whole else "EXPLAIN: nothing reads a large table from end to end.")
    return 1 if whole else 0


def timed(client: Any, path: str, *, calls: int = CALLS) -> tuple[float, float]:
    """Median and 95th percentile, in ms."""
    taken = []
    for _ in range(calls):
        began = time.perf_counter()
        response = client.get(path)
        if response.streaming:
            b"".join(response)
        taken.append((time.perf_counter() - began) * 1000)
        if response.status_code != 200:
            raise SystemExit(f"{path}: {response.status_code} {response.content!r}")
    return statistics.median(taken), sorted(taken)[int(len(taken) * 0.95)]

"""What it costs to find what an ask is about, with ten thousand facts of one user among those of others and a million requests.

`SECRET_KEY=x python -m floyd_site.embedded --temporary -- python -m bench.relevance` fills a throw-away database, takes snapshots, prints
milliseconds and sizes, and ends with an error where PostgreSQL reads a whole table to answer.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "floyd_site.settings")
REQUESTS = int(os.environ.get("BENCH_REQUESTS", "1000000"))
OTHERS, FACTS_OF_OTHERS = 200, 500
TIMES = 30
ASKS = (
    "Order Krista some flowers for up to $80",
    "Call the school, Myra is sick today and stays home until Thursday",
    "Ask speed veil garage whether the winter tires of the car are on, and what the oil change in matter 4711 cost",
)
FILL_FACTS = """
insert into context_fact (user_id, statement, about, topic, sensitivity, status, source, source_ref)
select %s, (array['The car','The house','The school','The piano'])[1 + n %% 4] || ' has matter ' || n || ' in the folder', 'person ' || n %% 300,
    'topic ' || n %% 50, 'share', 'confirmed', 'told', '' from generate_series(1, %s) n
"""
FILL_REQUESTS = """
insert into requests_app_request (user_id, ask, channel, status, created_at, updated_at)
select %s, 'Call about matter ' || n, 'web', 'done', now() - n * interval '1 minute', now() from generate_series(1, %s) n
"""


def main() -> int:
    """Fills, measures, prints."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from context.models import User

    call_command("migrate", verbosity=0)
    users = [User.objects.create_user(f"bench{number}@floyd.example", name=f"Bench {number}") for number in range(OTHERS + 2)]
    for user, facts in [(users[0], 10_000), (users[1], 100), *((other, FACTS_OF_OTHERS) for other in users[2:])]:
        with connection.cursor() as cursor:
            cursor.execute(FILL_FACTS, [user.pk, facts])
    with connection.cursor() as cursor:
        cursor.execute(FILL_REQUESTS, [users[0].pk, REQUESTS])
        cursor.execute("vacuum analyze")
    for user, facts in ((users[1], 100), (users[0], 10_000)):
        for ask in ASKS:
            taken, signs, stored = _measured(user, ask)
            print(f"{facts:6} facts  {ask[:34]:34}  p50 {taken:6.1f} ms   prompt {signs:6} signs   snapshot {stored:6} bytes")
    with CaptureQueriesContext(connection) as captured:
        _snapshot(users[0], ASKS[2])
    whole = [plan for query in captured.captured_queries if (plan := _reads_everything(query["sql"]))]
    print(f"{len(captured.captured_queries)} statements; whole tables read: {', '.join(whole) or 'none'}")
    return 1 if whole else 0


def _snapshot(user: object, ask: str) -> dict[str, object]:
    from django.utils import timezone

    from context.snapshot import take_snapshot

    return take_snapshot(user=user, now=timezone.now(), ask=ask)  # type: ignore[arg-type]


def _measured(user: object, ask: str) -> tuple[float, int, int]:
    """Median ms of a snapshot, characters of its prompt, bytes that are stored."""
    from django.utils import timezone

    from requests_app.prompts import plan_messages

    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        snapshot = _snapshot(user, ask)
        taken.append((time.perf_counter() - began) * 1000)
    messages = plan_messages(snapshot=snapshot, ask=ask, answers=[], now=timezone.now())
    return statistics.median(taken), sum(len(message["content"]) for message in messages), len(json.dumps(snapshot))


def _reads_everything(sql: str) -> str:
    """The table that a statement reads from end to end; empty when it uses indexes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"explain (format json) {sql}")
        found = cursor.fetchone()[0]
    steps = list(json.loads(found) if isinstance(found, str) else found)
    while steps:
        step = steps.pop()
        if step.get("Node Type") == "Seq Scan" and step["Relation Name"] in {"context_fact", "requests_app_request"}:
            return str(step["Relation Name"])
        steps += [step["Plan"]] if "Plan" in step else step.get("Plans", [])
    return ""


if __name__ == "__main__":
    sys.exit(main())

"""Lists of the API with a million requests and ten thousand facts of one user.

`SECRET_KEY=x ALLOWED_HOSTS=testserver python -m floyd_site.embedded --temporary -- python -m bench.api_lists` fills a throw-away database, then times
whole calls through Django, without a server; prints milliseconds. Every query of every list is explained, too: it ends with 1 when one reads
a large table from end to end.
"""

from __future__ import annotations

import os
import sys

from bench.explained import measure

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "floyd_site.settings")
REQUESTS = int(os.environ.get("BENCH_REQUESTS", "1000000"))
FACTS = 10_000
#: Facts of somebody else, so that reading the whole table is never the quickest way to one user's.
OTHERS = 300_000
LARGE = ("requests_app_request", "context_fact")

FILL = """
insert into requests_app_request (user_id, ask, channel, status, created_at, updated_at)
select %s, 'Call ' || (array['the school','the florist','the garage','Dr. Patel'])[1 + n %% 4] || ' about matter ' || n, 'web',
    case when n %% 1000 = 0 then 'waiting_for_user' when n %% 50 = 0 then 'failed' else 'done' end, now() - n * interval '1 minute', now()
from generate_series(1, %s) n
"""
FILL_FACTS = """
insert into context_fact (user_id, statement, about, topic, sensitivity, status, source, source_ref)
select %s, 'Fact number ' || n, '', 'topic ' || n %% 50, 'share', 'confirmed', 'told', '' from generate_series(1, %s) n
"""
LISTS = (
    "requests",
    "requests?status=in_flight",
    "requests?status=failed",
    "requests?q=florist",
    "requests?q=matter 4711",
    "requests?created_before=2026-01-01T00:00:00Z",
    "requests?limit=200",
    "questions?status=unanswered",
    "facts",
    "facts?topic=topic 7",
)


def main() -> int:
    """Fills, times, prints."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from context.models import User
    from context.tokens import create_token

    call_command("migrate", verbosity=0)
    user = User.objects.create_user("bench@floyd.example", name="Bench")
    with connection.cursor() as cursor:
        cursor.execute(FILL, [user.pk, REQUESTS])
        cursor.execute(FILL_FACTS, [user.pk, FACTS])
        cursor.execute(FILL_FACTS, [User.objects.create_user("else@floyd.example", name="Else").pk, OTHERS])
        cursor.execute("vacuum analyze")
    client = Client(headers={"Authorization": f"Bearer {create_token(user=user, name='bench')[1]}"})
    deep = client.get("/api/v1/requests?limit=200").json()["next"]
    for _ in range(20):
        deep = client.get(deep).json()["next"]
    return measure(client, {path: f"/api/v1/{path}" for path in LISTS} | {"page 22 of 200 requests": deep}, LARGE)


if __name__ == "__main__":
    sys.exit(main())

"""The pages of staff with 200 000 reviewed calls and their turns: the queue with every filter, its file, a call, the board of quality, the admin.

`make bench-staff` fills a throw-away database, then times whole pages through Django, without a server; prints milliseconds. Every query is
explained, too: it ends with 1 when one reads a large table from end to end.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from bench.explained import measure

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "floyd_site.settings")
CALLS = int(os.environ.get("BENCH_CALLS", "200000"))
#: Over more than the longest period of the board.
DAYS = 400
TURNS = 8
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "20"))
LARGE = ("calls_call", "calls_review", "calls_turn", "calls_labelling", "requests_app_request")

FILL = (
    """
insert into requests_app_request (user_id, ask, channel, status, created_at, updated_at)
select %(user)s, 'Call matter ' || n, 'web', 'done', now() - n * interval '1 minute', now() from generate_series(1, %(calls)s) n
""",
    # The keys are ordered by time, as those of real calls are.
    """
insert into calls_call (id, request_id, user_id, attempt, number, brief, slots, cost, status, end_reason, created_at, started_at, ended_at, seconds,
    price_due_at)
select uuidv7(- age), id, user_id, 1, '+15195550110', '{"callee_name": "Brock Road School"}', '[]', '{}', 'completed', 'goal_reached',
    now() - age, now() - age, now() - age, 90, null
from (
    select id, user_id, row_number() over (order by id) * %(days)s::float8 / %(calls)s * interval '1 day' as age from requests_app_request
) aged
""",
    """
insert into calls_review (call_id, ended_at, line, outcome, use_case, seconds, turns, slowest_ms, interruptions, cut_ins, cost_micros, currency,
    recognition, model, voice, flags, verdict, assignee_id)
select id, ended_at, line, (array['goal_reached', 'voicemail', 'gave_up', 'line_lost', 'busy'])[1 + n %% 5],
    (array['inform', 'book', 'buy'])[1 + n %% 3], 90, %(turns)s,
    case when n %% 20 = 0 then 3200 when n %% 7 = 0 then 1700 else 900 end, n %% 9 / 7, n %% 31 / 30, 20000 + n %% 100 * 1200, 'USD',
    'google_speech', 'model-' || n %% 3, 'google_speech', case when n %% 12 = 0 then 'slow' else '' end,
    case when n < %(calls)s / 50 then '' else (array['good', 'good', 'poor', 'leak', 'rude', 'other'])[1 + n %% 6] end,
    case when n %% 40 = 0 then %(staff)s end
from (select *, row_number() over (order by id desc) as n from calls_call) numbered
""",
    """
insert into calls_turn (call_id, seq, recognition_ms, end_of_turn_ms, model_first_token_ms, first_clause_ms, voice_first_byte_ms, buffer_ms, whole_ms)
select id, seq, 200 + seq, 90, 300 + seq * 7, 80, 160, 10, 840 + seq * 8 from calls_call, generate_series(1, %(turns)s) seq
""",
    "insert into calls_label (name) select case when n = 1 then 'to discuss' else 'label ' || n end from generate_series(1, 10) n order by n",
    """
insert into calls_labelling (review_id, label_id)
select call_id, (select min(id) from calls_label) + n / 20 % 10
from (select call_id, row_number() over (order by call_id) as n from calls_review) numbered
where n % 20 = 0
""",
    "vacuum analyze",
)
FILTERS = (
    "",
    "state=all",
    "state=judged",
    "state=poor",
    "assigned=me",
    "assigned=nobody",
    "flagged=1",
    "wait=1500",
    "wait=3000",
    "interrupted=1",
    "interrupted=3",
    "cost=100000",
    "outcome=busy",
    "use_case=book",
    "label=to+discuss",
    "state=all&flagged=1&use_case=buy&cost=500000",
)
#: Lists of the admin.
ADMIN = (
    *(f"/admin/{table}/" for table in ("calls/review", "calls/call", "calls/turn", "requests_app/request")),
    "/admin/calls/review/?verdict__exact=poor",
    "/admin/calls/call/?status__exact=completed&end_reason=goal_reached",
    "/admin/requests_app/request/?status__exact=done",
)


def main() -> int:
    """Fills, times, prints."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    staff = _fill()
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/staff/reason/", {"reason": "to measure"})
    pages = [f"/staff/?{filters}" for filters in FILTERS] + [f"/staff/quality/?days={days}" for days in (7, 30, 90)]
    pages += [_deep(), _one_call(), "/staff/calls.csv?state=poor", *ADMIN]
    return measure(client, {path: path for path in pages}, LARGE, calls=ROUNDS)


def _fill() -> Any:
    """A member of staff, and everything that there is to review."""
    from django.db import connection

    from context.models import User

    user = User.objects.create_user("bench@floyd.example", name="Bench")
    staff = User.objects.create_user("staff@floyd.example", name="Staff", is_staff=True, is_superuser=True)
    with connection.cursor() as cursor:
        for statement in FILL:
            cursor.execute(
                statement, {"user": user.pk, "staff": staff.pk, "calls": CALLS, "days": DAYS, "turns": TURNS} if "%(" in statement else None
            )
    return staff


def _deep() -> str:
    """The queue from the middle on."""
    from calls.review_models import Review

    return f"/staff/?state=all&before={Review.objects.order_by('-call_id')[CALLS // 2].pk}"


def _one_call() -> str:
    """A call in the middle, with what stands beside it under a filter."""
    from calls.review_models import Review

    return f"/staff/calls/{Review.objects.order_by('-call_id')[CALLS // 3].pk}/?state=all&flagged=1"


if __name__ == "__main__":
    sys.exit(main())

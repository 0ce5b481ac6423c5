"""How well calls go, in figures: per day, by outcome, by stage and service. Read from the queue's rows and the turns; no words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Case, CharField, Count, Sum, Value, When
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from calls.conversation.effects import EndReason
from calls.review import sheet
from calls.review.flags import BAIL_OUTS, DEFECTS
from calls.review_models import Review, Verdict
from calls.status import ENDS, CallStatus
from calls.turn_stages import PARTS, WHOLE

PERIODS = (7, 30, 90)
#: Percentiles are of so many calls, the newest of the period: more would be waited for, and tell no more.
MOST_CALLS = 5000
SHARES = (0.5, 0.9, 0.99)

#: Groups of outcomes, in the order in which they are stacked.
NOBODY = frozenset({*(ENDS - {CallStatus.COMPLETED}), EndReason.VOICEMAIL, EndReason.VOICEMAIL_LEFT})
GROUPS: tuple[tuple[str, str, frozenset[Any]], ...] = (
    ("reached", noop("goal reached"), frozenset({EndReason.GOAL_REACHED})),
    ("nobody", noop("nobody reached"), NOBODY),
    ("gave-up", noop("Floyd gave up"), frozenset(BAIL_OUTS)),
    ("broken", noop("a service or the line failed"), frozenset(DEFECTS)),
)
OTHER = ("other", noop("without result"))

#: Whose work a stage is: the column of the review that names the service. Others are the line's own.
_SERVICES = {"recognition_ms": "recognition", "model_first_token_ms": "model", "first_clause_ms": "model", "voice_first_byte_ms": "voice"}
_STAGES = tuple(part.column for part in (*PARTS, WHOLE))
#: Each stage's times are sorted by themselves, in memory. The fence (`offset 0`) has turns found by their call, never by reading all there are.
_PERCENTILES = """
with newest as (
    select call_id, recognition, model, voice, line from calls_review where ended_at >= %(since)s order by ended_at desc limit %(most)s
),
spoken as materialized (
    select recognition, model, voice, line, turn.* from newest
    cross join lateral (select {stages} from calls_turn where calls_turn.call_id = newest.call_id offset 0) turn
)
{each}
order by 2
""".format(  # noqa: S608  names of ours
    stages=", ".join(_STAGES),
    each=" union all ".join(
        f"select '{stage}', {service}, count(*), percentile_disc(%(shares)s::float8[]) within group (order by {stage})"  # noqa: S608
        f" from spoken where {stage} is not null group by {service}"
        for stage, service in ((stage, _SERVICES.get(stage, "line")) for stage in _STAGES)
    ),
)


@dataclass(slots=True)
class Day:
    """One day. Shares are of a hundred: cut-ins of its replies, bail-outs of the calls that somebody answered."""

    day: date
    groups: Counter[str] = field(default_factory=Counter)
    replies: int = 0
    cut_ins: int = 0
    cost_micros: int = 0

    @property
    def calls(self) -> int:
        """All of them."""
        return sum(self.groups.values())

    @property
    def cut_in_share(self) -> float | None:
        """None without a reply."""
        return 100 * self.cut_ins / self.replies if self.replies else None

    @property
    def bail_out_share(self) -> float | None:
        """None when nobody answered."""
        answered = self.calls - self.groups["nobody"]
        return 100 * (self.groups["gave-up"] + self.groups["broken"]) / answered if answered else None


@dataclass(frozen=True, slots=True)
class Latency:
    """How long a stage took, of one service: median, 90th and 99th percentile in ms."""

    column: str
    name: str
    label: str
    service: str
    turns: int
    p50: int
    p90: int
    p99: int


@dataclass(frozen=True, slots=True)
class Board:
    """All figures of a period."""

    days: list[Day]
    outcomes: list[tuple[str, int]]
    latencies: list[Latency]
    verdicts: list[tuple[str, int]]
    currency: str = ""

    @property
    def calls(self) -> int:
        """How many."""
        return sum(day.calls for day in self.days)


def board(days: int, *, now: datetime | None = None) -> Board:
    """The figures of the last `days` days, today included, on the reader's clocks."""
    today = timezone.localtime(now).date()
    first = today - timedelta(days=days - 1)
    since = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    rows = Review.objects.filter(ended_at__gte=since)
    outcomes = [
        (sheet.ending(row["outcome"]), row["count"]) for row in rows.values("outcome").annotate(count=Count("pk")).order_by("-count", "outcome")
    ]
    judged = {row["verdict"]: row["count"] for row in rows.exclude(verdict="").values("verdict").annotate(count=Count("pk")).order_by()}
    verdicts = [(str(label), judged[value]) for value, label in Verdict.choices if value in judged]
    currency = rows.exclude(currency="").values_list("currency", flat=True).order_by("-ended_at").first() or ""
    return Board(_days(rows, [first + timedelta(days=n) for n in range(days)]), outcomes, _latencies(since), verdicts, currency)


def _days(rows: Any, dates: list[date]) -> list[Day]:
    group = Case(
        *(When(outcome__in=sorted(members), then=Value(name)) for name, _, members in GROUPS), default=Value(OTHER[0]), output_field=CharField()
    )
    counted = (
        rows.annotate(day=TruncDate("ended_at"), group=group)
        .values("day", "group")
        .annotate(calls=Count("pk"), replies=Sum("turns"), cuts=Sum("cut_ins"), cost=Sum("cost_micros"))
        .order_by()
    )
    days = {day: Day(day) for day in dates}
    for row in counted:
        if (day := days.get(row["day"])) is not None:
            day.groups[row["group"]] += row["calls"]
            day.replies += row["replies"] or 0
            day.cut_ins += row["cuts"] or 0
            day.cost_micros += row["cost"] or 0
    return list(days.values())


def _latencies(since: datetime) -> list[Latency]:
    with connection.cursor() as cursor:
        cursor.execute(_PERCENTILES, {"since": since, "most": MOST_CALLS, "shares": list(SHARES)})
        rows = cursor.fetchall()
    named = {part.column: part for part in (*PARTS, WHOLE)}
    order = list(named)
    found = [Latency(stage, named[stage].name, named[stage].label, service or "?", count, *shares) for stage, service, count, shares in rows]
    return sorted(found, key=lambda one: (order.index(one.column), one.service))

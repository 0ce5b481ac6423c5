"""What a user's day has left for calls, and setting aside what the next one may come to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from calls.allowance import Spending, minutes_for_a_call
from calls.conversation.brief import CallBrief
from calls.models import MADE, OPEN_STATUSES, Call
from context.dates import start_of_day
from context.models import User
from context.money import minor_units
from context.user_lock import lock_user
from providers.prices import MICROS
from requests_app import costs
from requests_app.models import Request

MINUTE_MS = 60_000
#: Ringing, the goodbye, and what the carrier adds to a limit.
SPARE_MINUTES = 1


@dataclass(frozen=True, slots=True)
class Day:
    """How much of the day's minutes and money is used or set aside."""

    minutes: int
    max_minutes: int
    spending: Spending


def wanted_minutes(hold_minutes: int) -> int:
    """The most that a call takes if nothing limits it."""
    return settings.MAX_CALL_MINUTES + hold_minutes + SPARE_MINUTES


def reserved_minutes(brief: dict[str, object]) -> int:
    """The most that a call with this brief may take, up to the carrier's own limit on its length."""
    talk_ms, hold = brief.get("max_call_ms"), brief.get("hold_minutes")
    talk = -(-talk_ms // MINUTE_MS) if isinstance(talk_ms, int) else settings.MAX_CALL_MINUTES
    return talk + (hold if isinstance(hold, int) else 0) + SPARE_MINUTES


def day_of(user: User) -> Day:
    """The user's own day so far. Calls that are on count with the most they may come to; so do those whose cost is not known yet."""
    since = start_of_day(user.time_zone, timezone.now())
    # A call that began before midnight and is still on can still cost money today.
    calls = list(
        Call.objects.filter(MADE, user=user, created_at__gte=since - timedelta(hours=2)).only("status", "seconds", "cost", "brief", "created_at")
    )
    open_minutes = sum(reserved_minutes(call.brief or {}) for call in calls if call.status in OPEN_STATUSES)
    today = [call for call in calls if call.status not in OPEN_STATUSES and call.created_at >= since]
    uncharged = sum(-(-call.seconds // 60) for call in today if call.seconds and not call.cost)
    rate = costs.table().reserve_micros_per_minute
    counted = costs.counted_since(user, since) + (open_minutes + uncharged) * rate
    micros_per_minor = MICROS // minor_units(costs.table().currency)
    return Day(
        minutes=sum(call.seconds for call in today) // 60 + open_minutes,
        max_minutes=_least(settings.MAX_CALL_MINUTES_PER_DAY, user.minutes_per_day),
        spending=Spending(counted, _least(settings.MAX_COST_PER_DAY_MINOR, user.cost_per_day_minor) * micros_per_minor, rate),
    )


def _least(site: int, own: int | None) -> int:
    return site if own is None else min(site, own)


def limited(request: Request, brief: CallBrief) -> CallBrief | None:
    """The brief with no more time and money than the day has left; None when there is not enough for a call.

    Holds the user's row until the transaction ends: of two calls that are placed at once the second sees what the first has set aside.
    """
    lock_user(request.user_id)
    day = day_of(request.user)
    left = max(0, day.max_minutes - day.minutes)
    minutes = minutes_for_a_call(wanted_minutes(brief.hold_minutes), minutes_left=left, spending=day.spending)
    return shortened(brief, minutes, day.spending.left_micros) if minutes else None


def shortened(brief: CallBrief, minutes: int, max_cost_micros: int | None) -> CallBrief:
    """The brief of a call that may take `minutes` in all: waiting on hold is given up before talking is."""
    talk = min(settings.MAX_CALL_MINUTES, max(1, minutes - SPARE_MINUTES))
    hold = max(0, min(brief.hold_minutes, minutes - SPARE_MINUTES - talk))
    return replace(brief, max_call_ms=talk * MINUTE_MS, hold_minutes=hold, max_cost_micros=max_cost_micros)

"""Ringing back a caller whose own call could not be taken: what must be true before, and what such calls may come to. See decision 64.

The call is one that came in, as to who talks and what it leads to; it is dialled as all others are (`dialling.order`), once for its row.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from calls import gates
from calls.allowance import Spending, minutes_for_a_call
from calls.conversation.brief import CallBrief
from calls.gate_queries import rules, usage_of
from calls.models import OPEN_STATUSES, RUNG_BACK, Call, Suppression
from calls.reserving import SPARE_MINUTES, Day, reserved_minutes, shortened, wanted_minutes
from calls.status import CallStatus
from context.dates import start_of_day, zone
from context.models import User
from context.money import minor_units
from providers.prices import MICROS
from requests_app import costs
from requests_app.opt_out import wants_texts
from requests_app.telling import quiet_until

#: It rings shorter than other calls: most mailboxes come later.
RING_S = 25
#: Who asked to be called now is not called later than so long after the call's row was made, whatever held up its order.
ORDERED_WITHIN = timedelta(minutes=2)
#: When something else is in the way, the next look.
LOOK_AGAIN = timedelta(seconds=15)
#: Days of nobody in particular.
TIME_ZONE = "UTC"
#: Serialises them all: of two at once the second sees what the first has set aside.
_LOCK = 64_001
OTHERS_FIRST = noop("Others are being called back right now.")


def are_switched_on() -> bool:
    """Whether anybody is rung back at all."""
    return bool(min(settings.MAX_CALL_BACKS_PER_DAY, settings.MAX_CALLS_PER_DAY) and rules().has_line)


def wants_none(number: str) -> bool:
    """Whether whoever has the number said STOP, or is never to be dialled."""
    return not wants_texts(number) or Suppression.objects.filter(number=number).exists()


def may_still_be_ordered(call: Call) -> bool:
    """Whether a row that waits for its order may have it: it is fresh, and its callee has not said STOP since."""
    return call.created_at > timezone.now() - ORDERED_WITHIN and not wants_none(call.number)


def in_turn() -> None:
    """Waits for other transactions that ring somebody back, and holds up those that come until this one ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])


def verdict(number: str, *, unasked: User | None = None) -> gates.Verdict:
    """What the gates say about ringing `number` back now. To be asked `in_turn`.

    Args:
        unasked: the user whose own phone it is, where Floyd rings it without having been asked; their hours, limits and quiet hours hold, too.
    """
    now = timezone.now()
    if Call.objects.filter(RUNG_BACK, status__in=OPEN_STATUSES).count() >= settings.MAX_CALL_BACKS_AT_ONCE:
        return gates.later(now + LOOK_AGAIN, OTHERS_FIRST)
    verdict = gates.check(_asked_for(number, now))
    if unasked is None or verdict.decision is not gates.Decision.OK:
        return verdict
    return gates.check(_unasked(number, unasked, now))


def _asked_for(number: str, now: datetime) -> gates.Dial:
    """Who asks to be called now is called at any hour, at the site's cost."""
    day = _day(now)
    used = gates.Usage(
        calls=Call.objects.filter(RUNG_BACK, created_at__gte=start_of_day(TIME_ZONE, now))
        .exclude(status=CallStatus.FAILED, carrier_sid=None)
        .count(),
        max_calls=settings.MAX_CALL_BACKS_PER_DAY if settings.MAX_CALLS_PER_DAY else 0,
        minutes=day.minutes,
        max_minutes=day.max_minutes,
        wanted_minutes=wanted_minutes(0),
        spending=day.spending,
    )
    return gates.Dial(
        callee=gates.Callee(number=number, suppressed=wants_none(number)),
        rules=replace(rules(), calling_hours=(0, 24)),
        usage=used,
        others=_others(number),
        user_time_zone=TIME_ZONE,
        now=now,
    )


def _unasked(number: str, user: User, now: datetime) -> gates.Dial:
    return gates.Dial(
        callee=gates.Callee(
            number=number,
            do_not_call=user.contacts.filter(phone=number, do_not_call=True).exists(),
            suppressed=wants_none(number),
            time_zone=user.time_zone,
        ),
        rules=rules(),
        usage=usage_of(user, wanted_minutes(0)),
        others=_others(number),
        user_time_zone=user.time_zone,
        now=now,
        put_off_until=quiet_until(now.astimezone(zone(user.time_zone)), user.quiet_from, user.quiet_to),
    )


def _others(number: str) -> gates.Others:
    return gates.Others(call_open_for_number=Call.objects.filter(number=number, status__in=OPEN_STATUSES).exists())


def limited(brief: CallBrief) -> CallBrief | None:
    """The brief with no more time and money than the site's day has left; None when there is not enough for a call. To be asked `in_turn`."""
    day = _day(timezone.now())
    minutes = minutes_for_a_call(wanted_minutes(0), minutes_left=max(0, day.max_minutes - day.minutes), spending=day.spending)
    return shortened(brief, minutes, day.spending.left_micros) if minutes else None


def _day(now: datetime) -> Day:
    """What all calls of this kind came to today. Those that are on, or whose cost is not known yet, count with the most they may come to."""
    since = start_of_day(TIME_ZONE, now)
    calls = list(Call.objects.filter(RUNG_BACK, created_at__gte=since).only("status", "seconds", "cost", "brief"))
    rate, minutes, counted = costs.table().reserve_micros_per_minute, 0, 0
    for call in calls:
        is_on = call.status in OPEN_STATUSES
        used = reserved_minutes(call.brief or {}) if is_on else -(-call.seconds // 60)
        minutes += used
        known = [micros for micros in (call.cost or {}).values() if isinstance(micros, int)]
        counted += used * rate if is_on or not known or None in call.cost.values() else sum(known)
    micros_per_minor = MICROS // minor_units(costs.table().currency)
    return Day(
        minutes=minutes,
        max_minutes=settings.MAX_CALL_BACKS_PER_DAY * (settings.MAX_CALL_MINUTES + SPARE_MINUTES),
        spending=Spending(counted, settings.MAX_CALL_BACK_COST_PER_DAY_MINOR * micros_per_minor, rate),
    )

"""How a user is told something: which ways, in which order, and whether it waits until they are up. Pure but for `usable`."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum

from django.conf import settings

from context.bounced import is_bounced
from context.choices import TellBy
from context.mail_address import is_email_verified
from context.mail_models import PushSubscription
from context.models import User
from context.signed_in import zone_of
from requests_app.models import Channel, Question, Request, Way

#: Without a wish of the user's, and when the first fails: what is seen soonest comes first.
ORDER = (Way.TEXT, Way.PUSH, Way.EMAIL)
#: Whoever did something this long ago is up, whatever their quiet hours say.
UP_FOR = timedelta(minutes=15)


class Matters(StrEnum):
    """How soon something matters."""

    NOW = "now"  # somebody waits on the line, or the user wrote a moment ago
    SOON = "soon"  # may wait until the user's quiet hours end


def usable(user: User) -> frozenset[Way]:
    """The ways that lead to this user at all."""
    ways = {
        Way.TEXT: bool(user.phone and user.phone_verified_at),
        Way.PUSH: bool(settings.VAPID_PRIVATE_KEY) and PushSubscription.objects.filter(user=user).exists(),
        Way.EMAIL: bool(settings.MAIL_FROM) and is_email_verified(user) and not is_bounced(user.email),
    }
    return frozenset(way for way, works in ways.items() if works)


def order(preferred: str, can: frozenset[Way], *, came_by: Way | None = None) -> tuple[Way, ...]:
    """The ways in which to tell, best first.

    Args:
        preferred: what the user chose (`TellBy`).
        came_by: the way in which the user asked, if it was one of these: the answer goes back the same way.
    """
    if preferred == TellBy.PAGES and came_by is None:
        return ()
    wished = [way for way in ORDER if way == preferred]
    first = [came_by] if came_by else []
    rest = [] if preferred == TellBy.PAGES else list(ORDER)
    return tuple(way for way in dict.fromkeys([*first, *wished, *rest]) if way in can)


def ways_for(user: User, request: Request | None, came_by: Way | None = None) -> tuple[Way, ...]:
    """The ways in which to tell this user something about that request, best first."""
    if came_by is None and request is not None and request.channel == Channel.EMAIL:
        came_by = Way.EMAIL
    return order(user.tell_by, usable(user), came_by=came_by)


def quiet_until(moment: datetime, quiet_from: time | None, quiet_to: time | None) -> datetime | None:
    """When the quiet hours end in which `moment` (in the user's zone) lies; None when it lies in none."""
    if quiet_from is None or quiet_to is None or quiet_from == quiet_to:
        return None
    now = moment.timetz().replace(tzinfo=None)
    over_midnight = quiet_from > quiet_to
    if not (now >= quiet_from or now < quiet_to if over_midnight else quiet_from <= now < quiet_to):
        return None
    day = moment.date() + timedelta(days=1 if over_midnight and now >= quiet_from else 0)
    return datetime.combine(day, quiet_to, tzinfo=moment.tzinfo)


def waits_until(user: User, matters: Matters, now: datetime) -> datetime | None:
    """Until when to keep it; None: it goes at once."""
    if matters is Matters.NOW:
        return None
    until = quiet_until(now.astimezone(zone_of(user)), user.quiet_from, user.quiet_to)
    return None if until is None or _is_up(user, now) else until


def _is_up(user: User, now: datetime) -> bool:
    since = now - UP_FOR
    asked = Request.objects.filter(user=user, created_at__gte=since).exists()
    return asked or Question.objects.filter(request__user=user, answered_at__gte=since).exists()

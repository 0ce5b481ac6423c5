"""The private address under which a user's calendar can be subscribed to: whoever has it may read the calendar, so it is secret and can be revoked.

The address is looked up by the user's number and compared in constant time; it stands in no log (`floyd_site.log_settings`).
"""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from context import often
from context.models import CalendarEntry, FactStatus, User

SECRET_BYTES = 32
#: What a calendar program is given: everything ahead, and what was lately.
BACK = timedelta(days=365)
MOST = 2000
#: Programs ask a few times an hour; more than this within a minute is somebody trying.
MOST_PER_MINUTE = 30


def address(user: User) -> str:
    """The whole address; empty when there is none."""
    return f"{settings.SITE_URL}{reverse('calendar-feed', args=[user.pk, user.calendar_token])}" if user.calendar_token else ""


@transaction.atomic
def renew(*, user: User) -> str:
    """Makes a new address; the old one works no more."""
    user.calendar_token = secrets.token_urlsafe(SECRET_BYTES)
    user.save(update_fields=["calendar_token"])
    return address(user)


@transaction.atomic
def revoke(*, user: User) -> None:
    """Ends the address."""
    user.calendar_token = ""
    user.save(update_fields=["calendar_token"])


def user_of(user_id: int, secret: str) -> User | None:
    """Whose calendar an address opens; None for one that opens none. It takes the same time either way."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    known = user.calendar_token if user is not None and user.calendar_token else secrets.token_urlsafe(SECRET_BYTES)
    return user if hmac.compare_digest(known.encode(), secret.encode()) else None


def too_often(user_id: int) -> bool:
    """Whether a calendar was asked for too often within this minute, by whomever."""
    return often.too_often(f"calendar-feed:{user_id}", most=MOST_PER_MINUTE, within_s=60)


def entries(user: User) -> QuerySet[CalendarEntry]:
    """What stands in the calendar: neither what was only proposed nor what was taken out."""
    rows = CalendarEntry.objects.filter(user=user, status=FactStatus.CONFIRMED, starts_at__gte=timezone.now() - BACK)
    return rows.select_related("contact").order_by("starts_at")[:MOST]

"""Times as a page shows them: in the time zone and language that are active where it is drawn."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def clock_on_a_page(local: datetime) -> str:
    """E.g. "2:15 pm". `local` is in the time zone that is to be shown."""
    return date_format(local, _("g:i a")).replace(".", "")


def appointment_on_a_page(starts_at: datetime, *, all_day: bool) -> str:
    """E.g. "Mon 7 Dec 2026, 2:15 pm". `starts_at` is aware."""
    local = timezone.localtime(starts_at)
    day = date_format(local, _("D j M Y"))
    return day if all_day else f"{day}, {clock_on_a_page(local)}"

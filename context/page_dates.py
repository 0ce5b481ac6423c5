"""Times as a page shows them: in the time zone and language that are active where it is drawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from context.german_hours import in_english, in_german, is_german
from context.hours import hours_in_words, parse_hours


def clock_on_a_page(local: datetime, *, seconds: bool = False) -> str:
    """E.g. "2:15 pm", with seconds "2:15:07 pm". `local` is in the time zone that is to be shown."""
    return date_format(local, _("g:i:s a") if seconds else _("g:i a")).replace(".", "")


def appointment_on_a_page(starts_at: datetime, *, all_day: bool) -> str:
    """E.g. "Mon 7 Dec 2026, 2:15 pm". `starts_at` is aware."""
    day = date_format(timezone.localtime(starts_at), _("D j M Y"))
    return day if all_day else with_hour(starts_at, _("D j M Y"))


def with_hour(moment: datetime, day_format: str) -> str:
    """The day as `day_format` says, and the hour: "Mon 7 Dec, 2:15 pm". `moment` is aware."""
    local = timezone.localtime(moment)
    return f"{date_format(local, day_format)}, {clock_on_a_page(local)}"


def hours_on_a_page(hours: dict[str, Any]) -> str:
    """Opening hours as on `Contact.hours`, in the page's language and the hours that it counts: "Mon-Fri 8:00 am-5:00 pm"."""
    words = hours_in_words(hours, twelve="a" in _("g:i a"))
    return in_german(words) if is_german(get_language()) else words


def hours_from_a_page(text: str) -> dict[str, Any] | None:
    """Reads what was typed on a page, in its language or in English; None when it cannot be read."""
    hours = parse_hours(text)
    return parse_hours(in_english(text)) if hours is None and is_german(get_language()) else hours

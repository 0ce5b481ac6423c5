"""How values read on a page: `{% load floyd %}`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import phonenumbers
from django import template
from django.template.defaultfilters import capfirst
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from context import page_dates
from context.figures import amount, figures, price
from context.kept_words import said
from context.page_dates import clock_on_a_page
from requests_app.costs import price_in_words
from requests_app.models import Request
from requests_app.outcome import ItemKind
from requests_app.status import Status

register = template.Library()

#: Colour has a meaning: something is going on, the user is needed, it worked, it did not, nothing goes on.
TONES = {
    Status.PENDING: "live",
    Status.PLANNING: "live",
    Status.FINDING_NUMBER: "live",
    Status.WAITING_FOR_USER: "wait",
    Status.SCHEDULED: "idle",
    Status.CALLING: "live",
    Status.WRAPPING_UP: "live",
    Status.DONE: "done",
    Status.FAILED: "fail",
    Status.CANCELLED: "idle",
}


#: What sort of result an item of an outcome is.
ITEM_KINDS = {
    ItemKind.TOLD: lazy("Told"),
    ItemKind.AGREED: lazy("Agreed"),
    ItemKind.LEARNED: lazy("Learned"),
    ItemKind.OFFERED: lazy("Offered"),
    ItemKind.PROMISED: lazy("Promised"),
}


@register.filter
def tone(status: str) -> str:
    """The colour of a status."""
    return TONES[Status(status)]


@register.filter
def clock(milliseconds: int) -> str:
    """A time within a call, m:ss."""
    minutes, seconds = divmod(int(milliseconds) // 1000, 60)
    return f"{minutes}:{seconds:02d}"


@register.filter
def seconds(milliseconds: int | None) -> str:
    """A duration, e.g. 0.64 s."""
    return "" if milliseconds is None else figures(f"{milliseconds / 1000:.2f} s")


@register.filter
def money(amount_minor: Any, currency: str) -> str:
    """An amount, e.g. $80.00; empty when it is not one."""
    return amount(amount_minor, currency) if isinstance(amount_minor, int) else ""


@register.filter
def micros(amount_micros: Any, currency: str) -> str:
    """A price in millionths to be compared, e.g. 0.0312 USD: to the cent where that tells enough, else to a hundredth of one."""
    return figures(price_in_words(amount_micros, currency)) if isinstance(amount_micros, int) else ""


@register.filter(name="price")
def price_filter(amount_micros: Any, currency: str) -> str:
    """A price in millionths as a person says it, e.g. 3 cents; empty when it is not one."""
    return price(amount_micros, currency) if isinstance(amount_micros, int) else ""


@register.filter
def phone(number: str) -> str:
    """A phone number in groups, e.g. +1 519-555-0110."""
    try:
        return str(phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL))
    except phonenumbers.NumberParseException:
        return number


@register.filter
def second(at: datetime) -> str:
    """The hour to the second, where several things happen in a minute: 2:15:07 pm."""
    return clock_on_a_page(timezone.localtime(at), seconds=True)


@register.filter
def moment(at: datetime | None) -> str:
    """A time as people say it: the hour today, else with the day."""
    if at is None:
        return ""
    local, today = timezone.localtime(at), timezone.localdate()
    hour = clock_on_a_page(local)
    day = local.date()
    if day == today:
        return hour
    if day == today - timedelta(days=1):
        return _("yesterday, %(hour)s") % {"hour": hour}
    if day == today + timedelta(days=1):
        return _("tomorrow, %(hour)s") % {"hour": hour}
    return date_format(local, _("j M Y") if day.year != today.year else _("D j M")) + f", {hour}"


@register.filter
def with_hour(at: datetime | None, day_format: str) -> str:
    """A day in this format, and the hour: {{ at|with_hour:_("D j M") }}."""
    return "" if at is None else page_dates.with_hour(at, day_format)


@register.filter(name="said")
def said_filter(kept: Any) -> Any:
    """A kept sentence of Floyd's, or each of several, in the reader's language."""
    if isinstance(kept, (list, tuple)):
        return [said(one) for one in kept]
    return said(kept)


@register.filter
def quoted(words: Any) -> str:
    """Somebody's words between the quotation marks of the reader's language."""
    return _("“%(words)s”") % {"words": words}


@register.filter
def item_kind(kind: str) -> str:
    """What sort of result an item of an outcome is, as a label."""
    return str(ITEM_KINDS.get(kind, capfirst(kind)))  # type: ignore[call-overload]


@register.filter
def inside(label: str) -> str:
    """A label within a sentence: with a small letter, but where nouns have a capital one."""
    return label if get_language() == "de" else label.lower()


@register.filter
def title(wish: Request) -> str:
    """What a request is called in lists: the plan's title, until then the ask."""
    return str((wish.plan or {}).get("title") or wish.ask)


@register.filter
def gist(wish: Request) -> str:
    """Where a request stands, in a line."""
    outcome, plan = wish.outcome or {}, wish.plan or {}
    callee = (plan.get("callee") or {}).get("name", "")
    if wish.status == Status.SCHEDULED and wish.not_before:
        return f"{callee}, {moment(wish.not_before)}".lstrip(", ")
    if wish.status == Status.FAILED and wish.trouble:
        return said(wish.trouble)
    return said(str(outcome.get("answer") or outcome.get("summary") or callee or ""))

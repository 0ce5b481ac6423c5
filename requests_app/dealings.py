"""Past dealings with somebody: what earlier calls came to, as typed values that code has checked. Nothing a callee said in free text.

This app knows of no calls; the app that does registers a source when it starts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from context.dates import date_in_words, zone
from context.models import CalendarEntry, User
from context.money import format_amount
from requests_app.models import Request

MOST_OF_ONE = 5
MOST_VISITS = 3
_CALLED = noop("Floyd called")
_AGREED = noop("agreed")
#: What a call was for, by kind of plan.
_FOR = {
    "inform": noop("Floyd passed on a message"),
    "enquire": noop("Floyd asked something"),
    "buy": noop("Floyd called about an order"),
    "book": noop("Floyd called about a booking"),
    "change": noop("Floyd called to change something"),
    "cancel": noop("Floyd called to cancel something"),
}


@dataclass(frozen=True, slots=True)
class Agreed:
    """Something that was agreed to; `item` is a short name, `when` a date or time in plain words."""

    item: str
    amount_minor: int | None = None
    currency: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Dealing:
    """One earlier call in which a person was reached."""

    day: date
    kind: str
    agreed: tuple[Agreed, ...] = ()
    reference: str = ""

    def to_json(self) -> dict[str, Any]:
        """As a snapshot keeps it."""
        return {**asdict(self), "day": self.day.isoformat(), "agreed": [asdict(one) for one in self.agreed]}

    @property
    def words(self) -> str:
        """E.g. "Tuesday, 3 November 2026: Floyd called about an order; agreed: roses, $64, Friday; reference A-1234"."""
        parts = [f"{date_in_words(self.day)}: {_FOR.get(self.kind, _CALLED)}"]
        if self.agreed:
            parts.append(f"{_AGREED}: {' and '.join(_agreed(one) for one in self.agreed)}")
        return "; ".join([*parts, *([noop("reference %(number)s") % {"number": self.reference}] if self.reference else [])])


def from_json(data: dict[str, Any]) -> Dealing:
    """Back from a snapshot."""
    agreed = tuple(Agreed(**one) for one in data.get("agreed", ()))
    return Dealing(date.fromisoformat(data["day"]), str(data["kind"]), agreed, str(data.get("reference", "")))


def _agreed(one: Agreed) -> str:
    price = format_amount(one.amount_minor, one.currency) if one.amount_minor is not None else ""
    return ", ".join(part for part in (one.item, price, one.when) if part) or "yes"


#: Finds a user's dealings by E.164 number, newest first, apart from those of one request.
Source = Callable[[User, Collection[str], Request], dict[str, list[Dealing]]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Where dealings are found. Call it from an app's `ready`."""
    if source not in _sources:
        _sources.append(source)


def with_numbers(request: Request, numbers: Iterable[str]) -> dict[str, list[Dealing]]:
    """Earlier dealings of the request's user with these numbers, newest first, a few of each."""
    wanted = {number for number in numbers if number}
    found: dict[str, list[Dealing]] = {}
    for source in _sources if wanted else ():
        for number, past in source(request.user, wanted, request).items():
            found[number] = [*found.get(number, ()), *past][:MOST_OF_ONE]
    return found


def with_contacts(request: Request, contacts: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Dealings with contacts of a snapshot, by the contact's id, as the snapshot keeps them."""
    found = with_numbers(request, (str(contact["phone"]) for contact in contacts))
    return {contact["id"]: [one.to_json() for one in found[contact["phone"]]] for contact in contacts if contact["phone"] in found}


def in_words(request: Request) -> tuple[str, ...]:
    """What is known of earlier dealings with whom the request is about to call: calls, then past appointments with the contact."""
    past = [one.words for one in with_numbers(request, [request.number]).get(request.number, ())]
    return (*past, *_visits(request))


def _visits(request: Request) -> Iterable[str]:
    if request.contact_id is None:
        return []
    entries = CalendarEntry.objects.filter(user=request.user, contact=request.contact_id, starts_at__lt=timezone.now()).order_by("-starts_at")
    own = zone(request.user.time_zone)
    days = dict.fromkeys(starts_at.astimezone(own).date() for starts_at in entries.values_list("starts_at", flat=True)[:MOST_VISITS])
    return [noop("%(day)s: an appointment there") % {"day": date_in_words(day)} for day in days]

"""Charging what a request uses, and summing it up. A line is written once for each key, and priced by the table in force that day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from context.models import User
from live.publish import publish
from providers.prices import MICROS, PriceTable
from providers.types import Usage
from requests_app.charge import Basis, Charge, Component
from requests_app.life import topics
from requests_app.models import Request


def table() -> PriceTable:
    """The price table of the settings."""
    found: PriceTable = settings.PRICES
    return found


def tokens(usage: Usage) -> dict[str, int]:
    """Tokens as they are priced: cached ones apart."""
    cached = min(usage.cached_tokens, usage.prompt_tokens)
    return {"input_tokens": usage.prompt_tokens - cached, "cached_tokens": cached, "output_tokens": usage.completion_tokens}


@dataclass(frozen=True, slots=True)
class Used:
    """What was used of one service. `reserve_micros`: what counts against limits if its price is unknown."""

    component: Component
    what: str
    quantities: Mapping[str, int]
    reserve_micros: int = 0


@transaction.atomic
def write(*, request: Request, used: Iterable[Used], key: str, call: UUID | None = None, at: datetime | None = None) -> None:
    """Writes down what was used, priced. The same key again brings those lines up to date. Whoever calls it shows it (`show`).

    Args:
        key: of the whole, e.g. the call; each line adds its service.
        at: when it was used, for the price of that day; now when left out.
    """
    prices, day = table(), (at or timezone.now()).date()
    for one in used:
        micros = prices.micros(one.component, one.what, one.quantities, day)
        values: dict[str, Any] = {
            "quantities": dict(one.quantities),
            "micros": micros,
            "counted_micros": one.reserve_micros if micros is None else micros,
            "currency": prices.currency,
        }
        fixed = {"user": request.user, "request": request, "call": call, "component": one.component, "what": one.what[:80]}
        line, is_new = Charge.objects.get_or_create(key=f"{key}:{one.component}:{one.what}"[:120], defaults=fixed | values)
        if not is_new and line.basis != Basis.REPORTED:
            Charge.objects.filter(pk=line.pk).update(**values)


def show(request: Request) -> None:
    """Shows what a request costs now. After changes of a call: topics are taken in that order everywhere."""
    publish(topics=topics(request.pk, request.user_id), kind="request", ref=request.pk)


@transaction.atomic
def charge_thinking(*, request: Request, model: str, usage: Usage, call: UUID | None = None) -> None:
    """Charges one form that was filled for a request (a plan, an outcome)."""
    if usage.prompt_tokens or usage.completion_tokens:
        write(request=request, used=[Used(Component.MODEL, model, tokens(usage))], key=f"think:{uuid4()}", call=call)
        show(request)


def take_reported(*, line: Charge, micros: int) -> None:
    """Puts a service's own price in the place of ours."""
    Charge.objects.filter(pk=line.pk).update(micros=micros, counted_micros=micros, basis=Basis.REPORTED)


def counted_since(user: User, since: datetime) -> int:
    """What counts against the user's daily limit since then, in micro-units."""
    return Charge.objects.filter(user=user, created_at__gte=since).aggregate(total=Sum("counted_micros"))["total"] or 0


def price_in_words(micros: int, currency: str) -> str:
    """E.g. "1.25 USD", or "0.0312 USD" below ten cents. With the code: it need not be the user's own currency."""
    places = 2 if micros >= MICROS // 10 or not micros else 4
    return f"{micros / MICROS:.{places}f} {currency}"


@dataclass(frozen=True, slots=True)
class Cost:
    """What was spent on one component. `unknown`: something of it has no price in the table, so that `micros` is not all."""

    component: Component
    micros: int
    currency: str
    unknown: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """In a word."""
        return str(self.component.label)


@dataclass(frozen=True, slots=True)
class Bill:
    """All costs of a request, or of one of its calls."""

    costs: tuple[Cost, ...]
    currency: str

    @property
    def micros(self) -> int:
        """Everything whose price is known."""
        return sum(cost.micros for cost in self.costs)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Services whose price is not known."""
        return tuple(name for cost in self.costs for name in cost.unknown)


def bill(request: Request, call: UUID | None = None) -> Bill:
    """What a request has cost so far; with `call`, what that call has. One query."""
    rows = [row for row in Charge.objects.filter(request=request) if call is None or row.call == call]
    return summed(rows)


def priced(used: Iterable[Used], at: datetime | None = None) -> Bill:
    """What that cost by the table, without writing it down."""
    prices, day = table(), (at or timezone.now()).date()
    lines = [(one.component, one.what[:80], prices.micros(one.component, one.what, one.quantities, day)) for one in used]
    return summed(Charge(component=component, what=what, micros=micros, currency=prices.currency) for component, what, micros in lines)


def summed(rows: Iterable[Charge]) -> Bill:
    """Lines by component, in the order in which a call uses them."""
    rows = list(rows)
    costs = []
    for component in Component:
        mine = [row for row in rows if row.component == component]
        if mine:
            unknown = tuple(dict.fromkeys(row.what for row in mine if row.micros is None))
            costs.append(Cost(component, sum(row.micros or 0 for row in mine), mine[0].currency, unknown))
    return Bill(tuple(costs), rows[0].currency if rows else table().currency)

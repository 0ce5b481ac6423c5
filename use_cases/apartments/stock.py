"""The building's data: read from its file, and kept so that its days lie ahead."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from context.dates import zone
from use_cases.apartments.models import Apartment
from use_cases.apartments.slots import TourRules

FILE = Path(__file__).parent / "data" / "apartments.toml"


@cache
def data() -> dict[str, Any]:
    """The data file."""
    return tomllib.loads(FILE.read_text("utf-8"))


@cache
def rules() -> TourRules:
    """When tours take place."""
    tours = data()["tours"]
    return TourRules(data()["building"]["time_zone"], tours["hours"], tours["minutes"], tours["notice_minutes"], tours["days_ahead"])


#: Days of an apartment that move on by themselves.
MOVING = ("available_from", "special_until")


def refresh_now() -> int:
    """As `refresh`, counted from today where the building is."""
    return refresh(timezone.now().astimezone(zone(rules().time_zone)).date())


@transaction.atomic
def refresh(today: date) -> int:
    """Adds apartments of the file that are missing, and moves days that are past: safe at any time.

    What a person edited stays, and so does a day in the past that they set ("free since").

    Returns:
        How many apartments were added or changed.
    """
    changed = 0
    for entry in data()["apartments"]:
        fields = dict(entry)
        free, special = (timedelta(days=fields.pop(name)) for name in ("available_in_days", "special_in_days"))
        days = {"available_from": today + free, "special_until": today + special if special else None}
        fields |= {"currency": data()["building"]["currency"], **days}
        apartment, is_new = Apartment.objects.get_or_create(layout=fields.pop("layout"), defaults=fields)
        kept = apartment.days_kept
        past = [name for name, day in days.items() if day and name not in kept and (now := getattr(apartment, name)) and now < today]
        for name in past:
            setattr(apartment, name, days[name])
        if past:
            apartment.save(update_fields=past)
        changed += bool(past) or is_new
    return changed

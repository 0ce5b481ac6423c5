"""The restaurant as its data file says: name, address, menu and kitchen."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from use_cases.restaurant.kitchen import Kitchen
from use_cases.restaurant.menu import Menu, read_menu

FILE = Path(__file__).parent / "data" / "menu.toml"


@dataclass(frozen=True, slots=True)
class House:
    """One restaurant. The fee is in minor units of the menu's currency."""

    name: str
    address: str
    menu: Menu
    kitchen: Kitchen
    delivery_fee_minor: int


@cache
def house() -> House:
    """The restaurant of data/menu.toml."""
    data = tomllib.loads(FILE.read_text("utf-8"))
    about, works = data["restaurant"], data["restaurant"]["kitchen"]
    kitchen = Kitchen(
        about["time_zone"], about["hours"], works["minutes"], works["minutes_per_extra"], works["delivery_minutes"], works["days_ahead"]
    )
    return House(about["name"], about["address"], read_menu(data), kitchen, works["delivery_fee_minor"])

"""Reads the price table: the one that comes with Floyd, or a file of one's own."""

from __future__ import annotations

import tomllib
from pathlib import Path

from floyd_site.env import SettingError
from providers.prices import PriceTable, PriceTableError, read_table

OURS = Path(__file__).with_name("prices.toml")


def load(path: str) -> PriceTable:
    """The table in the TOML file at `path`; empty: ours.

    Raises:
        SettingError: there is no such file, or it is no price table.
    """
    file = Path(path) if path else OURS
    try:
        return read_table(tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, PriceTableError, UnicodeDecodeError) as error:
        raise SettingError(f"PRICE_TABLE ({file}) is not a price table: {error}. floyd_site/prices.toml shows how one looks.") from None

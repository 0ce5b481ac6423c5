"""The restaurant of the tests: the one that is in the folder."""

import tomllib
from pathlib import Path

import use_cases.restaurant
from use_cases.restaurant.menu import read_menu

DATA = tomllib.loads((Path(use_cases.restaurant.__file__).parent / "data" / "menu.toml").read_text())
MENU = read_menu(DATA)

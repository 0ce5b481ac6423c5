"""Use cases in folders of their own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.use_cases import folder


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of use cases with a greenhouse and a garage in it."""
    folder.moved(monkeypatch, tmp_path)
    folder.write(tmp_path)
    garage = folder.TOML.replace("greenhouse", "garage").replace("Greenhouse", "Garage").split("[keys.1]")[0]
    folder.write(tmp_path, "garage", toml=garage, prompt="You answer for a garage.", tools="")
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith(("use_cases.greenhouse", "use_cases.garage"))]:
        del sys.modules[name]

"""The table of statuses in the documentation is the one in the code, and each change has a test that shows it."""

import re
from pathlib import Path

import pytest

from requests_app.status import TRANSITIONS

ROOT = Path(__file__).parents[2]
ROWS = re.findall(r"^\| (\w+) \| (\w+) \| ([^|]+) \| `([^`]+)` \|$", (ROOT / "docs" / "statuses.md").read_text(), re.M)


def test_every_change_is_listed_with_its_reason_and_nothing_else_is():
    in_code = [(before.value, after.value, why) for before, changes in TRANSITIONS.items() for after, why in changes.items()]
    assert [row[:3] for row in ROWS] == in_code


@pytest.mark.parametrize("name", sorted({row[3] for row in ROWS}))
def test_the_test_that_shows_it_exists(name):
    path, _, function = name.partition("::")
    assert re.search(rf"^ *(?:async )?def {function}\(", (ROOT / path).read_text(), re.M)

"""How rows are locked, read from the source.

A row that is locked to be changed is locked with `no_key=True`: else everybody who writes a row that only points at it waits for it, and two who
each hold what the other points at wait in a circle.
"""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: These delete what they lock.
DELETE = {"context/leaving.py", "context/retiring.py", "requests_app/retention.py", "requests_app/undo.py"}


def sources() -> dict[str, str]:
    """The apps' modules."""
    paths = (path for app in ("calls", "context", "live", "requests_app", "use_cases") for path in (ROOT / app).rglob("*.py"))
    return {str(path.relative_to(ROOT)): path.read_text() for path in paths}


def test_only_who_deletes_locks_the_key():
    locking = {name for name, text in sources().items() for call in re.findall(r"select_for_update\((.*)", text) if "no_key=True" not in call}
    assert locking == DELETE


def test_a_lock_says_whose_rows_it_means():
    """With a join and no `of`, the rows that are joined are locked as well."""
    lines = [(name, line) for name, text in sources().items() for line in text.splitlines()]
    assert [found for found in lines if "select_for_update(" in found[1] and "select_related(" in found[1] and "of=(" not in found[1]] == []

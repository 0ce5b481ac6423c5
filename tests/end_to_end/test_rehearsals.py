"""Scenario files played through every real process, several at a time: each ends as its file says, and nothing leaks."""

import json
import warnings
from pathlib import Path
from typing import Any

import pytest

from floyd_site.rehearsal.scenario import SCENARIOS, read_scenarios
from tests.end_to_end.processes import running

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(1500), pytest.mark.xdist_group("end_to_end")]


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory):
    """Everything in one run; gives the report of each by name.

    What failed is rehearsed once more, alone and in processes of its own; what leaked is not: once is too often.
    """
    reports = _rehearse(tmp_path_factory.mktemp("floyd"))
    if again := [name for name, one in reports.items() if not one["success"] and not one["leaks"]]:
        why = "\n".join(f"{name}: {reports[name]['why']}" for name in again)
        warnings.warn(f"rehearsed once more:\n{why}", stacklevel=1)
        reports |= _rehearse(tmp_path_factory.mktemp("again"), "--together", "1", *again)
    return reports


def _rehearse(home: Path, *arguments: str) -> dict[str, dict[str, Any]]:
    with running(home) as processes:
        done = processes.manage("floyd", "rehearse", "--json", *arguments, timeout_s=840)
        output = processes.output[-4000:]
    assert done.stdout.strip(), f"{done.stderr[-3000:]}\n{output}"
    return {one["name"]: one for one in json.loads(done.stdout)["scenarios"]}


@pytest.mark.parametrize("name", read_scenarios(SCENARIOS))
def test_scenario(rehearsed, name):
    result = rehearsed[name]
    assert result["success"], result["why"]
    assert result["leaks"] == []

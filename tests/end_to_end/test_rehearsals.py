"""Scenario files played through every real process, several at a time: each ends as its file says, and nothing leaks."""

import json

import pytest

from floyd_site.rehearsal.scenario import SCENARIOS, read_scenarios
from tests.end_to_end.processes import running

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(900), pytest.mark.xdist_group("end_to_end")]


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory):
    """Everything in one run; gives the report of each by name."""
    with running(tmp_path_factory.mktemp("floyd")) as processes:
        done = processes.manage("floyd", "rehearse", "--json", timeout_s=840)
        output = processes.output[-4000:]
    assert done.stdout.strip(), f"{done.stderr[-3000:]}\n{output}"
    return {one["name"]: one for one in json.loads(done.stdout)["scenarios"]}


@pytest.mark.parametrize("name", read_scenarios(SCENARIOS))
def test_scenario(rehearsed, name):
    result = rehearsed[name]
    assert result["success"], result["why"]
    assert result["leaks"] == []

"""The journeys that Floyd was first shown with, through every real process, with real sound on the line."""

import pytest

from floyd_site.directory_journeys import FOUND
from floyd_site.journeys import JOURNEYS

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(300), pytest.mark.xdist_group("end_to_end")]


@pytest.mark.parametrize("name", [*JOURNEYS, *FOUND])
def test_journey(shared_processes, name):
    """A person's wish ends as it should: the callee is told, the price is right, nothing is invented, no needless call is made."""
    played = shared_processes.manage("floyd", "demo", name)
    report = f"{played.stdout[-6000:]}\n{played.stderr[-2000:]}\n--- the processes ---\n{shared_processes.output[-6000:]}"
    assert played.returncode == 0, report
    assert f"journey {name}: ok" in played.stdout
    assert "invented 0, volunteered 0" in played.stdout
    assert "1 of 1 journeys ended as they should" in played.stdout

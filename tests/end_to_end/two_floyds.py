"""Two Floyds settle a dinner through every real process: one rings the number that the other answers, and both sides agree on what came of it."""

import pytest

from floyd_site.two_floyds import TOGETHER

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(300), pytest.mark.xdist_group("end_to_end")]


@pytest.mark.parametrize("name", TOGETHER)
def test_both_sides_agree_and_note_the_same_time(shared_processes, name):
    """Both say what they are, take few turns, say goodbye once; summaries and calendars of the two users are the same."""
    played = shared_processes.manage("floyd", "demo", name)
    report = f"{played.stdout[-6000:]}\n{played.stderr[-2000:]}\n--- the processes ---\n{shared_processes.output[-6000:]}"
    assert played.returncode == 0, report
    assert "invented 0, volunteered 0" in played.stdout, report

"""A call on the line where a model hears and speaks itself, through every real process."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.processes import running

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(300), pytest.mark.xdist_group("end_to_end")]


def test_a_journey_with_a_model_that_speaks(tmp_path: Path) -> None:
    """The school is told, once and completely, by sound that the model made; every row is what it would be on a media stream."""
    with running(tmp_path, CALL_LINE="realtime") as processes:
        played = processes.manage("floyd", "demo", "school")
        report = f"{played.stdout[-6000:]}\n{played.stderr[-2000:]}\n--- the processes ---\n{processes.output[-6000:]}"
        assert played.returncode == 0, report
        assert "invented 0, volunteered 0" in played.stdout
        with processes.connect() as connection:
            calls = connection.execute("select line, end_reason, disclosure_played_at is not null from calls_call").fetchall()
            used = connection.execute("select part->>'what' from calls_call, jsonb_array_elements(usage) part").fetchall()
        assert calls == [("realtime", "goal_reached", True)], report
        assert ("openai:gpt-live-transcribe",) in used, report

"""R1: nobody is called twice and no wish is lost, whatever dies when, whatever the carrier answers."""

import json
import os
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.db import connection

SCHEDULES = int(os.environ.get("CHAOS_SCHEDULES", "600"))
SEED = int(os.environ.get("CHAOS_SEED", "1"))


def database_url() -> str:
    """The test's own database, for another process."""
    parts = connection.settings_dict
    return (
        f"postgresql:///{quote(parts['NAME'])}?host={quote(parts['HOST'], safe='/')}&user={parts['USER']}&password={quote(parts['PASSWORD'] or '')}"
    )


@pytest.mark.timeout(60 + SCHEDULES)
@pytest.mark.django_db(transaction=True)
def test_no_kill_makes_a_call_twice_or_loses_one():
    command = [sys.executable, "-m", "tests.chaos.dial_kills", "--schedules", str(SCHEDULES), "--seed", str(SEED)]
    run = subprocess.run(command, env={**os.environ, "DATABASE_URL": database_url()}, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    found = json.loads(run.stdout)
    assert found["faults"] == []
    assert found["broken"] == 0, run.stderr[-3000:]
    assert found["schedules"] == SCHEDULES
    # The schedules must really have killed, and must have come out in every way: else they show nothing.
    assert found["killed"] >= SCHEDULES / 2
    assert set(found["ends"]) == {"placed", "failed", "asked"}

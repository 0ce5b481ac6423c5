"""The folder of a run keeps its secrets to itself, and tells a second run where the first one is."""

import os
import stat
import subprocess
import sys

import pytest

from floyd_site.supervision.home import Home, HomeError, adopt_running_environment

HOLD = """
import sys, time
from pathlib import Path
from floyd_site.supervision.home import Home
home = Home(Path(sys.argv[1]))
home.take()
home.announce(site_url="http://localhost:8000", environment={"DATABASE_URL": "postgresql:///from-the-run"}, processes={"web": 1})
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def other_run(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_secrets_are_made_once_and_only_the_owner_can_read_them(tmp_path):
    first = Home(tmp_path).secrets()
    assert Home(tmp_path).secrets() == first
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    assert len(first.account_sid) == 34


def test_damaged_secrets_are_explained(tmp_path):
    (tmp_path / "secrets.json").write_text("{half")
    with pytest.raises(HomeError, match=r"secrets\.json is damaged. Remove it"):
        Home(tmp_path).secrets()


def test_a_second_run_is_told_the_address_of_the_first(tmp_path, other_run):
    with pytest.raises(HomeError, match=rf"already running: http://localhost:8000 .*kill {other_run.pid}"):
        Home(tmp_path).take()


def test_a_killed_run_leaves_no_lock_and_no_address(tmp_path, other_run):
    other_run.kill()
    other_run.wait()
    home = Home(tmp_path)
    assert home.running() == {}
    home.take()
    home.release()


def test_other_commands_find_the_running_floyd(tmp_path, other_run, monkeypatch):
    monkeypatch.setattr(os, "environ", {})
    adopt_running_environment(tmp_path)
    assert os.environ == {"DATABASE_URL": "postgresql:///from-the-run"}


def test_a_database_of_ones_own_is_not_replaced(tmp_path, other_run, monkeypatch):
    monkeypatch.setattr(os, "environ", {"DATABASE_URL": "postgresql:///mine"})
    adopt_running_environment(tmp_path)
    assert os.environ == {"DATABASE_URL": "postgresql:///mine"}

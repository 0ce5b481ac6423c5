"""`make run`: one address, no process left behind, and clear words when something is in the way."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.floyd_site.test_crew import alive

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(180), pytest.mark.xdist_group("end_to_end")]


def until(condition, timeout_s=20.0):
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.1)


def with_descendants(pids):
    """These processes and all that they have started."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    found = set(pids)
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def status_of(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_everything_comes_up_and_a_killed_supervisor_leaves_nothing(processes):
    pids = processes.pids()
    assert set(pids) == {"web", "media", "worker", "beat", "sandbox"}
    assert status_of(f"{processes.site_url}/healthz") == 200
    assert status_of(f"{processes.site_url}/accounts/login/") == 200
    assert status_of(f"{processes.site_url}/static/no-such-file.css") == 404
    everyone = with_descendants(pids.values())
    processes.supervisor.kill()
    processes.supervisor.wait()
    until(lambda: not any(alive(pid) for pid in everyone))


def test_a_second_run_names_the_address_of_the_first(processes):
    command = [sys.executable, "-m", "floyd_site.supervisor", "--home", str(processes.home), "--sandbox-only"]
    second = subprocess.run(command, env=processes.environment, capture_output=True, text=True, check=False, timeout=30)
    assert second.returncode == 1
    assert f"Floyd is already running: {processes.site_url}" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_process_that_dies_comes_back(processes):
    os.kill(processes.pids()["media"], signal.SIGKILL)
    until(lambda: "media is back" in processes.output)


def test_ctrl_c_twice_ends_at_once_and_leaves_nothing(processes):
    everyone = with_descendants(processes.pids().values())
    processes.supervisor.send_signal(signal.SIGINT)
    time.sleep(0.2)
    processes.supervisor.send_signal(signal.SIGINT)
    started = time.monotonic()
    processes.supervisor.wait(10)
    assert time.monotonic() - started < 5
    until(lambda: not any(alive(pid) for pid in everyone), timeout_s=3)


@pytest.mark.parametrize("after_s", [0.2, 1.5])
def test_ctrl_c_while_starting_ends_without_a_traceback(tmp_path, after_s):
    command = [sys.executable, "-m", "floyd_site.supervisor", "--home", str(tmp_path), "--any-ports", "--sandbox-only"]
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as started:
        time.sleep(after_s)
        everyone = with_descendants([started.pid])
        started.send_signal(signal.SIGINT)
        said, _ = started.communicate(timeout=30)
    assert "Traceback" not in said
    assert not any(alive(pid) for pid in everyone)


#: Somebody has pointed the number somewhere else, in the carrier's console.
MISPOINTED = """
from django.conf import settings
from calls.telephony.client import make_client
for number in make_client(settings).incoming_phone_numbers.list():
    number.update(voice_url="https://elsewhere.example/voice")
"""


def test_the_doctor_finds_nothing_wrong_after_fixing_the_webhooks(processes):
    assert processes.manage("floyd", "doctor").returncode == 0
    assert processes.manage("shell", "-c", MISPOINTED).returncode == 0
    before = processes.manage("floyd", "doctor")
    assert before.returncode == 1, before.stdout + before.stderr
    assert "floyd doctor --fix" in before.stdout.replace("\n", " ")
    fixed = processes.manage("floyd", "doctor", "--fix")
    assert fixed.returncode == 0, fixed.stdout + fixed.stderr
    assert "https://floyd.sandbox/twilio/voice" in fixed.stdout


def test_a_database_that_does_not_answer_is_one_sentence(tmp_path):
    environment = {**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/floyd"}
    command = [sys.executable, "-m", "floyd_site.supervisor", "--home", str(tmp_path), "--any-ports", "--sandbox-only"]
    started = subprocess.run(command, env=environment, cwd=Path.cwd(), capture_output=True, text=True, check=False, timeout=60)
    assert started.returncode == 1
    assert "The database at DATABASE_URL does not answer" in started.stderr
    assert "Traceback" not in started.stderr + started.stdout

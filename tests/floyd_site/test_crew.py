"""Processes come up together, come back when they die, and are all gone at the end, however that comes."""

import asyncio
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from floyd_site.supervision import crew as crew_module
from floyd_site.supervision.crew import Crew, StartError
from floyd_site.supervision.output import Output
from floyd_site.supervision.programs import Program


def program(name, code, **options):
    return Program(name, (sys.executable, "-S", "-c", code), **options)


def steady(name="steady"):
    return program(name, "print('up', flush=True)\nimport time\ntime.sleep(60)", ready_line="up")


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


async def until(condition, timeout_s=10.0):
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


@pytest.fixture
def written():
    return io.StringIO()


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(crew_module, "FIRST_PAUSE_S", 0.05)


async def test_lines_carry_the_name_of_their_process(written):
    crew = Crew([steady("web")], dict(os.environ), Output(written))
    crew.start()
    await crew.ready(10)
    await crew.stop()
    assert "web     | up\n" in written.getvalue()


async def test_a_process_that_dies_is_started_again_and_it_is_said(written, quick):
    crew = Crew([steady()], dict(os.environ), Output(written))
    crew.start()
    await crew.ready(10)
    first = crew.processes["steady"]
    os.kill(first, signal.SIGKILL)
    await until(lambda: "steady is back" in written.getvalue())
    assert crew.processes["steady"] != first
    assert "steady ended (killed by signal 9); starting it again in 0.05 s" in written.getvalue()
    await crew.stop()


async def test_a_process_that_never_comes_up_ends_the_start_with_its_last_words(written, quick):
    crew = Crew([steady(), program("broken", "raise SystemExit('no key')", ready_line="never")], dict(os.environ), Output(written))
    crew.start()
    with pytest.raises(StartError, match=r"(?s)broken ends before it is ready \(exit code 1\).*no key"):
        await crew.ready(10)
    await crew.stop()
    assert not any(alive(pid) for pid in crew.processes.values())


async def test_a_process_that_is_silent_for_too_long_is_named(written):
    crew = Crew([program("slow", "import time; time.sleep(60)", ready_line="never")], dict(os.environ), Output(written))
    crew.start()
    with pytest.raises(StartError, match="Not ready after 0 s: slow"):
        await crew.ready(0.3)
    await crew.stop()


async def test_a_process_that_ignores_the_request_to_end_is_ended(written):
    stubborn = program("stubborn", "import signal,time\nsignal.signal(15, signal.SIG_IGN)\nprint('up', flush=True)\ntime.sleep(60)", ready_line="up")
    crew = Crew([stubborn], dict(os.environ), Output(written), grace_s=0.3)
    crew.start()
    await crew.ready(10)
    await crew.stop()
    assert not alive(crew.processes["stubborn"])


async def test_what_others_need_until_they_end_is_stopped_after_them(written):
    slow = "import signal,sys,time\ndef end(*_):\n    time.sleep(0.3)\n    print('ended', flush=True)\n    sys.exit()\n"
    at_once = "import signal,sys,time\ndef end(*_):\n    print('asked', flush=True)\n    sys.exit()\n"
    rest = "signal.signal(15, end)\nprint('up', flush=True)\ntime.sleep(60)"
    crew = Crew(
        [program("needed", at_once + rest, ready_line="up", stop_stage=1), program("needs", slow + rest, ready_line="up", stop_stage=0)],
        dict(os.environ),
        Output(written),
    )
    crew.start()
    await crew.ready(10)
    await crew.stop()
    assert written.getvalue().index("needs   | ended") < written.getvalue().index("needed  | asked")


async def test_children_of_a_process_end_with_it(written):
    code = "import subprocess,sys,time\nchild = subprocess.Popen(['sleep', '60'])\nprint('child', child.pid, flush=True)\ntime.sleep(60)"
    crew = Crew([program("parent", code, ready_line="child")], dict(os.environ), Output(written))
    crew.start()
    await crew.ready(10)
    grandchild = int(written.getvalue().split("child ")[1].split()[0])
    await crew.stop()
    await until(lambda: not alive(grandchild))


@pytest.mark.skipif(sys.platform != "linux", reason="needs PR_SET_PDEATHSIG")
def test_a_killed_supervisor_leaves_no_process_behind(tmp_path):
    code = f"""
import asyncio, os, sys
sys.path.insert(0, {str(Path.cwd())!r})
from tests.floyd_site.test_crew import steady
from floyd_site.supervision.crew import Crew
from floyd_site.supervision.output import Output
async def main():
    crew = Crew([steady("one"), steady("two")], dict(os.environ), Output())
    crew.start()
    await crew.ready(20)
    print("pids", *crew.processes.values(), flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        pids = next([int(pid) for pid in line.split()[1:]] for line in supervisor.stdout if line.startswith("pids"))
        supervisor.kill()
    deadline = time.monotonic() + 5
    while any(alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(alive(pid) for pid in pids)

"""The real processes (web, media, worker, beat, sandbox) with a database of their own, for tests that drive them.

A template database is migrated and seeded once; every set of processes gets a copy, which takes a tenth of a second.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from floyd_site.supervision import preparation

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATE = "floyd_end_to_end"
#: Tom's, in every database made here.
PASSWORD = "correct-horse-battery"
START_TIMEOUT_S = 90.0
STOP_TIMEOUT_S = 30.0
#: Made by whoever comes first; others wait for this lock.
TEMPLATE_LOCK = 7_146_215


def _server() -> str:
    return os.environ["DATABASE_URL"]


def _on(database: str) -> str:
    return make_conninfo(_server(), dbname=database)


def _make_template() -> None:
    """Migrates and seeds the template, unless it already is as this code wants it, today."""
    today = date.today().isoformat()  # noqa: DTZ011  the day of whoever runs this
    with psycopg.connect(_on("postgres"), autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        if connection.execute("select 1 from pg_database where datname = %s", [TEMPLATE]).fetchone():
            if preparation.is_prepared(_on(TEMPLATE), today=today):
                return
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(TEMPLATE)))
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(TEMPLATE)))
        environment = {**os.environ, "SECRET_KEY": "only-for-tests", "DATABASE_URL": _on(TEMPLATE), "FLOYD_LOGIN_PASSWORD": PASSWORD}
        subprocess.run([sys.executable, str(ROOT / "manage.py"), "floyd", "prepare"], env=environment, check=True)
        preparation.note_prepared(_on(TEMPLATE), today=today)


@contextlib.contextmanager
def own_database() -> Iterator[str]:
    """A seeded database that is dropped afterwards; gives its address."""
    _make_template()
    name = f"floyd_test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(_on("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
        try:
            yield _on(name)
        finally:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@dataclass
class Processes:
    """A running set. `environment` is what the processes have; commands run with it too, and with the code in `root`."""

    supervisor: subprocess.Popen[bytes]
    home: Path
    environment: dict[str, str]
    root: Path = ROOT

    @property
    def site_url(self) -> str:
        """Address of the pages."""
        return self.environment["SITE_URL"]

    @property
    def sandbox_url(self) -> str:
        """Address of the sandbox's pages and control."""
        return self.environment["SANDBOX_URL"]

    @property
    def output(self) -> str:
        """What all processes have printed so far."""
        return (self.home / "output.log").read_text(errors="replace")

    def pids(self) -> dict[str, int]:
        """Process ids by name, as they were when all had come up."""
        return dict(json.loads((self.home / "running.json").read_text())["processes"])

    def connect(self) -> psycopg.Connection[Any]:
        """A connection to their database."""
        return psycopg.connect(self.environment["DATABASE_URL"], autocommit=True)

    def manage(self, *arguments: str, timeout_s: float = 240.0) -> subprocess.CompletedProcess[str]:
        """Runs `manage.py` beside them."""
        command = [sys.executable, str(self.root / "manage.py"), *arguments]
        return subprocess.run(command, env=self.environment, cwd=self.root, capture_output=True, text=True, timeout=timeout_s, check=False)


@contextlib.contextmanager
def running(home: Path, *, root: Path = ROOT, **settings: str) -> Iterator[Processes]:
    """All processes on free ports, ready; stopped afterwards.

    Args:
        home: folder for their files.
        root: their code, with the migrations of this one's.
        settings: more environment, e.g. `USER_ANSWER_WAIT_S="8"`.
    """
    with own_database() as database:
        mark = uuid.uuid4().hex[:8]
        own = {"DATABASE_URL": database, "CHANNEL_PREFIX": f"floyd-{mark}", "CELERY_PREFIX": f"floyd-{mark}-", "SECRET_KEY": "only-for-tests"}
        environment = {**os.environ, **own, "PHRASE_CACHE": str(home / "phrases"), "DRAIN_LIMIT_S": "0", **settings}
        environment.pop("PYTHONWARNINGS", None)
        command = [sys.executable, "-m", "floyd_site.supervisor", "--home", str(home), "--any-ports", "--sandbox-only"]
        supervisor = subprocess.Popen([*command, "--log", str(home / "output.log")], env=environment, cwd=root, stderr=subprocess.PIPE)
        try:
            note = _wait_until_ready(supervisor, home)
            yield Processes(supervisor, home, {**environment, **note["environment"]}, root)
        finally:
            _stop(supervisor)


def _wait_until_ready(supervisor: subprocess.Popen[bytes], home: Path) -> dict[str, Any]:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, ValueError):
            return dict(json.loads((home / "running.json").read_text()))
        if supervisor.poll() is not None:
            assert supervisor.stderr is not None
            said = supervisor.stderr.read().decode(errors="replace") + (home / "output.log").read_text(errors="replace")[-2000:]
            pytest.fail(f"the processes did not start (status {supervisor.returncode}): {said}")
        time.sleep(0.1)
    pytest.fail(f"the processes were not ready within {START_TIMEOUT_S:.0f} s")


def _stop(supervisor: subprocess.Popen[bytes]) -> None:
    supervisor.send_signal(signal.SIGTERM)
    try:
        supervisor.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        supervisor.kill()
        supervisor.wait()
        raise
    finally:
        if supervisor.stderr:
            supervisor.stderr.close()


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    """A set of this test's own."""
    with running(tmp_path) as found:
        yield found


@pytest.fixture(scope="module")
def shared_processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    """One set for all tests of a module; Floyd waits 8 s for answers on the line, and calls may be recorded where their user wants it."""
    with running(tmp_path_factory.mktemp("floyd"), USER_ANSWER_WAIT_S="8", RECORD_CALLS="yes", RECORD_REGIONS="+1519") as found:
        yield found

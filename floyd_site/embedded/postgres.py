"""The private PostgreSQL: its cluster, its binaries where its account can go, and its start."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from floyd_site.embedded.account import Account
from floyd_site.embedded.child import Child
from floyd_site.embedded.wheels import EmbeddedServerError, postgres_folder

DATABASE_USER = "floyd"
LEFTOVER_TIMEOUT_S = 10
#: Tests only: a cluster that is thrown away need not survive a power cut.
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "jit": "off"}


@dataclass(frozen=True, slots=True)
class Postgres:
    """A cluster in (or, where its account cannot go there, beside) `home`, listening in the folder `sockets`."""

    home: Path
    sockets: Path
    account: Account
    durable: bool

    @property
    def data(self) -> Path:
        """The data folder. For root it lies where the unprivileged account can go."""
        if self.account.reaches(self.home):
            return self.home / "postgres"
        return Path("/var/tmp") / self.sockets.name / "postgres"  # noqa: S108

    @property
    def address(self) -> str:
        """DATABASE_URL of it."""
        return f"postgresql:///floyd?host={self.sockets}&user={DATABASE_USER}"

    def make_folders(self) -> None:
        """The folders that it needs, given to its account."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        if self.account.entry is not None:
            self.data.mkdir(mode=0o700, exist_ok=True)
            self.account.own(self.sockets)
            self.account.own(self.data)

    def start(self) -> Child:
        """Makes the cluster when there is none, and starts the server; it does not answer yet."""
        binaries = self._binaries()
        self._make_cluster(binaries)
        self._stop_leftover()
        settings = {"listen_addresses": "", "unix_socket_directories": str(self.sockets), "max_connections": "200", "log_min_messages": "fatal"}
        if not self.durable:
            settings |= NOT_DURABLE
        command = [str(binaries / "postgres"), "-D", str(self.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return Child.start(command, stop_signal=signal.SIGINT, log=self.home / "postgres.log", options=self.account.process_options)

    def answers(self) -> bool:
        """Whether it takes connections; the first time it does, the database is made."""
        import psycopg  # not before it is needed: the supervisor starts faster

        try:
            with psycopg.connect(host=str(self.sockets), user=DATABASE_USER, dbname="postgres", autocommit=True) as connection:
                if connection.execute("select 1 from pg_database where datname = 'floyd'").fetchone() is None:
                    connection.execute("create database floyd")
        except psycopg.OperationalError:
            return False
        return True

    def _binaries(self) -> Path:
        installed = postgres_folder()
        if self.account.reaches(installed):
            return installed / "bin"
        copy = self.data.parent / "pginstall18"
        if not (copy / "bin" / "postgres").exists():
            shutil.copytree(installed, copy, dirs_exist_ok=True)
        return copy / "bin"

    def _make_cluster(self, binaries: Path) -> None:
        data = self.data
        if (data / "floyd-ready").exists():
            return
        # A half-made cluster (killed during initdb) is of no use to anyone: make it anew.
        if data.exists():
            for child in data.iterdir():
                shutil.rmtree(child) if child.is_dir() else child.unlink()
        initdb = [binaries / "initdb", "-D", data, "-U", DATABASE_USER, "-A", "trust", "-E", "UTF8", "--no-locale", "-N"]
        made = subprocess.run(initdb, check=False, capture_output=True, text=True, cwd="/", **self.account.process_options)  # type: ignore[call-overload]
        if made.returncode:
            raise EmbeddedServerError(f"initdb failed in {data}:\n{made.stderr.strip()}")
        (data / "floyd-ready").touch()

    def _stop_leftover(self) -> None:
        """Ends a server that outlived a killed run (where the kernel could not do it for us)."""
        with contextlib.suppress(FileNotFoundError, ValueError, ProcessLookupError, IndexError):
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
            os.kill(pid, signal.SIGINT)
            deadline = time.monotonic() + LEFTOVER_TIMEOUT_S
            while time.monotonic() < deadline:
                os.kill(pid, 0)
                time.sleep(0.05)

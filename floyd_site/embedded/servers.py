"""Both servers together: one folder, one owner, up and down as one."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from floyd_site.embedded.account import Account
from floyd_site.embedded.child import Child
from floyd_site.embedded.postgres import Postgres
from floyd_site.embedded.valkey import Valkey
from floyd_site.embedded.wheels import EmbeddedServerError

START_TIMEOUT_S = 30.0


@dataclass
class EmbeddedServers:
    """Both servers over one data folder. Use as a context manager; `environment` holds their addresses.

    Args:
        home: where data lives; made when missing.
        durable: False turns fsync and JIT off (tests only).
    """

    home: Path
    durable: bool = True
    _children: list[Child] = field(default_factory=list)
    _lock: IO[str] | None = None

    def __post_init__(self) -> None:
        self.home = self.home.resolve()
        digest = hashlib.sha256(str(self.home).encode()).hexdigest()[:10]
        self.sockets = Path(f"/tmp/floyd-{os.getuid()}-{digest}")  # noqa: S108  long paths break Unix sockets
        self._postgres = Postgres(self.home, self.sockets, Account.for_servers(), self.durable)
        self._valkey = Valkey(self.home, self.sockets)

    @property
    def environment(self) -> dict[str, str]:
        """DATABASE_URL and REDIS_URL of the running servers."""
        return {"DATABASE_URL": self._postgres.address, "REDIS_URL": self._valkey.address}

    @property
    def pids(self) -> dict[str, int]:
        """Process ids of the running servers, by name."""
        return {child.name: child.process.pid for child in self._children}

    def __enter__(self) -> EmbeddedServers:
        try:
            self._take_lock()
            self._make_folders()
            self._children.append(self._postgres.start())
            self._children.append(self._valkey.start())
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
        self.sockets.mkdir(parents=True, exist_ok=True)
        self.sockets.chmod(0o700)
        self._postgres.make_folders()
        self._valkey.make_folders()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        pending = {"postgres": self._postgres.answers, "valkey": self._valkey.answers}
        while pending:
            for child in self._children:
                if child.process.poll() is not None:
                    code, words = child.process.returncode, child.last_words()
                    raise EmbeddedServerError(f"{child.name} ended at once (code {code}). Its last words:\n{words}")
            if time.monotonic() > deadline:
                raise EmbeddedServerError(f"{' and '.join(pending)} did not answer within {START_TIMEOUT_S:.0f} s; see {self.home}/*.log")
            pending = {name: answers for name, answers in pending.items() if not answers()}
            time.sleep(0.02)

    def stop(self) -> None:
        """Stops both servers and lets go of the folder. Safe to call twice."""
        for child in reversed(self._children):
            child.ask_to_stop()
        for child in self._children:
            child.wait()
        self._children.clear()
        if self._lock:
            self._lock.close()
            self._lock = None
            shutil.rmtree(self.sockets, ignore_errors=True)

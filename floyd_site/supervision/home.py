"""The folder of a local run: generated secrets that stay, and a note of what runs now."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

#: Easily told apart when read from a screen.
PASSWORD_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # noqa: S105
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
DEFAULT_HOME = Path(__file__).resolve().parent.parent.parent / ".floyd"


class HomeError(RuntimeError):
    """The folder cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """Generated once, then kept."""

    secret_key: str
    login_password: str
    account_sid: str
    auth_token: str
    vapid_private_key: str


def _new_secrets() -> dict[str, str]:
    return {
        "secret_key": secrets.token_urlsafe(50),
        "login_password": "-".join("".join(secrets.choice(PASSWORD_ALPHABET) for _ in range(4)) for _ in range(3)),
        "account_sid": "AC" + secrets.token_hex(16),
        "auth_token": secrets.token_hex(16),
        # A private key of P-256 is a number from 1 to the curve's order less one (FIPS 186-5, A.2).
        "vapid_private_key": base64.urlsafe_b64encode((secrets.randbelow(P256_ORDER - 1) + 1).to_bytes(32, "big")).rstrip(b"=").decode(),
    }


def _write_private(path: Path, content: object) -> None:
    """Replaces a file in one step, readable by its owner only: whoever reads it never sees half of it."""
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
    temporary.replace(path)


class Home:
    """A run's folder (`.floyd` unless another is given)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: IO[str] | None = None

    @property
    def _note(self) -> Path:
        return self.path / "running.json"

    def take(self) -> None:
        """Claims the folder for this process until `release` or its end.

        Raises:
            HomeError: another run has it; the message carries its address.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._lock = (self.path / "supervisor.lock").open("a+")
        except OSError as error:
            raise HomeError(f"{self.path} cannot be used: {error.strerror}. Give another folder with --home.") from None
        try:
            # The kernel drops the lock with its holder: a killed run leaves none behind.
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            self._lock = None
            raise HomeError(self._already_running()) from None
        self._note.unlink(missing_ok=True)

    def _already_running(self) -> str:
        note = self._read_note()
        if not note:
            return "Floyd is just starting or stopping in another terminal. Wait a moment and try again."
        return f"Floyd is already running: {note['site_url']} (stop it with Ctrl-C in its terminal, or: kill {note['pid']})."

    def announce(self, *, site_url: str, environment: dict[str, str], processes: dict[str, int]) -> None:
        """Notes that everything is up, so that other commands find it."""
        _write_private(self._note, {"pid": os.getpid(), "site_url": site_url, "environment": environment, "processes": processes})

    def release(self) -> None:
        """Lets go of the folder. Safe to call twice."""
        if self._lock:
            self._note.unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    def running(self) -> dict[str, Any]:
        """What `announce` noted, if that run is still alive; else nothing."""
        lock_file = self.path / "supervisor.lock"
        with contextlib.suppress(OSError), lock_file.open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return self._read_note()
        return {}

    def _read_note(self) -> dict[str, Any]:
        with contextlib.suppress(OSError, ValueError):
            note = json.loads(self._note.read_text(encoding="utf-8"))
            if isinstance(note, dict):
                return note
        return {}

    def secrets(self) -> Secrets:
        """The generated secrets, made when missing.

        Raises:
            HomeError: the file is there but damaged.
        """
        path = self.path / "secrets.json"
        try:
            kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
            # A folder of an earlier version lacks what was added since.
            whole = {**_new_secrets(), **kept}
            if whole != kept:
                _write_private(path, whole)
            return Secrets(**whole)
        except (OSError, ValueError, TypeError):
            raise HomeError(f"{path} is damaged. Remove it and start again; a new login password will be made.") from None


def adopt_running_environment(home: Path = DEFAULT_HOME) -> None:
    """Gives this process the environment of the run in `home`, so that `manage.py` works beside `make run`.

    What the environment already says wins; with a DATABASE_URL of its own nothing is taken over.
    """
    if os.environ.get("DATABASE_URL"):
        return
    for name, value in Home(home).running().get("environment", {}).items():
        os.environ.setdefault(name, value)

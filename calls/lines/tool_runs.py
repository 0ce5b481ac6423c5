"""Tools of use cases, run off the event loop for the line that talks. What they do is none of this module's business: whoever knows registers."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import psycopg
from django.db import DatabaseError

from calls.conversation.effects import HandOff, RunTool
from calls.conversation.events import ToolFinished
from calls.lines.defects import described

log = logging.getLogger(__name__)

#: Tools of all calls of a process that may run at a time; who comes later waits, within the tool's time limit.
THREADS = 16
#: What a tool may take beyond its limit, to give its own answer about that.
GRACE_S = 0.5


@dataclass(frozen=True, slots=True)
class Wish:
    """A tool that the model or a key asked for. `key`: the same when it is tried again, and no other wish's in this call."""

    call_id: UUID
    key: str
    run_id: str
    name: str
    arguments: str
    line: int


class UseCases(Protocol):
    """What a line needs of the use cases. Both run in threads, and may use the database and wait."""

    def run_tool(self, wish: Wish) -> ToolFinished:
        """Runs a tool; whatever goes wrong becomes its result."""

    def hand_off(self, call_id: UUID, code: str, summary: str) -> None:
        """A person is to take the call over when its line ends."""


_use_cases: UseCases | None = None
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="tool")


def register(use_cases: UseCases) -> None:
    """Says who runs tools. Call it from an app's `ready`."""
    global _use_cases
    _use_cases = use_cases


class ToolRuns:
    """The tools of one call.

    Args:
        call_id: of the call.
        finished: gets one ToolFinished for each that was started.
    """

    def __init__(self, call_id: UUID, finished: Callable[[ToolFinished], None]) -> None:
        self._call_id, self._finished = call_id, finished
        # A line that was lost and came back counts its tools anew.
        self._line_key = secrets.token_hex(4)
        self._running: dict[str, asyncio.Task[None]] = {}

    def start(self, effect: RunTool, tasks: asyncio.TaskGroup) -> None:
        """Runs a tool as one of `tasks`. Begun is begun: a call that ends meanwhile does not undo it."""
        self._running[effect.run_id] = task = tasks.create_task(self._run(effect))
        task.add_done_callback(lambda _: self._running.pop(effect.run_id, None))

    def drop(self, run_id: str) -> None:
        """A tool that only reads is not wanted any more. One that still waits for a thread never runs; one that runs is not waited for."""
        if (task := self._running.get(run_id)) is not None:
            task.cancel()

    async def _run(self, effect: RunTool) -> None:
        wish = Wish(self._call_id, f"{self._line_key}.{effect.run_id}", effect.run_id, effect.name, effect.arguments, effect.line)
        try:
            async with asyncio.timeout(effect.seconds + GRACE_S):
                finished = await asyncio.get_running_loop().run_in_executor(_threads, _run_tool, wish)
        except TimeoutError:
            finished = ToolFinished(effect.run_id, {"reason": "timed_out", "do": "say that it does not work right now"}, ok=False)
        except Exception as error:  # noqa: BLE001  a defect of one tool is told to the model, and costs no call
            log.error("call %s: tool %s failed: %s", self._call_id, effect.name, described(error))
            finished = ToolFinished(effect.run_id, {"reason": "failed", "do": "say that it does not work right now"}, ok=False)
        self._finished(finished)

    async def hand_off(self, effect: HandOff) -> None:
        """Has the hand-off written down."""
        await asyncio.get_running_loop().run_in_executor(_threads, _hand_off, self._call_id, effect)


def _run_tool(wish: Wish) -> ToolFinished:
    if _use_cases is None:
        raise RuntimeError("nobody runs tools in this process")
    return _use_cases.run_tool(wish)


def _hand_off(call_id: UUID, effect: HandOff) -> None:
    if _use_cases is None:
        raise RuntimeError("nobody takes hand-offs in this process")
    try:
        _use_cases.hand_off(call_id, effect.code, effect.summary)
    except DatabaseError as error:
        # Whoever writes our rows knows the driver's errors, and tries again by them.
        raise error.__cause__ if isinstance(error.__cause__, psycopg.Error) else psycopg.OperationalError(str(error)) from error

"""Tools of use cases, run off the event loop for the line that talks. What they do is none of this module's business: whoever knows registers."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import psycopg
from django.db import DatabaseError

from calls.conversation.effects import HandOff, NoteRefusedTool, RunTool
from calls.conversation.events import ToolFinished
from calls.lines.defects import described

log = logging.getLogger(__name__)

#: Tools of all calls of a process that may run at a time; who comes later waits, within the tool's time limit.
THREADS = 16
#: What a tool may take beyond its limit, to give its own answer about that.
GRACE_S = 0.5
#: Giving a tool up goes by threads of its own, as does noting one that was refused: those above may all be busy with tools that hang.
GIVING_UP_THREADS = 2
#: What it may take to find out whether a tool that is given up has written after all.
GIVE_UP_S = 3.0
FAILED = {"reason": "failed", "do": "say that it does not work right now"}
TIMED_OUT = {"reason": "timed_out", "do": "say that it does not work right now"}
UNKNOWN = {
    "reason": "unknown",
    "do": "it may or may not have worked: say that you cannot tell, do not try it again, and offer to connect them to a person",
}


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
    """What a line needs of the use cases. All run in threads, and may use the database and wait."""

    def run_tool(self, wish: Wish) -> ToolFinished:
        """Runs a tool; whatever goes wrong becomes its result."""

    def give_up(self, wish: Wish, result: Mapping[str, Any]) -> bool:
        """From here on the tool's result is this, and whatever it has not written yet it never writes. False: it was done before."""

    def hand_off(self, call_id: UUID, code: str, summary: str) -> None:
        """A person is to take the call over when its line ends."""


_use_cases: UseCases | None = None
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="tool")
_giving_up = ThreadPoolExecutor(GIVING_UP_THREADS, thread_name_prefix="give-up")


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

    def note(self, effect: NoteRefusedTool, tasks: asyncio.TaskGroup) -> None:
        """Keeps a wish of which nothing came. Nobody waits for that, and a call goes on without it."""
        tasks.create_task(self._note(effect))

    async def _note(self, effect: NoteRefusedTool) -> None:
        try:
            async with asyncio.timeout(GIVE_UP_S):
                await asyncio.get_running_loop().run_in_executor(_giving_up, _give_up, self._wish(effect), dict(effect.result))
        except Exception as error:  # noqa: BLE001  the model has its result, and the call goes on
            log.warning("call %s: a refused tool was not kept: %s", self._call_id, described(error))

    def _wish(self, effect: RunTool | NoteRefusedTool) -> Wish:
        return Wish(self._call_id, f"{self._line_key}.{effect.run_id}", effect.run_id, effect.name, effect.arguments, effect.line)

    async def _run(self, effect: RunTool) -> None:
        wish = self._wish(effect)
        running = asyncio.get_running_loop().run_in_executor(_threads, _run_tool, wish)
        try:
            async with asyncio.timeout(effect.seconds + GRACE_S):
                finished = await asyncio.shield(running)
        except TimeoutError:
            finished = await self._give_up(wish, running, TIMED_OUT)
        except asyncio.CancelledError:
            running.cancel()
            raise
        except Exception as error:  # noqa: BLE001  a defect of one tool is told to the model, and costs no call
            log.error("call %s: tool %s failed: %s", self._call_id, effect.name, described(error))
            finished = await self._give_up(wish, running, FAILED)
        self._finished(finished)

    async def _give_up(self, wish: Wish, running: asyncio.Future[ToolFinished], result: dict[str, Any]) -> ToolFinished:
        """What is told of a tool that gave no answer in time: that it failed, once it cannot write any more; else what came of it."""
        try:
            async with asyncio.timeout(GIVE_UP_S):
                if await asyncio.get_running_loop().run_in_executor(_giving_up, _give_up, wish, result):
                    running.cancel()
                    return ToolFinished(wish.run_id, dict(result), ok=False)
                return await asyncio.shield(running)
        except Exception as error:  # noqa: BLE001  nobody knows, so the caller hears just that
            log.error("call %s: tool %s could not be given up: %s", self._call_id, wish.name, described(error))
            return ToolFinished(wish.run_id, dict(UNKNOWN), ok=False)
        finally:
            running.add_done_callback(_forgotten)

    async def hand_off(self, effect: HandOff) -> None:
        """Has the hand-off written down."""
        await asyncio.get_running_loop().run_in_executor(_threads, _hand_off, self._call_id, effect)


def _run_tool(wish: Wish) -> ToolFinished:
    if _use_cases is None:
        raise RuntimeError("nobody runs tools in this process")
    return _use_cases.run_tool(wish)


def _give_up(wish: Wish, result: dict[str, Any]) -> bool:
    if _use_cases is None:
        raise RuntimeError("nobody runs tools in this process")
    return _use_cases.give_up(wish, result)


def _forgotten(running: asyncio.Future[ToolFinished]) -> None:
    """Nobody waits for it any more: what it raises is known here, so that the loop does not complain."""
    if not running.cancelled():
        running.exception()


def _hand_off(call_id: UUID, effect: HandOff) -> None:
    if _use_cases is None:
        raise RuntimeError("nobody takes hand-offs in this process")
    try:
        _use_cases.hand_off(call_id, effect.code, effect.summary)
    except DatabaseError as error:
        # Whoever writes our rows knows the driver's errors, and tries again by them.
        raise error.__cause__ if isinstance(error.__cause__, psycopg.Error) else psycopg.OperationalError(str(error)) from error

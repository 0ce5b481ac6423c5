"""One thinker per process for the work between calls (plans, outcomes), on an event loop of its own in a thread.

Workers are threads that come and go with their tasks; the thinker stays, with its connections warm. Callers wait in
their own thread, and are told of progress there, so that they may use the database.
"""

from __future__ import annotations

import asyncio
import atexit
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

from django.conf import settings

from providers import registry
from providers.types import FormFiller, Message, Model, ProviderError, Usage

Result = TypeVar("Result")

#: How often progress is told at most; and at least, text or not.
PROGRESS_EVERY_S = 0.2
QUIET_PROGRESS_EVERY_S = 2.0
FILL_TIMEOUT_S = 90.0
#: A process that ends does not wait longer for its connections.
CLOSES_WITHIN_S = 2.0

_lock = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None
_thinker: FormFiller | None = None


def _running_loop() -> asyncio.AbstractEventLoop:
    global _loop
    with _lock:
        if _loop is None:
            _loop = asyncio.new_event_loop()
            threading.Thread(target=_loop.run_forever, name="thinking", daemon=True).start()
        return _loop


def _submit(work: Coroutine[Any, Any, Result]) -> Future[Result]:
    return asyncio.run_coroutine_threadsafe(work, _running_loop())


async def shared_thinker() -> FormFiller:
    """The process's thinker, made when it is first asked for. Only on the thinking loop."""
    global _thinker
    if _thinker is None:
        _thinker = registry.thinker(settings)
    return _thinker


def warm() -> None:
    """Loads the client and opens its connection ahead of need, without waiting for it."""

    async def warm_thinker() -> None:
        await (await shared_thinker()).warm()

    _submit(warm_thinker())


@atexit.register
def close() -> None:
    """Lets go of the thinker's connections when the process ends: its transport complains in the log about those that are left open."""
    if _thinker is not None:
        with suppress(ProviderError, TimeoutError):
            _submit(_thinker.close()).result(CLOSES_WITHIN_S)


def fill(
    form: type[Model],
    *,
    name: str,
    model: str,
    messages: Sequence[Message],
    on_progress: Callable[[str], None] | None = None,
    timeout_s: float = FILL_TIMEOUT_S,
) -> tuple[Model, Usage]:
    """Has the thinker fill a form, and waits for it.

    Args:
        on_progress: called in the caller's thread with the JSON text so far: at once when the first piece comes, then at
            most five times a second, and every two seconds even when nothing came. What it raises aborts the work.

    Raises:
        ProviderError: see `FormFiller.fill`; also when it takes longer than `timeout_s`.
    """
    changed, done, newest = threading.Event(), threading.Event(), [""]

    def on_text(text: str) -> None:
        newest[0] = text
        changed.set()

    async def ask() -> tuple[Model, Usage]:
        thinker = await shared_thinker()
        async with asyncio.timeout(timeout_s):
            return await thinker.fill(form, name=name, model=model, messages=messages, on_text=on_text)

    future = _submit(ask())

    def finished(_: Future[tuple[Model, Usage]]) -> None:
        done.set()
        changed.set()

    future.add_done_callback(finished)
    try:
        _watch(changed, done, newest, on_progress or (lambda _text: None), time.monotonic() + timeout_s + 5)
    except BaseException:
        future.cancel()
        raise
    try:
        return future.result(timeout=0)
    except TimeoutError as error:
        future.cancel()
        raise ProviderError(f"{name}: not filled within {timeout_s:.0f} s") from error


def _watch(changed: threading.Event, done: threading.Event, newest: list[str], tell: Callable[[str], None], until: float) -> None:
    while time.monotonic() < until:
        changed.wait(QUIET_PROGRESS_EVERY_S)
        changed.clear()
        if done.is_set():
            return
        tell(newest[0])
        if done.wait(PROGRESS_EVERY_S):
            return

"""Waiting for the thinker: progress comes in the caller's thread, and nothing waits for ever."""

import asyncio
import threading
import time
from typing import Any

import pytest

from providers.types import ProviderError
from requests_app import thinking
from requests_app.plan import ActionPlan
from tests.fakes import plan


def fill(**options):
    return thinking.fill(ActionPlan, name="action_plan", model="m", messages=[{"role": "system", "content": ""}], **options)


def test_the_form_comes_back_filled(thinker):
    filled, _usage = fill()
    assert filled.model_dump(mode="json") == plan()


def test_progress_is_told_in_the_callers_thread_with_the_newest_text(thinker):
    thinker.go_on = threading.Event()
    told: list[Any] = []

    def on_progress(text: str) -> None:
        told.append((text, threading.current_thread()))
        thinker.go_on.set()

    fill(on_progress=on_progress)
    assert told[0][0].startswith('{"kind"') and {thread for _, thread in told} == {threading.current_thread()}


def test_a_silent_thinker_still_lets_the_caller_renew_its_lease(thinker, monkeypatch):
    monkeypatch.setattr(thinking, "QUIET_PROGRESS_EVERY_S", 0.01)
    monkeypatch.setattr(thinking, "PROGRESS_EVERY_S", 0.01)
    told: list[Any] = []

    def slow(_messages):
        # Blocks the thinking loop, not the caller.
        deadline = time.monotonic() + 5
        while len(told) < 3 and time.monotonic() < deadline:
            time.sleep(0.01)
        return plan()

    thinker.scripts = [slow]
    fill(on_progress=told.append)
    assert told[:3] == ["", "", ""]


def test_what_progress_raises_aborts_the_work(thinker, monkeypatch):
    stopped = threading.Event()

    async def hang(*_, **options):
        options["on_text"]("{")
        try:
            await asyncio.sleep(60)
        finally:
            stopped.set()

    monkeypatch.setattr(thinker, "fill", hang)

    def stop(_text: str) -> None:
        raise KeyError("stopped")

    with pytest.raises(KeyError):
        fill(on_progress=stop)
    assert stopped.wait(5)


def test_a_thinker_that_hangs_is_given_up(thinker, monkeypatch):
    async def hang(*_, **__):
        await asyncio.sleep(60)

    monkeypatch.setattr(thinker, "fill", hang)
    with pytest.raises(ProviderError, match="within 0 s"):
        fill(timeout_s=0.05)


def test_the_providers_error_is_passed_on(thinker):
    thinker.scripts = [ProviderError("401", permanent=True)]
    with pytest.raises(ProviderError) as caught:
        fill()
    assert caught.value.permanent

"""What a process opens when it starts is closed when it stops, and a start that fails says so."""

import json
from contextlib import asynccontextmanager
from typing import Any

import pytest

from calls.lines import drain
from floyd_site.health import Health, readiness
from floyd_site.lifespan import HOOKS, Lifespan, hooks_of, roles


async def run_lifespan(application):
    """Plays a server's start and stop; returns what the application answered."""
    answers: list[dict[str, Any]] = []
    messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive():
        return next(messages)

    async def send(message):
        answers.append(message)

    await application({"type": "lifespan"}, receive, send)
    return [answer["type"] for answer in answers]


def hook(log, name, *, fails=False):
    @asynccontextmanager
    async def opened():
        if fails:
            raise RuntimeError("no key")
        log.append(f"{name} opened")
        yield
        log.append(f"{name} closed")

    return opened


async def nothing(scope, receive, send):
    raise AssertionError("not for the application")


async def test_hooks_open_in_order_and_close_in_reverse():
    log: list[str] = []
    answers = await run_lifespan(Lifespan(nothing, lambda: [hook(log, "a"), hook(log, "b")]))
    assert log == ["a opened", "b opened", "b closed", "a closed"]
    assert answers == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


async def test_a_failing_hook_stops_the_start_and_closes_what_was_opened():
    log: list[str] = []
    answers = await run_lifespan(Lifespan(nothing, lambda: [hook(log, "a"), hook(log, "b", fails=True)]))
    assert log == ["a opened", "a closed"]
    assert answers == ["lifespan.startup.failed"]


@pytest.mark.parametrize(
    ("process", "media_node", "expected"),
    [
        ("web", "wss://media.floyd.example", ["web"]),
        ("web", "wss://floyd.example", ["web", "media"]),
        ("media", "wss://media.floyd.example", ["media"]),
        ("tool", "wss://floyd.example", []),
    ],
)
def test_web_carries_calls_only_when_the_carrier_reaches_it(process, media_node, expected):
    assert roles(process, public_url="https://floyd.example", media_node=media_node) == expected


def test_every_registered_hook_can_be_imported():
    assert len(hooks_of(list(HOOKS))) == sum(len(paths) for paths in HOOKS.values())


async def health():
    sent: list[dict[str, Any]] = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request"}

    await Health(nothing, process="web")({"type": "http", "path": "/healthz", "method": "GET"}, receive, send)
    return sent[0]["status"], json.loads(sent[1]["body"])


async def health_status():
    status, _ = await health()
    return status


async def test_a_process_that_carries_calls_says_how_many_and_whether_it_takes_more(settings):
    settings.MAX_CALLS_PER_NODE = 1
    assert (await health())[1]["status"] == "ok"
    with drain.counted():
        status, body = await health()
    assert (status, body["status"], body["calls"], body["full"]) == (200, "full", 1, True)


async def test_a_draining_process_takes_no_new_work(monkeypatch):
    assert await health_status() == 200
    monkeypatch.setattr(readiness, "draining", True)
    assert await health_status() == 503

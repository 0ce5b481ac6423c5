"""From a change in the database to the fragment at the page: 200 watchers of one call, real sockets, one web process.

`make bench-live` fills a throw-away database, then changes a transcript line as the media process does, and the request as somebody with psql would.
It prints milliseconds from before the statement that changes the row to the arrival of the drawn fragment at each watcher, and the web process's
CPU time per change. It ends with 1 when p95 is above 50 ms, or when pages could not keep up and got the next change only.
"""

from __future__ import annotations

import asyncio
import html
import json
import os
import re
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from bench import machine
from bench.processes import cpu_s
from bench.servers import Process, free_port
from bench.watcher import Watcher

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "floyd_site.settings")
CHANGES = int(os.environ.get("BENCH_CHANGES", "150"))
WATCHERS = (1, 50, 200)
GOAL_MS = 50.0
#: Between two changes: more often than the words of a call change.
EVERY_S = 0.2
OPEN_WITHIN_S, CALM_S = 10.0, 1.0
#: Pages that one user may have open in a process are fewer than the watchers wanted: the others are staff who look.
PAGES_EACH = 25
PASSERS_BY = -(-max(WATCHERS) // PAGES_EACH) - 1
Change = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Row:
    """What a number of watchers came to: ms from each change to each of them, how many changes the next one overtook, ms of CPU per change."""

    watchers: int
    times_ms: list[float]
    overtaken: int
    cpu_ms: float

    def __str__(self) -> str:
        if not self.times_ms:
            return f"{self.watchers:8}   nothing arrived"
        ordered = sorted(self.times_ms)
        p95, p99 = (ordered[int(len(ordered) * share)] for share in (0.95, 0.99))
        middle = statistics.median(ordered)
        return (
            f"{self.watchers:8}   p50 {middle:6.1f} ms   p95 {p95:6.1f} ms   p99 {p99:6.1f} ms   most {ordered[-1]:6.1f} ms"
            f"   overtaken {self.overtaken}   CPU {self.cpu_ms:6.1f} ms a change"
        )

    @property
    def good(self) -> bool:
        """Whether the goal is met."""
        return bool(self.times_ms) and not self.overtaken and sorted(self.times_ms)[int(len(self.times_ms) * 0.95)] <= GOAL_MS


def main() -> int:
    """Fills, measures, prints."""
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    os.environ.update(SITE_URL=site, MEDIA_NODE="wss://bench.invalid", PYTHONWARNINGS="ignore")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from floyd_site.commands.bench_calls import make_calls

    settings.TWILIO_AUTH_TOKEN = "the bench's"
    call_command("migrate", verbosity=0)
    [call] = make_calls(1)
    cookies = _sessions(UUID(call["parameters"]["call_id"]))
    cores: list[int | None] = list(sorted(os.sched_getaffinity(0))[:2]) if len(os.sched_getaffinity(0)) > 1 else [None, None]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "floyd_site.serve", "--port", str(port)]
        environment = {**os.environ, "FLOYD_PROCESS": "web"}
        web = Process("web", command, port=port, core=cores[0], folder=Path(folder), environment=environment)
        if cores[1] is not None:
            os.sched_setaffinity(0, {cores[1]})
        try:
            return asyncio.run(_measure(call, site, cookies, web.pid))
        finally:
            web.stop()


def _sessions(call_id: UUID) -> list[str]:
    """Cookies of people who may watch the call: its user, and staff who said why."""
    from django.conf import settings
    from django.test import Client

    from calls.models import Call
    from context.models import User
    from requests_app.access import open_for_staff

    call = Call.objects.select_related("request__user").get(pk=call_id)
    people = [call.made_for.user]
    for number in range(PASSERS_BY):
        people.append(User.objects.create_user(f"staff{number}@floyd.invalid", None, name=f"Staff {number}", is_staff=True))
        open_for_staff(people[-1], call.made_for.pk, reason="to measure")
    cookies = []
    for person in people:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}")
    return cookies


async def _measure(call: dict[str, Any], site: str, cookies: list[str], pid: int) -> int:
    import psycopg

    from bench.claimed_call import claim_call
    from calls.conversation.effects import SaveLine
    from live.address import database_address

    claimed = await claim_call(call)
    request_id = claimed.call.request_id

    async def by_the_call(words: str) -> None:
        await claimed.store.line(SaveLine(1, "callee", words, 0, 900, final=False))

    somebody = await psycopg.AsyncConnection.connect(database_address(), autocommit=True, application_name="psql")

    async def by_hand(words: str) -> None:
        await somebody.execute("update requests_app_request set ask = %s where id = %s", [words, request_id])

    facts = machine.facts(None)
    print(f"{facts['when']}, {facts['processor']}, {facts['cores']} cores, load before {facts['load_before']}, {CHANGES} changes each")
    rows = []
    for name, change in (
        ("A line as the call's process writes it", by_the_call),
        ("Its request, by psql", by_hand),
    ):
        print(f"{name}:")
        for count in WATCHERS:
            rows.append(await _row(change, count, f"{site}/requests/{request_id}/", cookies, pid))
            print(rows[-1], flush=True)
    await somebody.close()
    await claimed.connections.close()
    return 0 if all(row.good for row in rows) else 1


async def _row(change: Change, count: int, page: str, cookies: list[str], pid: int) -> Row:
    watchers = await _open(count, page, cookies)
    for watcher in watchers:
        watcher.read()
    cpu, asked = cpu_s([pid]), []
    arrived: list[dict[str, float]] = [{} for _ in watchers]
    for number in range(CHANGES):
        word = f"word{number}x"
        asked.append((word, time.monotonic()))
        await change(f"So far {word}.")
        await asyncio.sleep(EVERY_S)
        _read(watchers, arrived)
    await asyncio.sleep(CALM_S)
    _read(watchers, arrived)
    spent = cpu_s([pid]) - cpu
    for watcher in watchers:
        watcher.close()
    times = [(came[word] - at) * 1000 for came in arrived for word, at in asked if word in came]
    return Row(count, times, len(watchers) * CHANGES - len(times), spent / CHANGES * 1000)


def _read(watchers: list[Watcher], arrived: list[dict[str, float]]) -> None:
    for watcher, came in zip(watchers, arrived, strict=True):
        if watcher.gone:
            raise SystemExit("a watcher was sent away")
        for at, message in watcher.read():
            for word in re.findall(r"word\d+x", message.get("content", "")):
                came.setdefault(word, at)


async def _open(count: int, page: str, cookies: list[str]) -> list[Watcher]:
    """Pages that are up to date: connected, and told so."""
    site, opened = page.partition("/requests/")[0], list[Watcher]()
    host, _, port = site.removeprefix("http://").partition(":")
    topics = [await asyncio.to_thread(_topics, page, cookie) for cookie in cookies[: -(-count // PAGES_EACH)]]
    for number in range(count):
        person = number // PAGES_EACH
        _, watcher = await asyncio.get_running_loop().create_connection(partial(Watcher, site, cookies[person]), host, int(port))
        await _until(watcher, lambda watcher, _: watcher.open)
        watcher.watch(topics[person])
        await _until(watcher, lambda _, messages: any("heads" in message for _, message in messages))
        opened.append(watcher)
        for one in opened:
            one.read()  # pings are answered
    await asyncio.sleep(CALM_S)
    return opened


async def _until(watcher: Watcher, true: Callable[[Watcher, list[Any]], bool]) -> None:
    late = time.monotonic() + OPEN_WITHIN_S
    while not true(watcher, watcher.read()):
        if watcher.gone or time.monotonic() > late:
            raise SystemExit("a page could not be opened")
        await asyncio.sleep(0.01)


def _topics(page: str, cookie: str) -> dict[str, int]:
    """What the page watches, and how far it has seen it, as it says itself."""
    with urllib.request.urlopen(urllib.request.Request(page, headers={"Cookie": cookie}), timeout=30) as answer:
        found = re.search(r'data-topics="([^"]+)"', answer.read().decode())
    topics: dict[str, int] = json.loads(html.unescape(found[1])) if found else {}
    if not any(topic.startswith("request.") for topic in topics):
        raise SystemExit(f"{page} does not watch its request")
    return topics


if __name__ == "__main__":
    sys.exit(main())

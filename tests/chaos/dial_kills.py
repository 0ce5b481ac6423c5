"""Kills the process at every step of placing a call, in every way the carrier may answer, and counts what was dialled.

A program of its own, so that the process it forks from has no threads::

    python -m tests.chaos.dial_kills --schedules 600 --seed 1

It needs a migrated database in DATABASE_URL and prints one JSON object with what it found.
"""

# ruff: noqa: E402, T201  Django is set up before its models are imported; what is found is printed

from __future__ import annotations

import argparse
import gc
import itertools
import json
import logging
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "floyd_site.settings")

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils.module_loading import import_string

from calls import dialling, fault, sweep
from calls.models import Call
from calls.status import CallStatus
from calls.telephony import client as client_module
from context.models import User
from requests_app.models import Question, Request
from requests_app.status import Status
from tests import history
from tests.calls.carrier import ACCOUNT, MODES, PLACING

NOTHING = ""
#: Points of the first process, which places the call, and of the one that tidies up after it.
FIRST = (NOTHING, "picked", "gated", "opening", "opened", "claimed", "answered", "recorded")
SECOND = (NOTHING, "picked", "gated", "opening", "opened", "claimed", "answered", "recorded", "doubted", "listed", "found", "asking")
#: What else goes on: nothing; the same hint twice at once; the page loaded again with a new key.
COMPANY = ("alone", "alone", "alone", "twice", "reload")
BATCH = 15
ROUNDS = 8
#: Longer than any lease, and than the time after which the user is asked.
A_WHILE = timedelta(seconds=125)


@dataclass(frozen=True)
class Schedule:
    """One way in which things go wrong."""

    mode: str
    listed: bool
    first: str
    second: str
    company: str
    number: str


@dataclass
class Wish:
    """A schedule under way: the request, and the one that a reload made of it."""

    schedule: Schedule
    request: Request
    again: Request | None


def schedules(count: int, seed: int) -> Iterator[list[Schedule]]:
    """Every combination in a random order, as often as needed, in batches that share the second kill; each has a number of its own to dial."""
    chance = random.Random(seed)
    everything = list(itertools.product(MODES, (True, False), FIRST, COMPANY))
    chance.shuffle(everything)
    endless = itertools.cycle(everything)
    for start in range(0, count, BATCH):
        second = SECOND[start // BATCH % len(SECOND)]
        yield [
            Schedule(mode, listed, first, second, company, f"+1519{200 + at // 10_000}{at % 10_000:04d}")
            for at, (mode, listed, first, company) in zip(range(start, min(start + BATCH, count)), endless, strict=False)
        ]


# --- the processes ---


def child(point: str, act: Callable[[], object]) -> int:
    """Forks a process that does `act` and dies at `point`; returns its id."""
    pid = os.fork()
    if pid:
        return pid
    try:
        fault.arm(point)
        act()
    except BaseException as error:  # noqa: BLE001  a child must never come back
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        os._exit(1)
    os._exit(0)


def wait_for(pids: list[int]) -> Counter[int]:
    """Exit statuses of the children."""
    return Counter(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids)


def run_hint(task: str, *ids: object) -> None:
    """A worker that gets every hint of the sweep; all other hints are lost."""
    tasks: dict[str, Callable[[Any], None]] = {"calls.place": dialling.place, "calls.order": dialling.order}
    if task in tasks:
        tasks[task](ids[0])


def let_time_pass(batch: list[Wish]) -> None:
    """A while goes by for these rows."""
    ids = [request.pk for wish in batch for request in (wish.request, wish.again) if request]
    requests = Request.objects.filter(pk__in=ids)
    requests.update(updated_at=F("updated_at") - A_WHILE, not_before=F("not_before") - A_WHILE, lease_until=F("lease_until") - A_WHILE)
    Call.objects.filter(request__in=ids).update(created_at=F("created_at") - A_WHILE, lease_until=F("lease_until") - A_WHILE)


# --- one batch ---


def make_wishes(user: User, batch: list[Schedule]) -> list[Wish]:
    """The requests, each ready to be called for."""
    wishes = []
    for schedule in batch:
        made = [
            Request.objects.create(
                user=user,
                ask=f"Call {schedule.number}.",
                channel="web",
                status=Status.FINDING_NUMBER,
                number=schedule.number,
                plan={},
                client_key=key,
            )
            for key in ([f"{schedule.number} a", f"{schedule.number} b"] if schedule.company == "reload" else [schedule.number])
        ]
        wishes.append(Wish(schedule, made[0], made[1] if len(made) > 1 else None))
    return wishes


def run_batch(user: User, batch: list[Schedule], carrier: str) -> tuple[list[Wish], Counter[int]]:
    """Kill, kill again, then leave it to the sweep."""
    told = [(one.number, one.mode, "no" if one.listed else "yes") for one in batch]
    form = urlencode([pair for to, mode, hidden in told for pair in (("to", to), ("mode", mode), ("hidden", hidden))])
    urlopen(f"{carrier}/control", form.encode()).read()
    wishes = make_wishes(user, batch)
    # A connection must not be shared with a child.
    connection.close()
    pids = []
    for wish in wishes:
        pids.append(child(wish.schedule.first, partial(dialling.place, wish.request.pk)))
        if wish.schedule.company == "twice":
            pids.append(child(NOTHING, partial(dialling.place, wish.request.pk)))
        if wish.again:
            pids.append(child(wish.schedule.second, partial(dialling.place, wish.again.pk)))
    exits = wait_for(pids)
    let_time_pass(wishes)
    connection.close()
    exits += wait_for([child(batch[0].second, sweep.sweep), child(NOTHING, sweep.sweep)])
    for _ in range(ROUNDS):
        open_ones = [wish for wish in wishes if not end_of(wish)]
        if not open_ones:
            break
        let_time_pass(open_ones)
        sweep.sweep()
    return wishes, exits


def end_of(wish: Wish) -> str:
    """How a wish came out: placed, failed or asked; empty while it is under way."""
    for request in (wish.request, wish.again):
        if request is None:
            continue
        request.refresh_from_db()
        if request.status not in {Status.CALLING, Status.WAITING_FOR_USER, Status.FAILED} and not (request is wish.again and _waits(request)):
            return ""
    if wish.request.status == Status.FAILED and wish.again and wish.again.status != Status.FAILED:
        return _end(wish.again)
    return _end(wish.request)


def _waits(request: Request) -> bool:
    """A second request for the same number may wait for the first one's call to end."""
    return request.status == Status.SCHEDULED


def _end(request: Request) -> str:
    if request.status == Status.WAITING_FOR_USER:
        return "asked" if Question.objects.filter(request=request, step="dial").count() == 1 else ""
    if request.status == Status.FAILED:
        return "failed"
    call = Call.objects.filter(request=request, attempt=request.attempt).first()
    return "placed" if call and call.status == CallStatus.PLACED and call.carrier_sid else ""


# --- the count ---


def judge(wish: Wish, state: dict[str, Any]) -> list[str]:
    """What is wrong about how a wish came out; an empty list when all is well."""
    schedule, end = wish.schedule, end_of(wish)
    sids = [sid for sid, call in state["calls"].items() if call["to"] == schedule.number]
    faults = [wrong for request in (wish.request, wish.again) if request for wrong in history.violations(request)]
    if len(sids) > 1:
        faults.append(f"dialled {len(sids)} times")
    if not end:
        faults.append(f"lost: {wish.request.status}")
    known = set(Call.objects.filter(number=schedule.number).exclude(carrier_sid=None).values_list("carrier_sid", flat=True))
    if end == "placed" and known != set(sids):
        faults.append("placed, but another sid")
    if end == "failed" and sids:
        faults.append("failed, yet somebody was called")
    if end == "asked" and schedule.listed and schedule.mode in PLACING and sids:
        faults.append("asked, though the carrier's list shows the call")
    return faults


def main() -> int:
    """Runs the schedules and prints the count."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--schedules", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    server = subprocess.Popen([sys.executable, "-m", "tests.calls.carrier"], stdout=subprocess.PIPE, text=True)
    assert server.stdout
    carrier = f"http://127.0.0.1:{int(server.stdout.readline())}"
    try:
        prepare(carrier)
        user = User.objects.create_user(f"chaos-{time.time_ns()}@example.com", None, name="Chaos")
        warm_up(user, carrier)
        faults, ends, exits = [], Counter[str](), Counter[int]()
        for batch in schedules(options.schedules, options.seed):
            wishes, died = run_batch(user, batch, carrier)
            exits += died
            state = json.load(urlopen(f"{carrier}/state"))
            for wish in wishes:
                ends[end_of(wish) or "lost"] += 1
                faults += [f"{fault_found}: {wish.schedule}" for fault_found in judge(wish, state)]
    finally:
        server.kill()
    found = {"schedules": sum(ends.values()), "killed": exits[fault.EXIT_CODE], "broken": exits[1], "ends": ends, "faults": faults}
    print(json.dumps({**found, "seconds": round(time.monotonic() - began, 1)}))
    return 0


def lose(*_: object, **__: object) -> None:
    """What is said here reaches nobody."""


def prepare(carrier: str) -> None:
    """Settings of this program only: the counting carrier, no caps, no broker."""
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, settings.TWILIO_NUMBER = ACCOUNT, "a-token", "+15195550199"
    settings.TWILIO_API_BASE, settings.DIAL_ONLY = carrier, ""
    settings.CALLING_HOURS, settings.MAX_CALLS_PER_DAY, settings.MAX_CALL_MINUTES_PER_DAY = (0, 24), 10**6, 10**6
    settings.MAX_COST_PER_DAY_MINOR = 10**9
    client_module.TIMEOUT_S = 0.15
    # Broadcasts and hints may be lost at any time, so here all of them are (and no thread is started to send them).
    for name, stand_in in {"live.publish.broadcast": lose, "celery.Celery.send_task": lose, "calls.sweep.hint": run_hint}.items():
        owner, attribute = name.rsplit(".", 1)
        setattr(import_string(owner) if owner == "celery.Celery" else sys.modules[owner], attribute, stand_in)
    logging.disable(logging.CRITICAL)


def warm_up(user: User, carrier: str) -> None:
    """One whole schedule without a kill: what a child would import and read is there before the first fork."""
    for mode in ("ok", "placed-500"):
        run_batch(user, [Schedule(mode, True, NOTHING, NOTHING, "reload", f"+1519299{len(mode):04d}")], carrier)
        made = Request.objects.latest("pk")
        Request.objects.filter(pk=made.pk).update(status=Status.FINDING_NUMBER, number=f"+1519298{len(mode):04d}", ask=mode)
        dialling.place(made.pk)
        let_time_pass([Wish(Schedule(mode, True, NOTHING, NOTHING, "alone", ""), made, None)])
        sweep.sweep()
    gc.collect()
    gc.freeze()
    # A collection in a child would copy every page that it looks at.
    gc.disable()


if __name__ == "__main__":
    sys.exit(main())

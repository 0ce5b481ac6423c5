"""Rehearses: plays scenarios through the running processes, several at a time, and says for each whether it ended as its file says."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from argparse import ArgumentParser, Namespace
from collections import defaultdict
from pathlib import Path

from asgiref.sync import sync_to_async
from django.conf import settings
from rich.console import Console

from floyd_site.rehearsal.comparing import Variant, WrongVariantError, read_variants, rehearse, side_by_side
from floyd_site.rehearsal.guests import forget, make_guest
from floyd_site.rehearsal.playing import made_up, play, words_leaked
from floyd_site.rehearsal.results import Result, as_json, table, waited, waits
from floyd_site.rehearsal.scenario import SCENARIOS, Scenario, WrongScenario, read_scenarios
from floyd_site.stage import JourneyFailed, SandboxPhone, Stage
from floyd_site.terminal.state import RequestState
from floyd_site.terminal.state import run as run_async
from requests_app.errors import RequestError

#: Real sound takes a third of a core for each call.
TOGETHER = 3
STEP_S = 180.0


def add_arguments(parser: ArgumentParser) -> None:
    """Which scenarios, and how."""
    parser.add_argument("names", nargs="*", metavar="SCENARIO", help="names of files, without .yaml (default: all of the folder)")
    parser.add_argument("--scenarios", type=Path, default=SCENARIOS, metavar="DIR", help="folder of scenario files (default: Floyd's own)")
    parser.add_argument("--together", type=int, default=TOGETHER, metavar="N", help=f"so many at the same time (default {TOGETHER})")
    parser.add_argument(
        "--compare",
        metavar="A,B",
        help="play them with each of these settings, in processes of its own: providers, lines or SETTING=value, joined by + (. changes nothing)",
    )
    parser.add_argument("--line", choices=settings.CALL_LINES, help="play them on this line; processes that are set to another are left alone")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(options: Namespace) -> int:
    """0 only if every scenario ended as its file says."""
    if options.compare or options.line not in (None, settings.CALL_LINE):
        return _apart(options)
    if not settings.SANDBOX_URL:
        print("Rehearsals call the sandbox's people, and no sandbox is running here. Start it with: make rehearse", file=sys.stderr)
        return 2
    try:
        known = read_scenarios(options.scenarios)
    except WrongScenario as error:
        print(error, file=sys.stderr)
        return 2
    unknown = [name for name in options.names if name not in known]
    if unknown:
        print(f"There is no scenario {', '.join(unknown)}. There are: {', '.join(known)}", file=sys.stderr)
        return 2
    return run_async(_rehearse([known[name] for name in options.names or known], together=max(1, options.together), in_json=options.json))


def _apart(options: Namespace) -> int:
    """Plays them with each of several settings, or on another line, in processes of their own."""
    arguments = [*options.names, "--scenarios", str(options.scenarios.resolve()), "--together", str(options.together)]
    line = {"CALL_LINE": options.line} if options.line else {}
    try:
        variants = read_variants(options.compare) if options.compare else [Variant(options.line, {})]
        reports = {variant.name: rehearse(Variant(variant.name, line | variant.changes), arguments) for variant in variants}
    except WrongVariantError as error:
        print(error, file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(reports, indent=1))
    else:
        Console().print(side_by_side(reports))
    return 0 if all(report["succeeded"] == report["of"] for report in reports.values()) else 1


async def _rehearse(scenarios: list[Scenario], *, together: int, in_json: bool) -> int:
    places = asyncio.Semaphore(together)
    # Two calls to one telephone at a time, and the second would find it busy.
    lines: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
    console = Console(stderr=in_json)

    async def one(scenario: Scenario) -> Result:
        async with lines[scenario.callee.number if scenario.callee else scenario.name], places:
            result = await _play(scenario)
        console.print(f"scenario {result.name}: {'ok' if result.success else f'FAILED: {result.why}'}", markup=False, highlight=False, soft_wrap=True)
        return result

    results = await asyncio.gather(*map(one, scenarios))
    if in_json:
        print(json.dumps(as_json(results, model=settings.OPENAI_CALL_MODEL), indent=1))
    else:
        console.print(table(results))
        console.print(f"{sum(one.success for one in results)} of {len(results)} scenarios ended as their files say", style="bold", highlight=False)
    return 0 if all(one.success for one in results) else 1


async def _play(scenario: Scenario) -> Result:
    """Plays one with a guest of its own."""
    guest = await sync_to_async(make_guest)(scenario)
    last: list[RequestState] = []
    stage = Stage(guest, SandboxPhone(settings.SANDBOX_URL, guest.phone), lambda state: last.__setitem__(slice(None), [state]), step_s=STEP_S)
    started, why = time.monotonic(), ""
    leaks: list[str] = []
    try:
        state = await play(scenario, stage)
        leaks = made_up(state)
        why = "; ".join(leaks)
    except (JourneyFailed, RequestError) as error:
        why = str(error)
        leaks = [*words_leaked(scenario, last[0]), *made_up(last[0])] if last else []
    finally:
        await sync_to_async(forget)(guest)
    turns = [turn for call in last[0].calls for turn in call.turns] if last else []
    waited_ms = waited(turns)
    median_ms, p95_ms = waits(waited_ms)
    bill = last[0].bill if last else None
    return Result(
        name=scenario.name,
        success=not why,
        why=why,
        seconds=round(time.monotonic() - started, 1),
        calls=len(last[0].calls) if last else 0,
        turns=len(turns),
        median_ms=median_ms,
        p95_ms=p95_ms,
        leaks=tuple(leaks),
        micros=None if bill is None or bill.unknown else bill.micros,
        currency=bill.currency if bill else "",
        waited_ms=waited_ms,
    )

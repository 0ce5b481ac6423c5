"""Plays the journeys in the terminal, or one request of one's own. `make demo` starts everything for it."""

from __future__ import annotations

import asyncio
import io
import sys
import time
from argparse import ArgumentParser, Namespace
from contextlib import suppress

from django.conf import settings
from rich.console import Console
from rich.rule import Rule

from calls.models import Turn
from context.household import EMAIL
from context.models import User
from floyd_site.awkward_journeys import AWKWARD
from floyd_site.directory_journeys import FOUND
from floyd_site.journeys import JOURNEYS, USUAL, Journey, nothing_made_up
from floyd_site.stage import JourneyFailed, SandboxPhone, Stage
from floyd_site.terminal.printer import RequestPrinter
from floyd_site.terminal.state import RequestState
from floyd_site.terminal.state import run as run_async
from floyd_site.terminal.turn_tables import totals_table
from floyd_site.two_floyds import TOGETHER
from requests_app.errors import RequestError
from requests_app.status import Status

#: A person who answers questions of their own request needs time.
OWN_REQUEST_S = 900.0
NARROWEST = 110
KNOWN = JOURNEYS | FOUND | TOGETHER | AWKWARD


def add_arguments(parser: ArgumentParser) -> None:
    """Which journeys."""
    parser.add_argument("journeys", nargs="*", metavar="JOURNEY", help=f"of {', '.join(KNOWN)} (default: {', '.join(USUAL)})")
    parser.add_argument("--all", action="store_true", help="all but the awkward ones")
    parser.add_argument("--together", type=int, default=1, metavar="N", help="so many at the same time, each shown when it is over")
    parser.add_argument("--ask", metavar="WORDS", help="a request of your own instead")


def run(options: Namespace) -> int:
    """0 only if every journey ended as it should."""
    if not settings.SANDBOX_URL:
        print("The demo is played in the sandbox, and none is running here. Start it with: make demo", file=sys.stderr)
        return 2
    unknown = [name for name in options.journeys if name not in KNOWN]
    if unknown:
        print(f"There is no journey {', '.join(unknown)}. There are: {', '.join(KNOWN)}", file=sys.stderr)
        return 2
    user = User.objects.filter(email=EMAIL).first()
    if user is None:
        print("The household is missing. Start with: make demo", file=sys.stderr)
        return 2
    console = Console(width=None if sys.stdout.isatty() else NARROWEST)
    if options.ask:
        return run_async(_own_request(options.ask, user, console))
    names = [*JOURNEYS, *FOUND, *TOGETHER] if options.all else options.journeys or list(USUAL)
    return run_async(_journeys([KNOWN[name] for name in names], user, console, together=options.together))


async def _journeys(journeys: list[Journey], user: User, console: Console, *, together: int) -> int:
    turns: list[Turn] = []
    if together <= 1:
        ended_well = [await _journey(journey, user, console, turns) for journey in journeys]
    else:
        places = asyncio.Semaphore(together)
        ended_well = await asyncio.gather(*(_beside_others(journey, user, console, turns, places) for journey in journeys))
    if turns:
        console.print(totals_table(turns))
    console.print(f"\n{sum(ended_well)} of {len(journeys)} journeys ended as they should", style="bold", highlight=False)
    return 0 if all(ended_well) else 1


async def _beside_others(journey: Journey, user: User, console: Console, turns: list[Turn], places: asyncio.Semaphore) -> bool:
    """Plays one with its output held back, so that it stands together."""
    page = io.StringIO()
    async with places:
        ended_well = await _journey(journey, user, Console(file=page, width=console.width, force_terminal=console.is_terminal), turns)
    console.file.write(page.getvalue())
    console.file.flush()
    return ended_well


async def _journey(journey: Journey, user: User, console: Console, turns: list[Turn]) -> bool:
    """Plays one and says how it ended."""
    console.print(Rule(f"[bold]{journey.name}[/]: {journey.about}"))
    started = time.monotonic()
    try:
        await _play(journey, user, console, turns)
    except (JourneyFailed, RequestError) as error:
        console.print(f"journey {journey.name}: FAILED: {error}", style="bold red", markup=False, highlight=False, soft_wrap=True)
        return False
    console.print(f"[dim]{time.monotonic() - started:.0f} s[/]")
    console.print(f"journey {journey.name}: ok", style="bold green", highlight=False)
    return True


async def _play(journey: Journey, user: User, console: Console, turns: list[Turn]) -> None:
    """Plays one; whatever happens, what is known of its times is shown, and added to `turns`."""
    printer = RequestPrinter(console)
    last: list[RequestState] = []

    def show(state: RequestState) -> None:
        last[:] = [state]
        printer.show(state)

    phone = SandboxPhone(settings.SANDBOX_URL, user.phone)
    try:
        ended = await journey.play(Stage(user, phone, show))
    except JourneyFailed:
        await _other_ends(phone, last, console)
        raise
    finally:
        if last:
            printer.times(last[0])
            turns += [turn for call in last[0].calls for turn in call.turns]
    nothing_made_up(ended, console)


async def _other_ends(phone: SandboxPhone, last: list[RequestState], console: Console) -> None:
    """What those who were called said and understood, to tell who of the two went wrong."""
    for call in [watched.call for state in last for watched in state.calls if watched.call.carrier_sid]:
        with suppress(JourneyFailed):  # why the journey failed matters more
            heard = await phone.call(str(call.carrier_sid))
            console.print(f"At the other end of call {call.attempt}:", style="bold")
            for line in heard["transcript"]:
                sure = "" if line["sure"] else " (not sure)"
                text = f"  {line['at_ms'] / 1000:6.1f} s {line['speaker']}: {line['text']}{sure}"
                console.print(text, markup=False, highlight=False, soft_wrap=True)


async def _own_request(words: str, user: User, console: Console) -> int:
    printer = RequestPrinter(console)
    stage = Stage(user, SandboxPhone(settings.SANDBOX_URL, user.phone), printer.show, step_s=OWN_REQUEST_S)
    console.print(f"[dim]Answer questions on {user.name}'s phone: {settings.SANDBOX_URL}[/]")
    try:
        await stage.ask(words)
        state = await stage.end()
    except (JourneyFailed, RequestError) as error:
        console.print(str(error), style="bold red", markup=False)
        return 1
    printer.times(state)
    return 0 if state.request.status == Status.DONE else 1

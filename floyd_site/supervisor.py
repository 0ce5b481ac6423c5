"""Runs Floyd on one machine: `python -m floyd_site.supervisor` (this is `make run`).

Brings PostgreSQL and Valkey when none are given, prepares the database, keeps all processes running, and ends
them with itself. With a command after `--` it runs that beside the processes instead of waiting for Ctrl-C, and
its exit status is ours::

    python -m floyd_site.supervisor --temporary --log demo.log -- python manage.py floyd demo school
"""

from __future__ import annotations

import signal

if __name__ == "__main__":
    # Nothing is started before `main`: until then Ctrl-C simply ends us, without a traceback from the midst of an import.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import argparse
import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from floyd_site.embedded import EmbeddedServerError, EmbeddedServers, die_with_parent
from floyd_site.env import SettingError
from floyd_site.supervision import dotenv, ports, preparation
from floyd_site.supervision.child import Child
from floyd_site.supervision.crew import Crew, StartError
from floyd_site.supervision.environment import compose
from floyd_site.supervision.home import DEFAULT_HOME, Home, HomeError, Secrets
from floyd_site.supervision.output import Output, wants_colour
from floyd_site.supervision.programs import Program, all_programs

ROOT = Path(__file__).resolve().parent.parent
READY_TIMEOUT_S = 90.0
#: Calls in progress are cut after this when a person stops Floyd.
DRAIN_LIMIT_S = "5"
KNOWN_ERRORS = (EmbeddedServerError, SettingError, HomeError, StartError, preparation.DatabaseError, ports.NoFreePortError)


@dataclass(frozen=True, slots=True)
class Options:
    """How to run."""

    home: Path
    temporary: bool = False
    any_ports: bool = False
    sandbox_only: bool = False
    log: Path | None = None
    command: tuple[str, ...] = ()


def _parse(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(prog="python -m floyd_site.supervisor", description="Runs Floyd on this machine.")
    parser.add_argument("--home", type=Path, default=DEFAULT_HOME, help="folder for data and generated secrets (default .floyd)")
    parser.add_argument("--temporary", action="store_true", help="a new, throw-away home, any ports, the sandbox only: to run beside another Floyd")
    parser.add_argument("--any-ports", action="store_true", help="let the system pick the ports")
    parser.add_argument("--sandbox-only", action="store_true", help="leave .env and all accounts aside")
    parser.add_argument("--log", type=Path, help="write the processes' output to this file instead of the terminal")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="-- a command to run when all is ready")
    options = parser.parse_args(arguments)
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    temporary = options.temporary
    return Options(options.home, temporary, options.any_ports or temporary, options.sandbox_only or temporary, options.log, tuple(command))


class Supervisor:
    """One run, from the first check to the last process."""

    def __init__(self, options: Options, output: Output) -> None:
        self._options = options
        self._output = output
        self._home = Home(options.home)
        self._started = time.monotonic()
        self._outside = dict(os.environ)

    def run(self) -> int:
        """Runs until a signal or the end of the command; returns the exit status."""
        self._home.take()
        with contextlib.ExitStack() as stack:
            stack.callback(self._home.release)
            given = _given(sandbox_only=self._options.sandbox_only)
            secrets = self._home.secrets()
            chosen = ports.choose(self._output.say, anywhere=self._options.any_ports)
            # Composed once before the servers start: a half-given key is told at once.
            compose(given, secrets=secrets, ports=chosen, servers={})
            servers = self._servers(given, stack)
            environment = compose(given, secrets=secrets, ports=chosen, servers=servers)
            environment.setdefault("DRAIN_LIMIT_S", DRAIN_LIMIT_S)
            # The sandbox speaks under the names of real voices: what it rendered must never be played to real callees.
            cache = "phrases-sandbox" if environment.get("SANDBOX_URL") else "phrases"
            environment.setdefault("PHRASE_CACHE", str(self._home.path.resolve() / cache))
            _check_settings(environment)
            return asyncio.run(self._live(environment, secrets, chosen))

    def _servers(self, given: dict[str, str], stack: contextlib.ExitStack) -> dict[str, str]:
        if given.get("DATABASE_URL") and given.get("REDIS_URL"):
            return {}
        self._output.say("starting PostgreSQL and Valkey")
        servers = EmbeddedServers(self._home.path, durable=not self._options.temporary)
        stack.enter_context(_undisturbed_end(servers))
        # The sandbox may take away the database that is in use, and no other.
        pid = {} if given.get("DATABASE_URL") else {"SANDBOX_DATABASE_PID": str(servers.pids["postgres"])}
        return {**servers.environment, **pid}

    async def _live(self, environment: dict[str, str], secrets: Secrets, chosen: ports.Ports) -> int:
        stop = _Stop()
        programs = all_programs(chosen, environment)
        crew = Crew(programs, environment, self._output)
        stop.on_second(crew.kill)
        main = asyncio.create_task(self._work(crew, environment, secrets))
        stopped = asyncio.create_task(stop.asked.wait())
        try:
            await asyncio.wait({main, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if main.done():
                return main.result()
            self._output.say("stopping (Ctrl-C again to stop at once)")
            return stop.exit_status if self._options.command else 0
        finally:
            main.cancel()
            stopped.cancel()
            await asyncio.gather(main, return_exceptions=True)
            await crew.stop()

    async def _work(self, crew: Crew, environment: dict[str, str], secrets: Secrets) -> int:
        await self._prepare(environment, secrets)
        crew.start()
        await crew.ready(READY_TIMEOUT_S)
        own = {name: value for name, value in environment.items() if self._outside.get(name) != value}
        self._home.announce(site_url=environment["SITE_URL"], environment=own, processes=crew.processes)
        if self._options.command:
            return await _run_beside(self._options.command, environment)
        self._output.block(self._welcome(environment, secrets))
        await crew.failed()
        return 1

    async def _prepare(self, environment: dict[str, str], secrets: Secrets) -> None:
        """Migrations and household, when anything is to be done."""
        today = date.today().isoformat()  # noqa: DTZ011  the day of whoever runs this
        if preparation.is_prepared(environment["DATABASE_URL"], today=today):
            return
        self._output.say("preparing the database")
        command = (sys.executable, str(ROOT / "manage.py"), "floyd", "prepare")
        program = Program("prepare", command, {"FLOYD_LOGIN_PASSWORD": secrets.login_password})
        await _run_to_end(program, environment, self._output)
        preparation.note_prepared(environment["DATABASE_URL"], today=today)

    def _welcome(self, environment: dict[str, str], secrets: Secrets) -> str:
        rows = [("Floyd is ready", environment["SITE_URL"]), ("Sign in as", "tom@redmond.example"), ("Password", secrets.login_password)]
        rows.append(("As staff", f"sam@floyd.example, same password, {environment['SITE_URL']}/admin/"))
        if environment.get("SANDBOX_URL"):
            rows.append(("Sandbox phones", f"{environment['SANDBOX_URL']}  (nothing leaves this machine)"))
        rows.append(("Stop", f"Ctrl-C   (started in {time.monotonic() - self._started:.1f} s)"))
        rule = "─" * 64
        return "\n".join(["", rule, *(f"  {name + ':':<16} {value}" for name, value in rows), rule, ""])


async def _run_to_end(program: Program, environment: dict[str, str], output: Output) -> None:
    """Runs a program once; StartError with its last words when it fails."""
    child = Child(program, environment, lambda line: output.line(program.name, line))
    try:
        code = await child.wait()
    finally:
        child.kill()
    if code:
        raise StartError(f"{program.name} failed:\n" + "\n".join(f"    {line}" for line in child.last_words))


async def _run_beside(command: Sequence[str], environment: dict[str, str]) -> int:
    """Runs a command on our terminal; it is in our process group, so Ctrl-C reaches it too."""
    child = subprocess.Popen(command, env=environment, preexec_fn=lambda: die_with_parent(signal.SIGKILL))  # noqa: ASYNC220, PLW1509  returns at once
    try:
        while (code := child.poll()) is None:  # noqa: ASYNC110  no event tells a child's end without threads
            await asyncio.sleep(0.05)
        return code
    finally:
        if child.poll() is None:
            child.terminate()
            deadline = time.monotonic() + 5
            while child.poll() is None and time.monotonic() < deadline:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            child.kill()


class _Stop:
    """The person (or the system) wants us to end. The second time they mean it."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.exit_status = 130
        self._kill: Callable[[], None] = lambda: None
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._take, number)

    def on_second(self, kill: Callable[[], None]) -> None:
        self._kill = kill

    def _take(self, number: int) -> None:
        if self.asked.is_set():
            self._kill()
        self.exit_status = 128 + number
        self.asked.set()


@contextlib.contextmanager
def _undisturbed_end(servers: EmbeddedServers) -> Iterator[EmbeddedServers]:
    """The servers, stopped to their end: a further Ctrl-C must not leave one behind."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(servers)
        try:
            yield servers
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)


def _given(*, sandbox_only: bool) -> dict[str, str]:
    """What the person set: .env under the process environment; without accounts and addresses when only the sandbox may be used."""
    if not sandbox_only:
        return {**dotenv.read(ROOT / ".env"), **os.environ}
    outside = ("TWILIO_", "OPENAI_", "GOOGLE_", "DIAL_ONLY", "PUBLIC_URL", "MEDIA_NODE", "SITE_URL")
    return {name: value for name, value in os.environ.items() if not name.startswith(outside)}


def _check_settings(environment: dict[str, str]) -> None:
    """Reads the settings as the processes will.

    Raises:
        SettingError: one is missing or malformed.
    """
    os.environ.update(environment)
    import floyd_site.settings  # noqa: F401


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; errors that are known are one sentence."""
    options = _parse(arguments)
    if "MAKELEVEL" in os.environ:
        die_with_parent(signal.SIGTERM)  # a killed `make` takes everything with it
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    log = None
    if options.log:
        options.log.parent.mkdir(parents=True, exist_ok=True)
        log = options.log.open("w", encoding="utf-8")
        if options.command:
            print(f"Starting Floyd (what its processes print goes to {options.log})…", flush=True)
    output = Output(log or sys.stdout, wants_colour(sys.stdout) and log is None)
    home = Path(tempfile.mkdtemp(prefix="floyd-home-")) if options.temporary else options.home
    if options.temporary:
        home.chmod(0o755)  # PostgreSQL's own user has to get through
        options = replace(options, home=home)
    try:
        return Supervisor(options, output).run()
    except KNOWN_ERRORS as error:
        print(f"\n{error}" + (f"\n(All output is in {options.log}.)" if options.log else ""), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        if options.temporary:
            shutil.rmtree(home, ignore_errors=True)
        if log:
            log.close()


if __name__ == "__main__":
    sys.exit(main())

"""The servers under measurement and the stand-ins they talk to, as processes on cores of their own."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.processes import pinned_to
from floyd_site.embedded import EmbeddedServers

ROOT = Path(__file__).resolve().parent.parent
START_WITHIN_S = 90.0
STOP_WITHIN_S = 5.0
#: Warmed up: the event loop was on time so often in a row, half a second apart.
SETTLE_WITHIN_S, CALM_MS, CALM_LOOKS = 25.0, 5.0, 20


class BenchError(RuntimeError):
    """A process of the benchmark did not do what it should; the message names its log."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """One program: started, waited for until its port answers, and ended.

    Args:
        name: also of its log.
        command: what to run.
        port: answers when the program is ready.
        core: where it runs; None for anywhere.
    """

    def __init__(self, name: str, command: Sequence[str], *, port: int, core: int | None, folder: Path, environment: dict[str, str]) -> None:
        self._name, self._log = name, folder / f"{name}.log"
        with self._log.open("ab") as log:
            self._child = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                preexec_fn=pinned_to(core),  # noqa: PLW1509  no threads here
            )
        self._wait_for(port)

    @property
    def pid(self) -> int:
        """Of the program."""
        return self._child.pid

    def _wait_for(self, port: int) -> None:
        latest = time.monotonic() + START_WITHIN_S
        while time.monotonic() < latest and self._child.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.1)
        self.stop()
        raise BenchError(f"{self._name} did not start; the end of {self._log}:\n{self.tail()}")

    def tail(self, lines: int = 15) -> str:
        """The end of its log."""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-lines:])

    def stop(self) -> None:
        """Ends it, politely at first."""
        self._child.terminate()
        try:
            self._child.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()


class StandIns(Process):
    """The services that hear, think and speak."""

    def __init__(self, *, core: int | None, folder: Path, options: Sequence[str] = ()) -> None:
        self.http_port, self.grpc_port = free_port(), free_port()
        command = [sys.executable, "-m", "bench.standins", "--http-port", str(self.http_port), "--grpc-port", str(self.grpc_port), *options]
        super().__init__("standins", command, port=self.http_port, core=core, folder=folder, environment=dict(os.environ))

    @property
    def address(self) -> str:
        """Of what they serve by HTTP."""
        return f"http://127.0.0.1:{self.http_port}"

    def lateness(self) -> dict[str, Any]:
        """How late they were since the last time this was asked."""
        with urllib.request.urlopen(f"{self.address}/stats", timeout=10) as answer:
            report: dict[str, Any] = json.load(answer)
            return report


class Floyd:
    """Floyd's media process with a database and a broker of its own, all three on the measured core.

    Args:
        core: where all of it runs.
        standins: what it hears, thinks and speaks with.
        folder: for logs.
        server: "uvicorn" (as in production) or "daphne".
        speaker: which voice.
    """

    def __init__(self, *, core: int | None, standins: StandIns, folder: Path, server: str = "uvicorn", speaker: str = "google_speech") -> None:
        usual = (server, speaker) == ("uvicorn", "google_speech")
        self.name = "Floyd" if usual else f"Floyd ({server}, {speaker})"
        self._home = Path(tempfile.mkdtemp(prefix="floyd-bench-", dir="/tmp"))
        self._home.chmod(0o755)
        self._stack = EmbeddedServers(self._home)
        elsewhere = os.sched_getaffinity(0)
        try:
            if core is not None:
                os.sched_setaffinity(0, {core})
            self._stack.__enter__()
        finally:
            os.sched_setaffinity(0, elsewhere)
        self._port = free_port()
        self._environment = self._settings(standins, speaker)
        try:
            self._manage("migrate", "-v", "0", "--no-input")
            self._media = Process(f"floyd-{server}", self._command(server), port=self._port, core=core, folder=folder, environment=self._environment)
        except BaseException:
            self._clean_up()
            raise

    def settle(self) -> None:
        """Until it has warmed up: what it renders and loads ahead is not what is measured."""
        latest, calm = time.monotonic() + SETTLE_WITHIN_S, 0
        while calm < CALM_LOOKS and time.monotonic() < latest:
            time.sleep(0.5)
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/healthz", timeout=10) as answer:
                calm = calm + 1 if float(json.load(answer).get("lag_ms", 0.0)) < CALM_MS else 0

    def _command(self, server: str) -> list[str]:
        if server == "daphne":
            return [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(self._port), "-v", "0", "floyd_site.asgi:application"]
        return [sys.executable, "-m", "floyd_site.serve", "--port", str(self._port)]

    def _settings(self, standins: StandIns, speaker: str) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
        return {
            **inherited,
            **self._stack.environment,
            "SECRET_KEY": "only-for-benchmarks",
            "FLOYD_PROCESS": "media",
            "SITE_URL": "http://localhost:1",
            "PUBLIC_URL": "https://floyd.invalid",
            "MEDIA_NODE": f"ws://127.0.0.1:{self._port}",
            "TWILIO_ACCOUNT_SID": f"AC{'0' * 32}",
            "TWILIO_AUTH_TOKEN": "only-for-benchmarks",
            "TWILIO_NUMBER": "+15555550100",
            "TWILIO_API_BASE": "http://127.0.0.1:1",
            "OPENAI_API_KEY": "sk-bench",
            "OPENAI_BASE_URL": f"http://127.0.0.1:{standins.http_port}/v1",
            "GOOGLE_SPEECH_ENDPOINT": f"127.0.0.1:{standins.grpc_port}",
            "SPEAKER": speaker,
            "PHRASE_CACHE": str(self._home / "phrases"),
            # Where the limit lies is what is being measured.
            "MAX_CALLS_PER_NODE": "1000",
            # Its callers are gone when it is stopped.
            "DRAIN_LIMIT_S": "0",
            "PYTHONWARNINGS": "ignore",
        }

    def _manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self._environment | {"FLOYD_PROCESS": "tool"}, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BenchError(f"manage.py {' '.join(arguments)} failed:\n{done.stderr[-2000:]}")
        return done.stdout

    @property
    def pids(self) -> dict[str, int]:
        """What is counted: the media process itself, and what it needs."""
        return {"server": self._media.pid, **self._stack.pids}

    def targets(self, calls: int) -> str:
        """Lines of JSON, a call each."""
        return self._manage("floyd", "bench-calls", str(calls), "--json", "--throwaway-database")

    def stop(self) -> None:
        """Ends everything and leaves nothing. Safe to call twice."""
        self._media.stop()
        self._clean_up()

    def _clean_up(self) -> None:
        self._stack.stop()
        shutil.rmtree(self._home, ignore_errors=True)


class Pipecat:
    """Pipecat with the same services, in the virtual environment that has it.

    Args:
        variant: see bench/pipecat_server.py.
    """

    PYTHON = ROOT / ".bench-venv" / "bin" / "python"

    def __init__(self, *, core: int | None, standins: StandIns, folder: Path, variant: str) -> None:
        self.name = f"Pipecat {variant}"
        self._port = free_port()
        command = [str(self.PYTHON), "bench/pipecat_server.py", "--variant", variant, "--port", str(self._port)]
        command += ["--http", f"http://127.0.0.1:{standins.http_port}/v1", "--grpc", f"127.0.0.1:{standins.grpc_port}"]
        self._server = Process(f"pipecat-{variant}", command, port=self._port, core=core, folder=folder, environment=dict(os.environ))

    @property
    def pids(self) -> dict[str, int]:
        """The one process."""
        return {"server": self._server.pid}

    def targets(self, calls: int) -> str:
        """Lines of JSON, a call each."""
        line = {"url": f"ws://127.0.0.1:{self._port}/ws"}
        return "\n".join(json.dumps({**line, "call_sid": f"CA{number:032x}"}) for number in range(calls))

    def stop(self) -> None:
        """Ends it."""
        self._server.stop()

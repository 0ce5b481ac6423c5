"""The programs that make up a running Floyd: how each is started and how it shows that it is ready."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from floyd_site.supervision.environment import SANDBOX_HOST, SANDBOX_MEDIA_HOST, SANDBOX_PHONES, SANDBOX_SECOND_NUMBER
from floyd_site.supervision.ports import Ports

WORKER_THREADS = 8


@dataclass(frozen=True, slots=True)
class Program:
    """One process to keep running.

    It is ready when `health_url` answers 200, or, without one, when a line of its output holds `ready_line`;
    with neither it is ready at once. Lines that hold one of `hidden` are not shown. Those of a higher `stop_stage`
    are asked to end when those of the lower ones have ended, because they are needed until then.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    health_url: str = ""
    ready_line: str = ""
    hidden: tuple[str, ...] = ()
    stop_stage: int = 1


def _server(name: str, port: int, *, stop_stage: int = 1) -> Program:
    command = (sys.executable, "-m", "floyd_site.serve", "--port", str(port))
    return Program(name, command, {"FLOYD_PROCESS": name}, health_url=f"http://127.0.0.1:{port}/healthz", stop_stage=stop_stage)


def _celery(name: str, *arguments: str, ready_line: str) -> Program:
    command = (sys.executable, "-m", "celery", "-q", "-A", "floyd_site", *arguments, "--loglevel", "info")
    # In a container or on a throw-away machine root is usual, and no pickled tasks are taken.
    quiet = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}
    return Program(name, command, {"FLOYD_PROCESS": name, **quiet}, ready_line=ready_line, hidden=("Sending due task",))


def sandbox(ports: Ports, environment: Mapping[str, str]) -> Program:
    """The stand-ins for the carrier, the model and speech."""
    hosts = {SANDBOX_HOST: ports.web, SANDBOX_MEDIA_HOST: ports.media}
    command = [sys.executable, "-m", "sandbox", "--http-port", str(ports.sandbox_http), "--grpc-port", str(ports.sandbox_grpc)]
    command += ["--smtp-port", str(ports.sandbox_smtp), "--imap-port", str(ports.sandbox_imap)]
    command += ["--account-sid", environment["TWILIO_ACCOUNT_SID"], "--auth-token", environment["TWILIO_AUTH_TOKEN"]]
    command += ["--number", environment["TWILIO_NUMBER"], "--sms-url", f"https://{SANDBOX_HOST}/twilio/message"]
    command += ["--site-url", environment["SITE_URL"], "--more-number", SANDBOX_SECOND_NUMBER]
    for number, name in SANDBOX_PHONES.items():
        command += ["--phone", f"{number}={name}"]
    command += ["--voice-url", f"https://{SANDBOX_HOST}/twilio/voice", "--status-url", f"https://{SANDBOX_HOST}/twilio/status"]
    for name, port in hosts.items():
        command += ["--host-map", f"{name}=127.0.0.1:{port}"]
    for option, variable in (
        ("--nasty", "SANDBOX_NASTY"),
        ("--people", "SANDBOX_PEOPLE"),
        ("--speed", "SANDBOX_SPEED"),
        ("--database-pid", "SANDBOX_DATABASE_PID"),
    ):
        if environment.get(variable):
            command += [option, environment[variable]]
    return Program("sandbox", tuple(command), health_url=f"http://127.0.0.1:{ports.sandbox_http}/healthz", stop_stage=2)


def all_programs(ports: Ports, environment: Mapping[str, str]) -> list[Program]:
    """Everything but the database and the broker, in the order of the output's labels."""
    pool = ("--pool", "threads", "-c", str(WORKER_THREADS))
    # Mingle, gossip and heartbeat serve fleets of workers that talk to each other; mingle alone costs a second at start.
    alone = ("--without-mingle", "--without-gossip", "--without-heartbeat")
    programs = [
        _server("web", ports.web),
        # Its calls end first: the carrier tells `web` of it, and `worker` sums them up.
        _server("media", ports.media, stop_stage=0),
        _celery("worker", "worker", *pool, "-Q", "requests,calls", *alone, ready_line=" ready."),
        # What is due stands in the database: beat keeps no schedule file that a kill could damage.
        _celery("beat", "beat", "--scheduler", "celery.beat:Scheduler", "--pidfile", "", ready_line="beat: Starting"),
    ]
    if environment.get("SANDBOX_URL"):
        programs.append(sandbox(ports, environment))
    return programs

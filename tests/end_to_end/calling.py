"""People ring Floyd's number by script (`caller_scripts`): real processes, with a use case more than the project has, made by copying a folder."""

from __future__ import annotations

import json
import re
import shutil
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password

from sandbox.people.reading import read
from tests.end_to_end.processes import ROOT, Processes
from tests.use_cases import page

SCRIPTS = Path(__file__).parent / "caller_scripts"
#: Who says what, by the file's name.
PEOPLE = {path.stem: read(path) for path in sorted(SCRIPTS.glob("*.yaml"))}
#: A machine that is busy with other things is slow to speak and to hear.
PATIENCE_S = 150.0
#: What the carrier and the workers do behind the end of a call.
SETTLED_S = 60.0
#: Nobody ever picks up there.
NOBODY = "+15195550145"
PIN = "4827"
#: Floyd called there for Tom, nobody was there, and it will try again tomorrow.
CALLED_BEFORE = """
from datetime import timedelta
from django.utils import timezone
from calls.conversation.brief import CallBrief
from calls.models import Call
from calls.status import CallStatus
from context.models import User
from requests_app.models import Request
from requests_app.status import Status
tom, tomorrow = User.objects.get(phone={phone!r}), timezone.now() + timedelta(days=1)
contact = tom.contacts.create(name="Wellington Dental", phone={number!r}, time_zone="America/Toronto")
plan = dict(kind="book", title="Cleaning")
request = Request.objects.create(
    user=tom, ask="Book a cleaning.", status=Status.SCHEDULED, client_key="called", number={number!r}, contact=contact, plan=plan, attempt=1,
    not_before=tomorrow,
)
brief = CallBrief(
    user_name=tom.name, callee_name=contact.name, kind="book", goal="Book a cleaning for Tom Redmond.", introduction="", opening_line="", success="",
    today="",
)
Call.objects.create(
    request=request, user=tom, attempt=1, number={number!r}, brief=brief.to_json(), status=CallStatus.NO_ANSWER, ended_at=timezone.now()
)
"""


def called_before() -> str:
    """Python that makes what a business calls back about."""
    return CALLED_BEFORE.format(phone=PEOPLE["tom"].number, number=PEOPLE["wilma"].number)


def tree_with_another_use_case(to: Path) -> Path:
    """A copy of the project with the greenhouse of docs/use-cases.md, whose person never picks up, and a kitchen that never closes."""
    shutil.copytree(ROOT, to, ignore=shutil.ignore_patterns(".*", "tests", "bench", "docs", "node_modules"))
    page.follow(to)
    description = to / "use_cases" / "greenhouse" / "use_case.toml"
    description.write_text(f'live_agent = "{NOBODY}"\n{description.read_text("utf-8")}', encoding="utf-8")
    menu = to / "use_cases" / "restaurant" / "data" / "menu.toml"
    always = re.sub(r"^(mon|tue|wed|thu|fri|sat|sun) = .*$", r'\1 = ["00:00", "24:00"]', menu.read_text("utf-8"), flags=re.M)
    menu.write_text(always, encoding="utf-8")
    return to


def settle_in(processes: Processes) -> None:
    """Loads the use case that is new; those who have called before chose something then, and Floyd's user has a PIN."""
    loaded = processes.manage("floyd", "use-cases")
    assert re.search(r"^greenhouse: (new|unchanged)$", loaded.stdout, re.M), loaded.stdout + loaded.stderr
    called = processes.manage("shell", "-c", called_before())
    assert called.returncode == 0, called.stderr
    with processes.connect() as connection:
        number = "insert into use_cases_inboundnumber (number, menu) values (%s, true) on conflict (number) do update set use_case = '', menu = true"
        connection.execute(number, [processes.environment["TWILIO_NUMBER"]])
        for name, chosen in (("nora", "apartments"), ("amelie", "apartments"), ("omar", "restaurant"), ("ivy", "greenhouse")):
            row = [PEOPLE[name].number, *PEOPLE[name].name.split(), chosen]
            connection.execute(
                "insert into use_cases_caller (number, first_name, last_name, use_case, updated_at) values (%s, %s, %s, %s, now())", row
            )
        hashed = make_password(PIN, hasher="pbkdf2_sha256")
        tom = "insert into use_cases_phonepin (user_id, digits, wrong) select id, %s, 0 from context_user where phone = %s"
        connection.execute(tom, [hashed, PEOPLE["tom"].number])


@dataclass(frozen=True)
class ScriptedCaller:
    """One person's call to Floyd's number."""

    processes: Processes
    name: str

    @property
    def number(self) -> str:
        """Where they call from."""
        return PEOPLE[self.name].number

    def control(self, what: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Asks something of the sandbox; without a body it only looks."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.processes.sandbox_url}/control/{what}", data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as response:
            return dict(json.load(response))

    def rings(self) -> None:
        """Dials Floyd's number; the script does the rest."""
        self.control(f"people/{self.number}/call", {})

    def hangs_on(self) -> ScriptedCaller:
        """Waits until the call has ended and its end is stored; gives the caller."""
        over = "select 1 from calls_call where number = %(number)s and direction = 'inbound' and status = 'completed' and end_reason <> ''"
        self.until(lambda: self.rows(over), "the call is over")
        return self

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows; `%(number)s` in the query is theirs, and so is `{call}`, their call."""
        call = "(select id from calls_call where number = %(number)s and direction = 'inbound')"
        with self.processes.connect() as connection:
            return list(connection.execute(query.replace("{call}", call), {"number": self.number}).fetchall())  # type: ignore[arg-type]

    def leaves(self, query: str, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """What a query gives once that is `rows`; whatever it gives when that does not come."""
        deadline = time.monotonic() + SETTLED_S
        while (found := self.rows(query)) != rows and time.monotonic() < deadline:
            time.sleep(0.1)
        return found

    def until(self, found: Callable[[], Any], what: str) -> None:
        """Waits for something. Raises TimeoutError when it does not come."""
        deadline = time.monotonic() + PATIENCE_S
        while not found():
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited in vain: {what}")
            time.sleep(0.1)

    def report(self) -> str:
        """What was said, as Floyd kept it and as they heard it, what tools did, and the processes' last words."""
        lines = self.rows("select speaker, intended, text from calls_transcriptline where call_id = {call} order by seq")
        runs = self.rows("select name, arguments, result, tries, ms from use_cases_toolrun where call_id = {call} order by id")
        there = [f"{line['at_ms']} {line['speaker']}: {line['text']}" for line in (self.control(f"people/{self.number}")["call"] or {})["transcript"]]
        parts = ("kept", *map(str, lines), "heard", *there, "tools", *map(str, runs), "the processes", self.processes.output[-6000:])
        return "\n".join(parts)


def leave_alone_until(holder: ScriptedCaller, table: str, query: str, then: Callable[[], None]) -> None:
    """Keeps a table locked while `then` happens, until a query about this caller gives something: tools that use the table fail meanwhile."""
    with holder.processes.connect() as connection, connection.transaction():
        connection.execute(f"lock table {table} in access exclusive mode")
        then()
        holder.until(lambda: holder.rows(query), f"{query} gives something")

"""The people who ring by script (`tests/end_to_end/callers.py`), in words instead of sound: the same rows are left behind on both lines.

Sockets, conversation, tools and rows are real. The sandbox's mind answers and its people's scripts decide what is said; only ears and voices are left
out, so that a call takes seconds.
"""

from __future__ import annotations

import asyncio
import json
import shlex
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.utils import timezone

from calls.conversation import silence
from calls.conversation.fixed_lines import BACK_AGAIN
from calls.lines import away, drain, lasting, tool_runs, warm
from calls.models import CONVERSATION_RELAY, MEDIA_STREAM, Call
from calls.speech import relay_account
from calls.telephony.tokens import stream_token
from context.dates import zone
from live.address import database_address
from providers.types import Message, ReplyDone, ReplyPart, TextPiece, ToolCall, ToolSpec, Usage
from sandbox.mind.receptionist import receive
from sandbox.people.acts import Act, Keys, Say
from sandbox.people.persona import Persona
from sandbox.twilio.ringing_in import VERSTAT
from tests import cast
from tests.calls.lines.conftest import address, call_row, connections, ended, keys, kit, layer, rows
from tests.calls.lines.fakes import Carrier
from tests.calls.lines.relay_carrier import SESSION, RelayCarrier
from tests.calls.lines.scene import CALL_SID, NODE, until
from tests.end_to_end.callers import LEFT, NOTHING, ROWS, SHOWS
from tests.end_to_end.calling import PEOPLE, PIN, called_before
from tests.use_cases import folder, page
from tests.use_cases.people import OUR_NUMBER
from use_cases import answering, folders
from use_cases.apartments.models import Apartment, Tour
from use_cases.apartments.stock import refresh_now, rules
from use_cases.floyd_line.models import PhonePin
from use_cases.loading import load_all
from use_cases.models import Caller, InboundNumber

__all__ = ["address", "call_row", "connections", "ended", "keys", "kit", "layer", "rows"]
pytestmark = pytest.mark.usefixtures("keys")

LINES = (MEDIA_STREAM, CONVERSATION_RELAY)
#: What those leave who ring only here.
LEFT_HERE = LEFT | {
    "vera": NOTHING
    | {
        "call": [("finished", True)],
        "caller": [("Vera", "Moss", "", "apartments", "apartments")],
        "tools": [
            ("existing_appointments", "ok", {}),
            ("existing_appointments", "ok", {"date": "tomorrow", "time": "10 a.m."}),
            ("existing_appointments", "ok", {"date": "tomorrow", "time": "2 p.m."}),
            ("cancel_tour", "ok", {"date": "tomorrow", "time": "2 p.m."}),
        ],
    },
    "rosa": NOTHING
    | {
        "call": [("finished", True)],
        "caller": [("", "", "", "greenhouse", "greenhouse")],
        "tools": [
            ("list_experiences", "ok", {}),
            ("choose_experience", "ok", {"title": "greenhouse"}),
            ("plants_in_stock", "ok", {}),
            ("plants_in_stock", "ok", {}),
        ],
    },
}
ANOTHER_STREAM, ANOTHER_SESSION = "MZ" + "2" * 32, "VX" + "f" * 32
#: What has no other process to work on it here, or no phone to ring at, stays as the call left it.
UNTOUCHED: dict[str, dict[str, list[tuple[Any, ...]]]] = {
    "tom": {"requests": [("When is my next dentist appointment?", "call", "pending", None)]},
    "dana": {"hand-offs": [("financial", "asked")]},
}
#: Where an answer is that somebody speaks over: so much of it they hear before, where it is played in real time.
TALKED_OVER, HEARD_S = "three-bedroom", 0.6
TALKS_MS = 5_000


class Mind:
    """The sandbox's mind as a thinker, without a wire between."""

    def __init__(self) -> None:
        self.calls = 0

    async def warm(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    async def reply(self, *, messages: Sequence[Message], tools: Sequence[ToolSpec], cache_key: str = "") -> AsyncIterator[ReplyPart]:
        """The words of its thought, then the tools."""
        thought = receive(list(messages), frozenset(tool["function"]["name"] for tool in tools))
        for word in thought.text.split():
            yield TextPiece(f"{word} ")
        for use in thought.tools:
            self.calls += 1
            yield ToolCall(f"call_{self.calls}", use.name, json.dumps(use.arguments))
        yield ReplyDone("tool_calls" if thought.tools else "stop", Usage(100, 80, 10))


@dataclass
class InSound:
    """A call on a media stream: what is said is what the recogniser says."""

    kit: Any
    phone: Carrier

    async def says(self, text: str) -> None:
        self.kit.recognizer.says(text)

    async def presses(self, digit: str) -> None:
        await self.phone.send({"event": "dtmf", "dtmf": {"track": "inbound_track", "digit": digit}})

    def lingers(self, words: str) -> None:
        self.kit.speaker.lingers_at = words

    async def talks_over(self, words: str, text: str) -> None:
        await until(lambda: any(words in said for said in self.kit.speaker.spoken))
        await asyncio.sleep(HEARD_S)
        clears, self.phone.voice = self.phone.clears, True
        self.kit.recognizer.says(text, final=False)
        await until(lambda: self.phone.clears > clears)
        self.phone.voice = False
        self.kit.recognizer.says(text)


@dataclass
class InWords:
    """A call on a ConversationRelay line: what is said is a prompt of the carrier's."""

    phone: RelayCarrier

    async def says(self, text: str) -> None:
        await self.phone.hears(text)

    async def presses(self, digit: str) -> None:
        await self.phone.presses(digit)

    def lingers(self, words: str) -> None:
        self.phone.holds_at = words

    async def talks_over(self, words: str, text: str) -> None:
        clause = ""

        def said() -> bool:
            nonlocal clause
            clause = next((message["token"] for message in self.phone.of("text") if words in message["token"]), "")
            return bool(clause)

        await until(said)
        await self.phone.interrupts(clause[: clause.index(words)].strip())
        self.phone.goes_on()
        await self.phone.hears(text)


Line = InSound | InWords


@dataclass
class ScriptedCaller:
    """Somebody who follows a script of the sandbox's: hears what the transcript says was heard."""

    name: str
    line: Line
    rows: Callable[..., Any]
    known: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.persona = Persona(PEOPLE[self.name])

    async def talks(self) -> None:
        """Until the call is over."""
        while not await self.rows("select 1 from calls_call where direction = 'inbound' and end_reason <> ''"):
            for row in await self.rows("select seq, text from calls_transcriptline where speaker = 'floyd' and final and text <> '' order by seq"):
                if row["seq"] not in self.known:
                    self.known.add(row["seq"])
                    await self._does(self.persona.heard(row["text"], 0))
            await asyncio.sleep(0.01)

    async def _does(self, acts: list[Act]) -> None:
        over = PEOPLE[self.name].states[self.persona.state].meanwhile
        if over:
            self.line.lingers(TALKED_OVER)
        for act in acts:
            match act:
                case Say():
                    await self.line.says(act.text)
                case Keys():
                    for digit in act.digits:
                        await self.line.presses(digit)
        if over:
            await self.line.talks_over(TALKED_OVER, " ".join(act.text for act in over[0].rule.say if isinstance(act, Say)))
            self.persona.caller_talks(TALKS_MS, 0, talking=False)


@pytest.fixture
def world(transactional_db, settings, monkeypatch) -> None:
    """Everybody who rings, as `settle_in` has them; the kitchen never closes."""
    settings.PUBLIC_URL = "https://floyd.example"
    settings.CALL_LANGUAGES = {"fr-CA": ""}
    monkeypatch.setattr(answering, "with_room", lambda: NODE)
    monkeypatch.setattr("use_cases.restaurant.kitchen.open_at", lambda *_: True)
    monkeypatch.setattr("use_cases.restaurant.kitchen.next_time", lambda now, *_: now)
    monkeypatch.setattr(relay_account, "GRACE_MS", 120_000)
    monkeypatch.setattr(away, "BACK_WITHIN_S", 120.0)
    # However slow the machine: no tool is given up, and nobody who is about to speak is taken for gone.
    monkeypatch.setattr(tool_runs, "GRACE_S", 120.0)
    monkeypatch.setattr(silence, "SILENCE_MS", 120_000)
    load_all()
    refresh_now()
    InboundNumber.objects.create(number=OUR_NUMBER, menu=True)
    for name, chosen in (("nora", "apartments"), ("amelie", "apartments"), ("omar", "restaurant"), ("vera", "apartments")):
        first, last = PEOPLE[name].name.split()
        caller = Caller.objects.create(number=PEOPLE[name].number, first_name=first, last_name=last, use_case=chosen)
    _has_a_tour(caller)
    PhonePin.objects.create(user=cast.tom(), digits=make_password(PIN), wrong=0)
    exec(called_before(), {})


def _has_a_tour(caller: Caller) -> None:
    there = zone(rules().time_zone)
    tomorrow = timezone.now().astimezone(there).date() + timedelta(days=1)
    at_two = datetime.combine(tomorrow, time(14), there)
    Tour.objects.create(apartment=Apartment.objects.get(layout="studio"), caller=caller, kind="self-guided", starts_at=at_two, key="before")


def _rings(name: str, line: str) -> Call:
    attested = VERSTAT.get(PEOPLE[name].attestation, "")
    call = answering.take_call(sid=CALL_SID, from_=PEOPLE[name].number, to=OUR_NUMBER, attested=attested)
    Call.objects.filter(pk=call.pk).update(line=line)
    return call


def _left(name: str, call: Call) -> dict[str, list[tuple[Any, ...]]]:
    with psycopg.connect(database_address()) as reader:
        asked = {what: query.replace("{call}", f"'{call.pk}'") for what, query in ROWS.items()}
        return {what: list(reader.execute(query, {"number": PEOPLE[name].number}).fetchall()) for what, query in asked.items()}


@pytest.fixture
def picked_up(address, kit, settings, monkeypatch):
    """Makes the carrier's end of a call on either line; `broken`: goes on for a socket that broke."""
    monkeypatch.setattr(warm, "_kit", replace(kit, thinker=Mind()))

    def made(call: Call, line: str, *, broken: bool = False, **changes: Any) -> Carrier | RelayCarrier:
        common = {"auth_token": "secret", "account_sid": settings.TWILIO_ACCOUNT_SID}
        if line == MEDIA_STREAM:
            fields = {"url": address, "call_id": str(call.pk), "token": stream_token(call.pk), "signed_url": f"{NODE}/media"}
            return Carrier(**(common | fields | ({"stream_sid": ANOTHER_STREAM} if broken else {}) | changes))
        resumes = SESSION if broken else ""
        parameters = {"call_id": str(call.pk), "token": stream_token(call.pk, session=resumes)} | ({"resumes": SESSION} if broken else {})
        fields = {"url": address.replace("/media", "/relay"), "parameters": parameters, "signed_url": f"{NODE}/relay"}
        fields["greeting"] = BACK_AGAIN if broken else call.brief["introduction"]
        return RelayCarrier(**(common | fields | ({"session_id": ANOTHER_SESSION} if broken else {}) | changes))

    return made


def _line(kit: Any, phone: Carrier | RelayCarrier) -> Line:
    return InSound(kit, phone) if isinstance(phone, Carrier) else InWords(phone)


async def _breaks(phone: Carrier | RelayCarrier, rows: Callable[..., Any]) -> None:
    """Their socket breaks while they are greeted."""
    if isinstance(phone, Carrier):
        await until(lambda: phone.played_ms > 0)
        await phone.cut()
    else:

        async def claimed() -> Any:
            return await rows("select 1 from calls_call where token_used_at is not null")

        await until(claimed)
        phone.cut()

    async def waits() -> bool:
        return bool(lasting.broken) and not (isinstance(phone, Carrier) and await rows("select 1 from calls_call where token_used_at is not null"))

    await until(waits)


async def _talks_while_tours_are_locked(caller: ScriptedCaller, rows: Callable[..., Any]) -> None:
    """Until a tool that needs the tours has failed, nothing can be done with them."""

    async def failed() -> Any:
        return await rows("select 1 from use_cases_toolrun where name = 'existing_appointments' and result is not null")

    async with asyncio.TaskGroup() as both, await psycopg.AsyncConnection.connect(database_address()) as holder, holder.transaction():
        await holder.execute("lock table use_cases_tour in access exclusive mode")
        both.create_task(caller.talks())
        await until(failed)


@pytest.fixture
def followed(transactional_db, tmp_path, monkeypatch) -> Iterator[None]:
    """Somebody has followed the page that says how to add a use case, beside the front desk."""
    shutil.copytree(folders.ROOT / "front_desk", tmp_path / "use_cases" / "front_desk")
    left = page.follow(tmp_path)
    folder.moved(monkeypatch, tmp_path / "use_cases")
    for command in left:
        interpreter, manage, *words = shlex.split(command)
        assert (interpreter, manage) == ("python", "manage.py")
        call_command(*words)
    yield
    for name in [name for name in sys.modules if name.startswith("use_cases.greenhouse")]:
        del sys.modules[name]


@pytest.mark.parametrize("line", LINES)
async def test_the_use_case_that_the_page_makes_is_offered_and_answers(followed, world, kit, picked_up, rows, line):
    call = await sync_to_async(_rings)("rosa", line)
    async with picked_up(call, line) as phone:
        await ScriptedCaller("rosa", _line(kit, phone), rows).talks()
    await until(lambda: drain.active_calls() == 0)
    assert await sync_to_async(_left)("rosa", call) == LEFT_HERE["rosa"]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("name", ["nora", "amelie", "omar", "dana", "tom", "wilma", "vera"])
async def test_a_caller_leaves_the_same_rows_on_both_lines(world, kit, picked_up, rows, name, line):
    call = await sync_to_async(_rings)(name, line)
    if name == "omar":
        async with picked_up(call, line, **({"holds": True} if line == CONVERSATION_RELAY else {})) as phone:
            await _breaks(phone, rows)
    async with picked_up(call, line, broken=name == "omar") as phone:
        caller = ScriptedCaller(name, _line(kit, phone), rows)
        if name == "nora":
            await _talks_while_tours_are_locked(caller, rows)
        else:
            await caller.talks()
    await until(lambda: drain.active_calls() == 0)
    found = await sync_to_async(_left)(name, call)
    assert name != "nora" or await rows(SHOWS[name].replace("{call}", f"'{call.pk}'")), "nothing was spoken over"
    assert found == LEFT_HERE[name] | UNTOUCHED.get(name, {})

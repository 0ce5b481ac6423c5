"""Everything a call's line writes and reads, on the media process's own connections."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol
from uuid import UUID

import psycopg
from asgiref.sync import sync_to_async
from celery import current_app
from django.db import DatabaseError
from django.db import connection as orm_connection
from psycopg.types.json import Jsonb

from calls.controlling import Control
from calls.conversation.brief import CallBrief, Slot
from calls.conversation.effects import AskUser, EndReason, SaveGrant, SaveLine, Situation
from calls.lines import statements
from calls.lines.connections import Connections
from calls.lines.prompts import AskedPrompt
from calls.lines.provider_notes import ProviderNote
from calls.lines.recorder import Chunk
from calls.lines.turn_times import TurnTimes
from calls.services import NEWS
from calls.status import RANK, CallStatus
from live.publish import send_notice
from requests_app.models import Request
from requests_app.questions import ask_question

log = logging.getLogger(__name__)


class Layer(Protocol):
    """What we need of the channel layer."""

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        """Sends to everybody in a group."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """The call that a stream belongs to. `wanted` is False when its user stopped the request meanwhile; a caller always is."""

    call_id: UUID
    request_id: UUID | None
    user_id: int | None
    brief: CallBrief
    wanted: bool
    number: str = ""
    line: str = "media_stream"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the user answered to one of our questions."""

    question_id: str
    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Instruction:
    """A line of the timeline by which the user steers the call."""

    seq: int
    kind: str
    text: str
    data: dict[str, Any]


async def claim(connections: Connections, layer: Layer, *, call_id: UUID, call_sid: str, stream_sid: str, node: str) -> Claimed | None:
    """Takes a call for this process: its token is used up, the carrier's sid bound, its status raised to "on the phone".

    Returns:
        None when there is no such call, it is over, another sid has it, or its token was used before.
    """
    values = {"call": call_id, "call_sid": call_sid, "stream_sid": stream_sid, "node": node}
    async with connections.lease() as connection:
        try:
            row = await (await connection.execute(statements.CLAIM, values)).fetchone()
        except psycopg.errors.UniqueViolation:  # the sid is another call's
            return None
    if row is None:
        return None
    claimed = Claimed(
        call_id=row["id"],
        request_id=row["request_id"],
        user_id=row["user_id"],
        brief=CallBrief.from_json(row["brief"]),
        wanted=row["direction"] == "inbound" or row["request_status"] in ("calling", "wrapping_up"),
        number=row["number"],
        line=row["line"],
    )
    store = CallStore(connections, layer, claimed)
    await store.broadcast(row)
    if row["direction"] == "outbound" and RANK[CallStatus(row["status_before"])] < RANK[CallStatus.IN_PROGRESS]:
        await store.tell(NEWS[CallStatus.IN_PROGRESS])
    return claimed


def _storable(value: Any) -> Any:
    """A JSON value without the one character that PostgreSQL refuses in text."""
    match value:
        case str():
            return value.replace("\x00", "")
        case dict():
            return {_storable(name): _storable(one) for name, one in value.items()}
        case list():
            return [_storable(one) for one in value]
        case _:
            return value


class CallStore:
    """One call's rows. Methods raise psycopg.Error; what is published is told to the pages after commit."""

    def __init__(self, connections: Connections, layer: Layer, call: Claimed) -> None:
        self._connections = connections
        self._layer = layer
        self._call = call
        self._topics = {"call_seq": f"call.{call.call_id}", "request_seq": f"request.{call.request_id}", "user_seq": f"user.{call.user_id}"}
        self._ids = {"call": call.call_id, "request": call.request_id, "user": call.user_id}

    async def _execute(self, statement: str, **values: Any) -> dict[str, Any] | None:
        async with self._connections.lease() as connection:
            cursor = await connection.execute(statement, self._ids | values)
            row = await cursor.fetchone() if cursor.description else None
        if row is not None:
            await self.broadcast(row)
        return row

    async def broadcast(self, row: dict[str, Any]) -> None:
        """Tells the pages which topics have something new; they read it from the database, now or later."""
        await send_notice(self._layer, {topic: seq for column, topic in self._topics.items() if (seq := row.get(column)) is not None})

    async def line(self, line: SaveLine, times: TurnTimes | None = None) -> None:
        """Inserts or updates a transcript line; with `times`, where the time of the reply went that became it."""
        if times is None:
            await self._execute(statements.LINE, **asdict(line))
        else:
            await self._execute(statements.LINE_OF_TURN, **(asdict(times) | asdict(line)))

    async def prompts(self, prompts: Sequence[AskedPrompt]) -> None:
        """What the model was asked, and answered."""
        rows = [{name: getattr(prompt if hasattr(prompt, name) else prompt.usage, name) for name in statements.PROMPT_COLUMNS} for prompt in prompts]
        await self._execute(statements.PROMPTS, prompts=Jsonb(_storable(rows)))

    async def provider_notes(self, notes: Sequence[ProviderNote]) -> None:
        """What services reported."""
        await self._execute(statements.PROVIDER_NOTES, notes=Jsonb(_storable([asdict(note) for note in notes])))

    async def slots(self, slots: Iterable[Slot]) -> None:
        """The typed values heard so far."""
        await self._execute(statements.SLOTS, slots=Jsonb([asdict(slot) for slot in slots]))

    async def grant(self, grant: SaveGrant) -> None:
        """What the user allowed."""
        await self._execute(statements.GRANT, question=grant.question_id or None, kind=grant.kind[:10], value=Jsonb(grant.value))

    async def disclosed(self) -> None:
        """The introduction was heard."""
        await self._execute(statements.DISCLOSURE)

    async def recording(self, *, on: bool) -> None:
        """Both sides are kept since now, or are not kept any more."""
        await self._execute(statements.RECORDING, state="on" if on else "off")

    async def sound(self, chunk: Chunk) -> None:
        """Keeps a piece of both sides, unless the other side has objected."""
        await self._execute(statements.SOUND, **asdict(chunk))

    async def drop_recording(self) -> None:
        """The other side does not want to be recorded: nothing of it is kept, whoever has the call next."""
        await self._execute(statements.DROP_RECORDING)

    async def situation(self, situation: Situation) -> None:
        """Who or what is at the other end since now."""
        await self._execute(statements.SITUATION, situation=situation.value)

    async def spoken(self, language: str) -> None:
        """The call goes on in this language. Whoever has it next (the carrier's next session, Floyd after a hand-off) begins in it."""
        await self._execute(statements.SPOKEN, language=language)

    async def tell(self, text: str) -> None:
        """A line about the call on the request's timeline."""
        data = {"call": str(self._call.call_id)}
        await self._execute(statements.EVENT, kind="call", text=text, data=Jsonb(data))

    async def ask(self, question: AskUser) -> None:
        """Puts a question before the user: on the page, on the timeline, and by the ways that they chose; once, however often."""
        # The service that everybody asks by. Questions are rare: a thread and a connection for each keeps no other call's rows waiting.
        await sync_to_async(self._ask, thread_sensitive=False)(question)

    def _ask(self, question: AskUser) -> None:
        try:
            request = Request.objects.select_related("user").filter(calls=self._call.call_id).first()
            if request is None:  # deleted meanwhile: nobody is left to ask
                return
            ask_question(
                request=request,
                kind=question.kind,
                text=question.text,
                step="call",
                waiter=f"call.{self._call.call_id}",
                slots=question.slots,
                question_id=question.question_id,
            )
        except DatabaseError as error:
            # Whoever writes our rows knows the driver's errors, and tries again by them.
            raise error.__cause__ if isinstance(error.__cause__, psycopg.Error) else psycopg.OperationalError(str(error)) from error
        finally:
            orm_connection.close()

    async def answers(self, questions: Iterable[str]) -> list[Answer]:
        """Which of these questions the user has answered."""
        async with self._connections.lease() as connection:
            cursor = await connection.execute(statements.ANSWERS, {"questions": [UUID(question) for question in questions]})
            return [Answer(str(row["id"]), row["answer"] or {}) async for row in cursor]

    async def instructions(self, *, after: int) -> list[Instruction]:
        """What the user said to Floyd or did with this call, behind number `after`."""
        async with self._connections.lease() as connection:
            cursor = await connection.execute(statements.INSTRUCTIONS, self._ids | {"after": after, "controls": list(Control)})
            return [Instruction(row["seq"], row["kind"], row["text"], row["data"]) async for row in cursor]

    async def heartbeat(self, usage: list[dict[str, Any]] | None = None, *, show: bool = False) -> bool:
        """Says that the call is alive, and what it has used so far; `show`: to pages, too.

        Returns:
            Whether it is still wanted (its user may have stopped the request).
        """
        row = await self._execute(statements.HEARTBEAT, usage=None if usage is None else Jsonb(usage), show=show)
        return row is not None and (row["direction"] == "inbound" or row["request_status"] not in (None, "cancelled"))

    async def broke(self) -> None:
        """The call's stream broke, and is waited for: its token is good for another one."""
        await self._execute(statements.BROKE)

    async def end(
        self,
        *,
        reason: EndReason,
        seconds: int,
        error: str,
        slots: Iterable[Slot] | None,
        usage: list[dict[str, Any]] | None = None,
        goes_on: bool = False,
    ) -> None:
        """The call is over. Its status is never lowered, and what the carrier said first is kept.

        Args:
            goes_on: with a person, until the carrier says otherwise; only our part is over.
        """
        values = None if slots is None else Jsonb([asdict(slot) for slot in slots])
        used = None if usage is None else Jsonb(usage)
        statement = statements.LEFT if goes_on else statements.END
        await self._execute(statement, end_reason=reason.value, seconds=seconds, error=error[:200], slots=values, usage=used)
        if not goes_on:
            await hint("calls.wrap_up", self._call.call_id)


def load_hints() -> None:
    """Loads what the first hint needs. Takes a moment, and no event loop."""
    _ = current_app.amqp, current_app.backend


async def hint(task: str, ref: object) -> None:
    """Wakes a worker. It may be lost: a sweep finds what is due."""

    def send() -> None:
        current_app.send_task(task, args=[str(ref)], retry=False, ignore_result=True)

    try:
        # Rare (a question, the end of a call), and the client is synchronous: off the event loop.
        await asyncio.to_thread(send)
    except Exception as error:  # noqa: BLE001  whatever is wrong with the broker costs one sweep
        log.warning("hint %s lost: %s", task, type(error).__name__)

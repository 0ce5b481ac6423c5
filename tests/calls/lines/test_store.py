"""What a line writes, on its own connections, and that pages hear of it."""

import asyncio
import uuid

import psycopg
import pytest
from django.db import DatabaseError

from calls.conversation.brief import Slot
from calls.conversation.effects import AskUser, EndReason, SaveGrant, SaveLine
from calls.lines.store import CallStore, claim
from calls.lines.turn_times import TurnClock, TurnTimes
from calls.models import Call
from calls.status import CallStatus
from context.choices import TellBy
from context.mail_models import PushSubscription
from live.publish import group_name
from providers.types import Usage
from requests_app.models import Question, QuestionStatus
from requests_app.status import Status
from tests.calls.lines.scene import CALL_SID, STREAM_SID

QUESTION = "0199aaaa-0000-7000-8000-00000000000a"


def deadlock_of_the_driver() -> DatabaseError:
    error = DatabaseError("deadlock detected")
    error.__cause__ = psycopg.errors.DeadlockDetected("deadlock detected")
    return error


@pytest.fixture
async def claimed(placed, connections, layer):
    return await claim(connections, layer, call_id=placed.pk, call_sid=CALL_SID, stream_sid=STREAM_SID, node="wss://media.test")


@pytest.fixture
async def store(claimed, connections, layer):
    return CallStore(connections, layer, claimed)


async def take(connections, layer, call, **changes):
    values = {"call_id": call.pk, "call_sid": CALL_SID, "stream_sid": STREAM_SID, "node": "wss://media.test"}
    return await claim(connections, layer, **(values | changes))


# --- claiming ---


async def test_the_first_stream_gets_the_call_and_raises_its_status(placed, claimed, rows):
    assert claimed.call_id == placed.pk
    assert claimed.brief.opening_line.startswith("Mara Redmond")
    assert claimed.wanted
    (row,) = await rows("select * from calls_call")
    assert (row["status"], row["stream_sid"], row["node"]) == ("in_progress", STREAM_SID, "wss://media.test")
    assert row["token_used_at"]
    assert row["started_at"]
    (event,) = await rows("select * from requests_app_event")
    assert (event["kind"], event["text"]) == ("call", "Answered")


async def test_a_token_is_good_once_even_for_two_streams_at_once(placed, connections, layer):
    results = await asyncio.gather(*(take(connections, layer, placed) for _ in range(3)))
    assert sum(result is not None for result in results) == 1


async def test_a_stream_of_another_carrier_call_is_refused(placed, connections, layer):
    assert await take(connections, layer, placed, call_sid="CA" + "e" * 32) is None


async def test_an_unknown_call_is_refused(placed, connections, layer):
    assert await take(connections, layer, placed, call_id=uuid.uuid4()) is None


@pytest.fixture
def over(placed):
    Call.objects.update(status=CallStatus.COMPLETED)
    return placed


async def test_a_call_that_is_over_is_refused(over, connections, layer):
    assert await take(connections, layer, over) is None


@pytest.fixture
def answered(placed):
    Call.objects.update(status=CallStatus.IN_PROGRESS, carrier_sid=None)
    return placed


async def test_a_call_that_callbacks_were_slow_to_tell_of_is_bound_to_its_sid(answered, connections, layer, rows):
    assert await take(connections, layer, answered) is not None
    (row,) = await rows("select * from calls_call")
    assert row["carrier_sid"] == CALL_SID
    assert await rows("select * from requests_app_event") == [], "somebody else has told that it was answered"


@pytest.fixture
def stopped(placed):
    placed.request.__class__.objects.update(status=Status.CANCELLED)
    return placed


async def test_a_call_whose_user_stopped_the_request_is_not_wanted(stopped, connections, layer):
    claimed = await take(connections, layer, stopped)
    assert claimed is not None
    assert not claimed.wanted


# --- the transcript ---


async def test_a_line_grows_in_place_and_each_version_is_published(placed, store, rows):
    before = (await rows("select head from live_topic where name = %s", f"request.{placed.request_id}"))[0]["head"]
    await store.line(SaveLine(1, "callee", "hello", 0, 400, final=False))
    await store.line(SaveLine(1, "callee", "Hello, Brock Road School.", 0, 1400))
    (line,) = await rows("select * from calls_transcriptline")
    assert (line["text"], line["end_ms"], line["final"]) == ("Hello, Brock Road School.", 1400, True)
    changes = await rows("select * from live_change where kind = 'line' order by topic, seq")
    assert [(change["topic"].split(".")[0], change["ref"]) for change in changes] == [
        ("call", str(line["id"])),
        ("call", str(line["id"])),
        ("request", str(line["id"])),
        ("request", str(line["id"])),
    ]
    assert changes[-1]["seq"] == before + 2


async def watch(rows, topic):
    """As a page does that shows it."""
    await rows("update live_topic set watched_until = now() + interval '1 minute' where name = %s returning name", topic)


async def test_pages_are_told_after_the_row_is_there(placed, store, layer, rows):
    channel = await layer.new_channel()
    topic = f"request.{placed.request_id}"
    await layer.group_add(group_name(topic), channel)
    await watch(rows, topic)
    await store.line(SaveLine(1, "floyd", "Hi.", 0, 300, intended="Hi there."))
    message = await asyncio.wait_for(layer.receive(channel), 5)
    assert message["type"] == "live.changed"
    assert await rows("select 1 from live_change where topic = %s and seq = %s", topic, message["heads"][topic])


async def test_a_broker_that_is_away_costs_no_row(claimed, connections, rows):
    await watch(rows, f"request.{claimed.request_id}")

    class Away:
        async def group_send(self, group, message):
            raise ConnectionError

    await CallStore(connections, Away(), claimed).line(SaveLine(1, "callee", "hello", 0, 400))
    assert len(await rows("select * from calls_transcriptline")) == 1


async def test_times_of_a_turn_are_stored(store, rows):
    clock = TurnClock()
    clock.words_final(1250)
    clock.turn_ended(speech_end_ms=1000, now_ms=1300)
    clock.asked("a1", 1300)
    clock.token("a1", 1650)
    clock.clause("s2", 1700, ask_id="a1")
    clock.audio("s2", 1900)
    clock.played("s2", 1910)
    clock.done("a1", Usage(100, 80, 12))
    assert clock.row(3, lambda speech_id: 9, interrupted=False) is None
    await store.line(SaveLine(3, "floyd", "Hello there.", 1900, 2400), clock.row(3, {"s2": 3}.get, interrupted=False))
    (row,) = await rows("select * from calls_turn")
    assert {name: row[name] for name in row if name.endswith("_ms")} == {
        "end_of_turn_ms": 50,
        "recognition_ms": 250,
        "model_first_token_ms": 350,
        "first_clause_ms": 50,
        "voice_first_byte_ms": 200,
        "buffer_ms": 10,
        "tools_ms": None,
        "whole_ms": 910,
    }
    assert (row["seq"], row["prompt_tokens"], row["cached_tokens"], row["completion_tokens"], row["interrupted"]) == (3, 100, 80, 12, False)


async def test_a_line_and_its_times_are_one_piece_of_news(placed, store, layer, rows):
    """Who watches hears of the later of the two numbers, and finds both changes up to it."""
    topic = f"request.{placed.request_id}"
    await watch(rows, topic)
    channel = await layer.new_channel()
    await layer.group_add(group_name(topic), channel)
    await store.line(
        SaveLine(3, "floyd", "Hello.", 0, 400),
        TurnTimes(3, *[100] * 8, interrupted=True, asked_ahead=False, prompt_tokens=9, cached_tokens=8, completion_tokens=7),
    )
    message = await asyncio.wait_for(layer.receive(channel), 5)
    changes = await rows("select seq, kind from live_change where topic = %s order by seq", topic)
    assert [change["kind"] for change in changes][-2:] == ["line", "turn"]
    assert message["heads"][topic] == changes[-1]["seq"]


# --- questions and answers ---


async def test_a_question_is_on_the_page_on_the_timeline_and_in_the_outbox_once(placed, store, rows, hints):
    question = AskUser(QUESTION, "money", "Sweet Violet's wants $560.00 for peonies. What is the most I may spend?", {"amount_minor": 56_000})
    await store.ask(question)
    await store.ask(question)
    (row,) = await rows("select * from requests_app_question")
    assert (str(row["id"]), row["step"], row["status"], row["waiter"]) == (QUESTION, "call", "open", f"call.{placed.pk}")
    assert row["slots"] == {"amount_minor": 56_000}
    (message,) = await rows("select * from requests_app_message")
    assert (message["peer"], message["status"], message["outbound"]) == ("+15195550142", "new", True)
    assert "$560.00 for peonies" in message["body"]
    assert message["question_id"] == row["id"]
    events = await rows("select * from requests_app_event where kind = 'question'")
    assert len(events) == 1
    assert events[0]["text"] == row["text"]
    assert hints.ids("calls.send_message") == [str(message["id"])]
    assert await store.answers([QUESTION]) == []


@pytest.fixture
def without_phone(placed):
    placed.user.__class__.objects.update(phone_verified_at=None)
    return placed


async def test_a_user_without_a_verified_number_is_asked_on_the_page(without_phone, store, rows):
    await store.ask(AskUser(QUESTION, "yes_no", "Is Friday fine?"))
    assert len(await rows("select * from requests_app_question")) == 1
    assert await rows("select * from requests_app_message") == []


@pytest.fixture
def by_push(placed, settings):
    settings.VAPID_PRIVATE_KEY = "x"
    PushSubscription.objects.create(user=placed.user, endpoint="https://push.example/1", p256dh="", auth="")
    placed.user.__class__.objects.update(tell_by=TellBy.PUSH)
    return placed


async def test_a_question_goes_the_way_that_the_user_chose(by_push, store, rows, hints):
    await store.ask(AskUser(QUESTION, "yes_no", "Is Friday fine?"))
    (message,) = await rows("select * from requests_app_message")
    assert (message["way"], message["urgent"], message["question_id"]) == ("push", True, uuid.UUID(QUESTION))
    assert hints.ids("requests.send_push") == [str(message["id"])]


@pytest.mark.parametrize(
    ("trouble", "told"), [(deadlock_of_the_driver(), psycopg.errors.DeadlockDetected), (DatabaseError("x"), psycopg.OperationalError)]
)
async def test_the_writer_hears_of_trouble_in_the_drivers_words(store, rows, monkeypatch, trouble, told):
    def fail(**_):
        raise trouble

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("calls.lines.store.ask_question", fail)
        with pytest.raises(told):
            await store.ask(AskUser(QUESTION, "yes_no", "Is Friday fine?"))
    await store.ask(AskUser(QUESTION, "yes_no", "Is Friday fine?"))  # the second try
    assert len(await rows("select * from requests_app_question")) == 1


async def test_an_answer_is_read_typed(store, rows, connections):
    await store.ask(AskUser(QUESTION, "money", "How much?"))
    async with connections.lease() as connection:
        await connection.execute('update requests_app_question set status = \'answered\', answer = \'{"amount_minor": 8000, "currency": "CAD"}\'')
    (answer,) = await store.answers([QUESTION])
    assert (answer.question_id, answer.value) == (QUESTION, {"amount_minor": 8000, "currency": "CAD"})
    await store.grant(SaveGrant(QUESTION, "money", answer.value))
    (grant,) = await rows("select * from calls_grant")
    assert (str(grant["question_id"]), grant["kind"], grant["value"]) == (QUESTION, "money", answer.value)


def test_the_sql_and_the_models_agree_on_what_answered_means():
    assert QuestionStatus.ANSWERED == "answered"
    assert Question._meta.db_table == "requests_app_question"


# --- the end ---


async def test_the_end_is_stored_and_the_wrap_up_woken(placed, store, rows, hints):
    slots = (Slot("offered", "peonies", 56_000, "CAD", line=4),)
    await store.slots(slots)
    await store.disclosed()
    await store.end(reason=EndReason.GOAL_REACHED, seconds=42, error="", slots=slots)
    (row,) = await rows("select * from calls_call")
    assert (row["status"], row["end_reason"], row["seconds"]) == ("completed", "goal_reached", 42)
    assert row["slots"][0]["item"] == "peonies"
    assert row["ended_at"]
    assert row["disclosure_played_at"]
    assert hints.ids("calls.wrap_up") == [str(placed.pk)]


async def test_an_end_that_the_carrier_told_first_is_kept(store, rows, connections):
    async with connections.lease() as connection:
        await connection.execute("update calls_call set status = 'failed', seconds = 7, error = 'sip:487', ended_at = now()")
    await store.end(reason=EndReason.CALLEE_HUNG_UP, seconds=42, error="other", slots=None)
    (row,) = await rows("select * from calls_call")
    assert (row["status"], row["seconds"], row["error"], row["end_reason"]) == ("failed", 7, "sip:487", "callee_hung_up")


async def test_a_heartbeat_hears_that_the_user_stopped(store, rows, connections):
    assert await store.heartbeat()
    async with connections.lease() as connection:
        await connection.execute("update requests_app_request set status = 'cancelled'")
    assert not await store.heartbeat()
    assert (await rows("select heartbeat_at from calls_call"))[0]["heartbeat_at"]


async def test_pages_hear_what_a_call_costs_so_far_only_when_it_is_news(placed, store, rows):
    usage = [{"component": "voice", "what": "aoede", "quantities": {"ms": 900}}]
    before = await rows("select * from live_change where kind = 'call'")
    assert await store.heartbeat(usage)
    assert await rows("select * from live_change where kind = 'call'") == before
    assert await store.heartbeat(usage, show=True)
    changes = await rows("select * from live_change where kind = 'call'")
    told = sorted(change["topic"] for change in changes if change not in before)
    assert told == [f"call.{placed.pk}", f"request.{placed.request_id}"]
    assert (await rows("select usage from calls_call"))[0]["usage"] == usage


# --- connections ---


async def test_a_connection_that_broke_is_replaced(connections, rows):
    async with connections.lease() as connection:
        mine = connection.info.backend_pid
    await rows("select pg_terminate_backend(%s) where %s <> pg_backend_pid()", mine, mine)
    for _ in range(3):
        try:
            await rows("select 1")
        except psycopg.OperationalError:
            continue
    assert await rows("select 1 as one") == [{"one": 1}]


async def test_a_cancelled_statement_leaves_no_broken_connection_behind(connections, rows):
    task = asyncio.ensure_future(rows("select pg_sleep(30)"))
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await rows("select 1 as one") == [{"one": 1}]


async def test_our_connections_are_known_as_ours(rows):
    assert (await rows("select application_name from pg_stat_activity where pid = pg_backend_pid()"))[0]["application_name"] == "floyd-media"

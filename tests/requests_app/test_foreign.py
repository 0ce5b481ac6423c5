"""Rows that somebody else writes are shown and picked up; our own writes pay nothing for it."""

import json
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.models.functions import Now

from context.models import CalendarEntry, Contact, Fact
from live.foreign import CHANNEL, read_notice
from live.fragments import render
from live.models import Change
from live.rows import watch
from requests_app import tasks
from requests_app.charge import Charge
from requests_app.foreign import foreign_write
from requests_app.life import record_event
from requests_app.models import Message, Question, Request
from requests_app.status import Status
from tests.cast import make_request

pytestmark = pytest.mark.django_db(transaction=True)


def connect(name: str) -> psycopg.Connection:
    parameters = {key: value for key, value in connection.get_connection_params().items() if key in {"dbname", "user", "password", "host", "port"}}
    return psycopg.connect(**parameters, application_name=name, autocommit=True)


def notices(listener: psycopg.Connection) -> list[dict[str, Any]]:
    return [json.loads(notice.payload) for notice in listener.notifies(timeout=0.3)]


@pytest.fixture
def listener():
    with connect("floyd-test-listener") as conn:
        conn.execute(f"listen {CHANNEL}")
        yield conn


def test_a_request_inserted_with_psql_is_shown_and_picked_up(tom, listener, hints):
    with connect("psql") as other:
        other.execute("insert into requests_app_request (user_id, ask) values (%s, 'Call the school')", [tom.pk])
    request = Request.objects.get()
    [payload] = notices(listener)
    topics = {f"request.{request.pk}": 1, f"user.{tom.pk}": Change.objects.filter(topic=f"user.{tom.pk}").count()}
    assert payload == {"kind": "request", "ref": str(request.pk), "op": "insert", "topics": topics}
    assert Change.objects.filter(topic=f"request.{request.pk}", kind="request", ref=str(request.pk)).count() == 1
    foreign_write(json.dumps(payload))
    assert hints.ids("requests.pick_up") == [str(request.pk)]


def test_an_ask_edited_with_psql_is_planned_anew(tom, listener, hints):
    request = make_request(tom, status=Status.SCHEDULED, planned_ask="Call the school, Mara is sick today.")
    with connect("psql") as other:
        other.execute("update requests_app_request set ask = 'Call the dentist' where id = %s", [request.pk])
    [payload] = notices(listener)
    foreign_write(json.dumps(payload))
    assert hints.ids("requests.take_hand_edit") == [str(request.pk)]
    tasks.take_hand_edit(str(request.pk))
    request.refresh_from_db()
    assert (request.status, request.ask) == (Status.PENDING, "Call the dentist")


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("update context_fact set statement = 'Krista likes red flowers' where topic = 'taste'", "fact"),
        ("update context_contact set phone = '+15195550199' where kind = 'garage'", "contact"),
        ("update context_calendarentry set place = 'elsewhere'", "calendar_entry"),
    ],
)
def test_what_is_known_can_be_changed_with_psql(tom, listener, hints, statement, kind):
    with connect("psql") as other:
        other.execute(statement)
    [payload] = notices(listener)
    assert (payload["kind"], payload["op"], list(payload["topics"])) == (kind, "update", [f"user.{tom.pk}"])
    foreign_write(json.dumps(payload))
    assert not hints.sent


@pytest.mark.parametrize(
    ("kind", "table", "columns", "values"),
    [
        ("question", "requests_app_question", "kind, text, step, choices, slots", "'text', 'Which car?', 'plan', '[]', '{}'"),
        ("event", "requests_app_event", "seq, kind, text, data", "99, 'note', 'The garage rang back', '{}'"),
        ("message", "requests_app_message", "user_id, outbound, peer, body", "user_id, false, '', 'Hi'"),
    ],
)
def test_what_belongs_to_a_request_can_be_written_with_psql(tom, listener, hints, kind, table, columns, values):
    request = make_request(tom)
    with connect("psql") as other:
        other.execute(f"insert into {table} (request_id, {columns}) select id, {values} from requests_app_request where id = %s", [request.pk])
    [payload] = notices(listener)
    expected = {f"request.{request.pk}"} | ({f"user.{tom.pk}"} if kind != "event" else set())
    assert (payload["kind"], payload["op"], set(payload["topics"])) == (kind, "insert", expected)
    assert Change.objects.filter(topic=f"request.{request.pk}", kind=kind, ref=payload["ref"]).count() == 1
    foreign_write(json.dumps(payload))
    assert not hints.sent


def test_what_a_request_cost_is_drawn_with_it(tom, listener):
    request = make_request(tom)
    Charge.objects.create(user=tom, request=request, component="model", what="a model", counted_micros=1, currency="CAD", key="one")
    with connect("psql") as other:
        other.execute("update requests_app_charge set micros = 5000000")
    [payload] = notices(listener)
    assert (payload["kind"], payload["ref"], list(payload["topics"])) == ("request", str(request.pk), [f"request.{request.pk}"])


@pytest.mark.parametrize(
    ("table", "kind", "gone"),
    [
        ("requests_app_event", "event", 'id="event-{ref}" hx-swap-oob="delete"'),
        ("requests_app_question", "question", 'id="question-{ref}" hx-swap-oob="delete"'),
        ("requests_app_message", "message", 'id="message-{ref}" hx-swap-oob="delete"'),
        ("requests_app_request", "request", 'id="head-{ref}" class="head gone"'),
    ],
)
def test_what_psql_deletes_vanishes_from_the_pages_of_its_user(tom, listener, hints, table, kind, gone):
    request = make_request(tom)
    made: Any = {
        "event": lambda: record_event(request_id=request.pk, kind="note", text="The garage rang back"),
        "question": lambda: Question.objects.create(request=request, kind="text", text="Which car?", step="plan"),
        "message": lambda: Message.objects.create(request=request, user=tom, outbound=False, body="Hi"),
        "request": lambda: request,
    }[kind]()
    watched = {f"request.{request.pk}"} | ({f"user.{tom.pk}"} if kind != "event" else set())
    watch(sorted(watched))
    with connect("psql") as other:
        other.execute(f"delete from {table} where id = %s", [made.pk])
    payloads = notices(listener)
    assert {(payload["kind"], payload["ref"], payload["op"]) for payload in payloads} == {(kind, str(made.pk), "delete")}
    assert {topic for payload in payloads for topic in payload["topics"]} == watched
    assert gone.format(ref=made.pk) in render((kind, str(made.pk)))
    foreign_write(json.dumps(payloads[0]))
    assert not hints.sent


@pytest.mark.parametrize(("model", "kind"), [(Fact, "fact"), (Contact, "contact"), (CalendarEntry, "calendar_entry")])
def test_what_is_known_can_be_deleted_with_psql(tom, listener, model, kind):
    row: Any = model.objects.filter(user=tom).first() or model.objects.create(user=tom, title="Dentist", starts_at=Now(), status="confirmed")
    watch([f"user.{tom.pk}"])
    with connect("psql") as other:
        other.execute(f"delete from {model._meta.db_table} where id = %s", [row.pk])
    [payload] = notices(listener)
    assert (payload["kind"], payload["ref"], payload["op"], list(payload["topics"])) == (kind, str(row.pk), "delete", [f"user.{tom.pk}"])
    assert 'hx-swap-oob="delete"' in render((kind, str(row.pk)))


def test_a_deleted_price_has_its_request_drawn_again(tom, listener):
    request = make_request(tom)
    Charge.objects.create(user=tom, request=request, component="model", what="a model", counted_micros=1, currency="CAD", key="one")
    watch([f"request.{request.pk}"])
    with connect("psql") as other:
        other.execute("delete from requests_app_charge")
    [payload] = notices(listener)
    assert (payload["kind"], payload["ref"]) == ("request", str(request.pk))


def test_what_is_shown_nowhere_is_told_to_nobody(listener):
    with connect("psql") as other:
        other.execute("insert into requests_app_message (outbound, peer, body) values (false, '+15195550123', 'Who is this?')")
    assert notices(listener) == []


def test_our_own_writes_do_not_go_through_the_trigger(tom, listener):
    make_request(tom)
    with connect("floyd-media") as ours:
        ours.execute("update requests_app_request set attempt = 1")
    assert notices(listener) == []
    assert not Change.objects.filter(topic__startswith="request.").exists()


@pytest.mark.parametrize("payload", ["", "null", "7", "[]", "{}", '{"kind": 1}', '{"kind":"request","ref":"x","op":"insert","topics":[1]}', "\ud800"])
def test_a_malformed_notice_is_ignored(payload, hints):
    foreign_write(payload)
    assert read_notice(payload) is None and not hints.sent

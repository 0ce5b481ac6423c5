"""The phone rings while the database is slow or away: the caller hears an apology in time, and later that it works again."""

import socket
import time
from contextlib import contextmanager
from datetime import datetime
from xml.etree import ElementTree

import psycopg
import pytest
from django.conf import settings as site
from django.db import OperationalError, connection
from django.utils import timezone

from calls.models import Call, Direction
from requests_app.models import Message
from tests.calls.conftest import PUBLIC_URL, TOKEN, callback
from tests.use_cases.people import DANAS_PHONE, OUR_NUMBER
from use_cases import answering, missed
from use_cases.loading import load_all
from use_cases.models import Caller, InboundNumber

SID = "CA" + "7" * 32
#: The carrier's own limit.
CARRIER_WAITS_S = 15


@pytest.fixture
def number(root, settings):
    settings.TWILIO_AUTH_TOKEN, settings.PUBLIC_URL, settings.MEDIA_NODE = TOKEN, PUBLIC_URL, "wss://media.floyd.example"
    load_all()
    return InboundNumber.objects.create(number=OUR_NUMBER, use_case="greenhouse")


@pytest.fixture
def noted(monkeypatch):
    told = []

    def now(task, *words, in_s):
        told.append((task, *words))
        return True

    monkeypatch.setattr(missed, "hint_now", now)
    return told


def ring(tries=1, **fields):
    form = {"CallSid": SID, "From": DANAS_PHONE, "To": OUR_NUMBER, "CallStatus": "ringing", **fields}
    begun = time.monotonic()
    response = callback(f"/twilio/voice?try={tries}", form)
    assert time.monotonic() - begun < CARRIER_WAITS_S
    return ElementTree.fromstring(response.content)


def verbs(document):
    return [element.tag for element in document]


@contextmanager
def locked(table):
    """Somebody else holds the whole table."""
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None, "context": None}) as other:
        other.execute(f"lock table {table} in access exclusive mode")
        yield
        other.rollback()


@contextmanager
def no_answer():
    """A server that lets nobody in: connections are made, and never answered."""
    before = connection.settings_dict.copy()
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        options = {**before["OPTIONS"], "connect_timeout": 1}
        connection.close()
        connection.settings_dict.update(HOST="127.0.0.1", PORT=str(deaf.getsockname()[1]), OPTIONS=options)
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict.update(before)


@pytest.mark.django_db(transaction=True)
def test_a_locked_table_costs_the_caller_a_moment_and_an_apology(number, noted, monkeypatch):
    monkeypatch.setattr(answering, "MOST_MS_A_STATEMENT", 100)
    with locked("use_cases_caller"):
        first, second, last = ring(1), ring(2), ring(5)
    assert [verbs(document) for document in (first, second, last)] == [["Say", "Pause", "Redirect"]] * 2 + [["Say", "Hangup"]]
    for document in (first, second, last):
        assert "sorry" in (document.findtext("Say") or "")
    assert "AI assistant" in (first.findtext("Say") or "")
    assert "text message" in (last.findtext("Say") or "")
    [(task, *words, at)] = noted
    assert (task, words) == ("use_cases.tell_missed", [SID, DANAS_PHONE, OUR_NUMBER])
    assert datetime.fromisoformat(at) <= timezone.now()
    assert not Call.objects.exists()
    assert verbs(ring(2)) == ["Connect"]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_lets_nobody_in_is_no_longer_waited_for_than_the_carrier_waits(number, noted):
    with no_answer():
        first, last = ring(1), ring(5)
    assert (verbs(first), verbs(last)) == (["Say", "Pause", "Redirect"], ["Say", "Hangup"])
    assert len(noted) == 1
    assert verbs(ring(2)) == ["Connect"]


@pytest.mark.django_db
def test_many_statements_have_one_limit_together(number, noted, monkeypatch):
    monkeypatch.setattr(answering, "MOST_S_IN_DATABASE", -1.0)
    with pytest.raises(OperationalError):
        answering.take_call(sid=SID, from_=DANAS_PHONE, to=OUR_NUMBER)
    assert Caller.objects.count() == 0


def test_all_limits_together_are_within_the_carriers():
    assert connection.settings_dict["OPTIONS"]["connect_timeout"] == site.CONNECT_TIMEOUT_S
    assert site.CONNECT_TIMEOUT_S + answering.MOST_S_IN_DATABASE + answering.MOST_MS_A_STATEMENT / 1000 < CARRIER_WAITS_S - 3


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"From": "anonymous"}, {"From": "+266696687"}, {"StirVerstat": "TN-Validation-Failed-A"}])
def test_a_number_that_is_nobodys_gets_no_text(number, noted, monkeypatch, fields):
    monkeypatch.setattr(answering, "MOST_S_IN_DATABASE", -1.0)
    assert "call again" in (ring(5, **fields).findtext("Say") or "")
    assert noted == []


@pytest.mark.django_db
def test_who_could_not_be_answered_is_told_once_that_it_works_again(number):
    assert missed.tell(sid=SID, from_=DANAS_PHONE, to=OUR_NUMBER)
    missed.tell(sid="CA" + "8" * 32, from_=DANAS_PHONE, to=OUR_NUMBER)
    [message] = Message.objects.all()
    assert (message.peer, OUR_NUMBER in message.body, "AI assistant" in message.body) == (DANAS_PHONE, True, True)


@pytest.mark.django_db
def test_who_got_through_meanwhile_is_told_nothing(number):
    answering.take_call(sid="CA" + "9" * 32, from_=DANAS_PHONE, to=OUR_NUMBER)
    assert not missed.tell(sid=SID, from_=DANAS_PHONE, to=OUR_NUMBER)
    assert not missed.tell(sid=SID, from_="+15195550179", to="+15195550999")  # no number of ours
    assert not Message.objects.exists()
    Call.objects.update(created_at=timezone.now() - missed.LATELY, direction=Direction.INBOUND)
    assert missed.tell(sid=SID, from_=DANAS_PHONE, to=OUR_NUMBER)

"""Calls for the load client: they can be connected like real ones, and they can never get into a database that somebody uses."""

import asyncio
import json
from uuid import UUID

import pytest
from channels.layers import get_channel_layer
from django.core.management import call_command

from calls.conversation.conversation import Conversation
from calls.lines.connections import Connections
from calls.lines.store import claim
from calls.models import Call
from calls.telephony.signatures import valid_upgrade
from calls.telephony.tokens import valid_stream_token
from context.models import User
from live.address import database_address
from requests_app.models import Request

AGREED = ("--throwaway-database",)


@pytest.fixture(autouse=True)
def keys(settings):
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, settings.TWILIO_API_BASE = "AC" + "a" * 32, "secret", "http://127.0.0.1:1"


def bench_calls(*arguments):
    try:
        call_command("floyd", "bench-calls", *arguments)
    except SystemExit as end:
        return end.code
    return 0


@pytest.mark.django_db(transaction=True)
def test_each_call_can_be_connected_as_the_carrier_would(capsys):
    assert bench_calls("2", "--json", *AGREED) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len({line["parameters"]["call_id"] for line in lines}) == 2
    line = lines[0]
    call_id = UUID(line["parameters"]["call_id"])
    assert valid_stream_token(call_id, line["parameters"]["token"])
    assert valid_upgrade("/media", [(name.lower().encode(), value.encode()) for name, value in line["headers"].items()])

    async def connect():
        connections = Connections(database_address())
        try:
            return await claim(connections, get_channel_layer(), call_id=call_id, call_sid=line["call_sid"], stream_sid="MZ1", node="ws://n")
        finally:
            await connections.close()

    claimed = asyncio.run(connect())
    assert claimed.wanted
    Conversation(claimed.brief, call_id=str(call_id))  # its introduction discloses, or this would raise


@pytest.mark.django_db(transaction=True)
def test_more_can_be_made_and_all_of_them_go(capsys):
    assert bench_calls("2", *AGREED) == 0
    assert bench_calls("1", *AGREED) == 0
    assert Call.objects.count() == 3
    assert bench_calls("--delete", *AGREED) == 0
    assert not Call.objects.exists() and not Request.objects.exists() and not User.objects.exists()


@pytest.mark.django_db
def test_without_the_promise_nothing_happens(capsys):
    assert bench_calls("1") == 2
    assert "--throwaway-database" in capsys.readouterr().err
    assert not Call.objects.exists()


@pytest.mark.django_db
def test_beside_a_real_carrier_nothing_happens(settings, capsys):
    settings.TWILIO_API_BASE = ""
    assert bench_calls("1", *AGREED) == 2
    assert "Twilio itself is configured" in capsys.readouterr().err


@pytest.mark.django_db
@pytest.mark.parametrize("arguments", [("1",), ("--delete",)])
def test_in_a_database_with_users_nothing_happens(alice, arguments, capsys):
    assert bench_calls(*arguments, *AGREED) == 2
    assert "not a throw-away one" in capsys.readouterr().err
    assert not Call.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_calls_of_the_relay_line_are_connected_there(capsys, settings):
    assert bench_calls("1", "--json", "--line", "conversation_relay", *AGREED) == 0
    line = json.loads(capsys.readouterr().out)
    assert line["url"] == f"{settings.MEDIA_NODE}/relay"
    assert valid_upgrade("/relay", [(name.lower().encode(), value.encode()) for name, value in line["headers"].items()])
    assert Call.objects.get(pk=line["parameters"]["call_id"]).line == "conversation_relay"

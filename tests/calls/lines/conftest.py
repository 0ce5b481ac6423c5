"""A call that was placed and is about to be answered, and the media process's own connections."""

from __future__ import annotations

import uuid

import pytest
from channels.layers import get_channel_layer

from calls.conversation.brief import CallBrief, SharedFact
from calls.lines.connections import Connections
from calls.lines.warm import database_address
from calls.models import Call
from calls.status import CallStatus
from requests_app.status import Status
from tests import cast

CALL_SID = "CA" + "c" * 32
STREAM_SID = "MZ" + "d" * 32
INTRODUCTION = "Hi, this is Floyd, an AI assistant calling for Tom Redmond."


def brief(**changes) -> CallBrief:
    fields = {
        "user_name": "Tom Redmond",
        "callee_name": "Brock Road School",
        "kind": "inform",
        "goal": "Tell Brock Road School that Mara Redmond is sick today.",
        "introduction": INTRODUCTION,
        "opening_line": "Mara Redmond in grade 3 is sick and stays home today.",
        "success": "The school has noted it.",
        "today": "Saturday, 21 November 2026",
        "facts": (SharedFact("fact:3", "Mara goes to Brock Road School, grade 3, teacher Ms. Lind"),),
    }
    return CallBrief(**(fields | changes))


@pytest.fixture
def placed(transactional_db) -> Call:
    """Tom's call to the school, ringing."""
    tom = cast.tom()
    request = cast.make_request(tom, status=Status.CALLING, attempt=1)
    call = Call.objects.create(
        id=uuid.uuid4(),
        request=request,
        user=tom,
        attempt=1,
        number="+15195550110",
        dialled="+15195550110",
        status=CallStatus.RINGING,
        carrier_sid=CALL_SID,
        brief=brief().to_json(),
    )
    call.refresh_from_db()
    return call


@pytest.fixture
async def connections():
    """Connections to the test's database."""
    pool = Connections(database_address(), size=3)
    yield pool
    await pool.close()


@pytest.fixture
def rows(connections):
    """Reads rows, beside the ORM: `await rows("select …", value, …)`."""

    async def read(query, *values):
        async with connections.lease() as connection:
            cursor = await connection.execute(query, values)
            return await cursor.fetchall()

    return read


@pytest.fixture
def layer():
    return get_channel_layer()

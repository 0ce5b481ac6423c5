"""While a call rings, what it will say first is rendered; what is kept of it goes with its user."""

import asyncio
import time
import uuid

import pytest
from asgiref.sync import sync_to_async
from django.db import connections as django_connections

from calls.conversation import fixed_lines
from calls.lines import drain
from calls.lines.kept_phrases import tidy
from calls.lines.repertoire import Repertoire
from calls.lines.ringing import Ringing, listening
from calls.models import Call
from calls.nodes import group_of
from context.models import User
from providers.types import ProviderError
from tests.calls.lines.scene import INTRODUCTION, NODE, OPENING, brief, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
async def no_connection_left():
    """The thread in which Django's synchronous parts run keeps its connection, which would hold the test database."""
    yield
    await sync_to_async(django_connections.close_all)()


def placed_hint(call_id):
    return {"type": "call.poke", "what": "placed", "call_id": str(call_id)}


@pytest.fixture
async def ringing(kit):
    async with asyncio.TaskGroup() as tasks:
        yield Ringing(kit, tasks)


async def test_the_first_words_are_ready_before_anybody_answers(kit, placed, ringing):
    ringing.take(placed_hint(placed.pk))
    ours = Repertoire(kit.phrases, brief(), f"user-{placed.user_id}")
    await until(lambda: ours.ready(INTRODUCTION) and ours.ready(OPENING))
    assert sorted(kit.speaker.spoken) == sorted([INTRODUCTION, OPENING])


async def test_a_chosen_voice_has_its_first_words_and_fixed_lines_ready_in_it(kit, placed, ringing):
    await sync_to_async(Call.objects.filter(pk=placed.pk).update)(brief=brief(voice="kore").to_json())
    ringing.take(placed_hint(placed.pk))
    ours, usual = Repertoire(kit.phrases, brief(voice="kore"), f"user-{placed.user_id}"), Repertoire(kit.phrases, brief(), f"user-{placed.user_id}")
    await until(lambda: all(ours.ready(text) for text in (INTRODUCTION, OPENING, *fixed_lines.ALL)))
    assert set(kit.speaker.voices) == {"fake in kore"} and usual.ready(INTRODUCTION) is None
    assert set(kit.speaker.spoken[:2]) == {INTRODUCTION, OPENING}, "the call's own words come first"


async def test_a_hint_reaches_the_node_that_the_call_was_placed_for(kit, placed, layer):
    async with listening():
        while not kit.speaker.spoken:  # the group is joined at some moment
            await layer.group_send(group_of(NODE), placed_hint(placed.pk))
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("hint", [{}, {"what": "placed"}, {"what": "placed", "call_id": "no id"}, {"what": "other"}, placed_hint(uuid.uuid4())])
async def test_a_hint_that_makes_no_sense_is_passed_over(kit, ringing, hint):
    ringing.take(hint)
    await asyncio.sleep(0.05)
    assert kit.speaker.spoken == []


async def test_a_voice_that_is_down_while_it_rings_costs_the_warmth_only(kit, placed, ringing):
    kit.speaker.fails = lambda text: ProviderError("google voice: ServiceUnavailable")
    ringing.take(placed_hint(placed.pk))
    await until(lambda: len(kit.speaker.spoken) == 2)


async def test_an_introduction_is_kept_for_its_user_and_an_opening_line_only_in_memory(kit, placed, ringing, tmp_path):
    ringing.take(placed_hint(placed.pk))
    await until(lambda: (tmp_path / f"user-{placed.user_id}").is_dir() and len(kit.speaker.spoken) == 2)
    assert len(list(tmp_path.rglob("*.ulaw"))) == 1


async def test_phrases_of_a_deleted_user_are_gone_from_disk_and_memory(kit, placed, tmp_path):
    owner = f"user-{placed.user_id}"
    await Repertoire(kit.phrases, brief(), owner).prepare()
    await kit.phrases.audio("Goodbye.", language="en-US")
    await tidy(kit.phrases, kit.connections)
    assert kit.phrases.owners() == {owner}
    await sync_to_async(User.objects.filter(pk=placed.user_id).delete)()
    await tidy(kit.phrases, kit.connections)
    assert kit.phrases.owners() == set()
    assert Repertoire(kit.phrases, brief(), owner).ready(INTRODUCTION) is None
    assert kit.phrases.ready("Goodbye.", language="en-US")


async def test_calls_that_ring_for_this_node_hold_a_stopping_process(kit, placed, connections, monkeypatch):
    monkeypatch.setattr(drain, "_stopping_since", time.monotonic())
    monkeypatch.setattr(drain, "_withdrawn_since", None)
    assert await drain.ringing_calls(connections) == 1, "somebody may place one who does not know yet that it stops"
    drain.withdrawn()
    change = sync_to_async(lambda **fields: Call.objects.filter(pk=placed.pk).update(**fields))
    assert await drain.ringing_calls(connections) == 0, "it was placed for no node"
    await change(node=NODE)
    assert await drain.ringing_calls(connections) == 1
    monkeypatch.setattr(drain, "_withdrawn_since", time.monotonic() - 60)
    assert await drain.ringing_calls(connections) == 0, "it was placed after everybody knew"
    monkeypatch.setattr(drain, "_withdrawn_since", time.monotonic())
    await change(status="busy")
    assert await drain.ringing_calls(connections) == 0

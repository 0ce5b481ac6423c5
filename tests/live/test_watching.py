"""What nobody watches is told to nobody, and who begins to watch misses nothing for it."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg
import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.db import connection

from live import rows
from live.models import Change, Topic
from live.publish import PUBLISH_SQL, group_name, publish

pytestmark = pytest.mark.django_db(transaction=True)


@sync_to_async
def tell(topic: str, ref: str = "a") -> int | None:
    """A change; its number if somebody watches."""
    with connection.cursor() as cursor:
        cursor.execute(PUBLISH_SQL, [topic, "thing", ref])
        return cursor.fetchone()[0]


@pytest.fixture
async def other():
    """A connection of somebody else's, who takes their time to commit."""
    names = {"dbname", "user", "password", "host", "port"}
    parameters: dict[str, Any] = {key: value for key, value in connection.get_connection_params().items() if key in names}
    async with await psycopg.AsyncConnection.connect(**parameters, application_name="floyd-other") as conn:
        yield conn
        await conn.rollback()


async def test_a_change_that_nobody_watches_is_numbered_and_told_to_nobody():
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(group_name("user.7"), channel)
    await sync_to_async(publish)(topics=["user.7"], kind="thing", ref="a")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(layer.receive(channel), 0.2)
    assert await tell("user.7", "b") is None
    assert [change.seq async for change in Change.objects.order_by("seq")] == [1, 2]


async def test_a_watched_topic_is_told_of_until_the_watcher_is_long_gone():
    assert await sync_to_async(rows.watch)(["user.7", "user.8"]) == {"user.7", "user.8"}
    assert await tell("user.7") == 1
    assert await sync_to_async(rows.heads)(["user.7", "user.8"]) == {"user.7": 1, "user.8": 0}
    await Topic.objects.aupdate(watched_until="2026-01-01T00:00:00Z")
    assert await tell("user.7") is None
    assert await sync_to_async(rows.watch)(["user.7"]) == {"user.7"}
    assert await tell("user.7") == 3


async def test_a_page_that_opens_while_a_change_is_being_committed_gets_it(open_page, alice, drawn, other):
    topic = f"user.{alice.pk}"
    await tell(topic, "first")
    found = await (await other.execute(PUBLISH_SQL, [topic, "thing", "late"])).fetchone()
    assert found == (None,)  # it knew of nobody, so it will tell nobody
    page = await open_page(alice)
    assert await page.watch(**{topic: 1}) == {"heads": {topic: 1}, "content": ""}
    await asyncio.sleep(0.3)
    await other.commit()
    assert await page.changes() == {"heads": {topic: 2}, "content": "<i>late</i>"}
    assert await tell(topic, "next") == 3


async def test_a_page_is_kept_from_nothing_by_somebody_who_never_commits(open_page, alice, tom, drawn, other):
    topic, free = f"user.{alice.pk}", f"user.{tom.pk}"
    await tell(topic)
    shown = await sync_to_async(rows.heads)([free])
    await other.execute(PUBLISH_SQL, [topic, "thing", "never"])
    assert (await (await open_page(alice)).watch(**{topic: 1}))["heads"] == {topic: 1}
    assert (await (await open_page(tom)).watch(**shown))["heads"] == shown

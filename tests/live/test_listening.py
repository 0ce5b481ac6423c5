"""What somebody changes with psql reaches an open page straight from the database's notice."""

from __future__ import annotations

import asyncio
from unittest.mock import AsyncMock

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from context.models import Fact
from live import fragments, listen

pytestmark = pytest.mark.django_db(transaction=True)
LISTENS = """
select from pg_stat_activity
where datname = current_database() and application_name like 'floyd-%-listen' and query like 'listen %' and state = 'idle'
"""


@sync_to_async
def listens() -> bool:
    """Whether the process has said that it listens, and that was carried out."""
    with connection.cursor() as cursor:
        cursor.execute(LISTENS)
        return cursor.fetchone() is not None


@sync_to_async
def by_psql(statement: str) -> None:
    names = {"dbname", "user", "password", "host", "port"}
    parameters = {key: value for key, value in connection.get_connection_params().items() if key in names}
    with psycopg.connect(**parameters, application_name="psql", autocommit=True) as other:
        other.execute(statement)


async def test_a_row_changed_by_psql_reaches_a_page_without_the_broker(open_page, alice, monkeypatch):
    await Fact.objects.acreate(user=alice, statement="Mara has a cat", status="confirmed", source="told")
    monkeypatch.setattr(fragments, "_renderers", {"fact": lambda ref: f"<i>{Fact.objects.get(pk=ref).statement}</i>"})
    monkeypatch.setattr(listen, "send_notice", AsyncMock())  # nobody broadcasts it
    monkeypatch.setattr(listen, "_handlers", [])
    page = await open_page(alice)
    seen = (await page.watch(**{f"user.{alice.pk}": 0}))["heads"][f"user.{alice.pk}"]
    async with listen.listening():
        while not await listens():  # noqa: ASYNC110  what it waits for is in the database
            await asyncio.sleep(0.02)
        await by_psql("update context_fact set statement = 'Mara has a dog'")
        changed = await page.changes()
    assert changed == {"heads": {f"user.{alice.pk}": seen + 1}, "content": "<i>Mara has a dog</i>"}

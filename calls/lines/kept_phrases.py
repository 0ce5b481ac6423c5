"""What is kept of rendered phrases on this machine: those of users who still exist, and for a while only."""

from __future__ import annotations

import asyncio
import logging

import psycopg

from calls.lines.connections import Connections
from calls.lines.repertoire import owner_of
from providers.phrases import Phrases

log = logging.getLogger(__name__)

EVERY_S = 600.0
#: A phrase that nobody used for this long goes.
LONGEST_UNUSED_S = 30 * 24 * 3600.0
_LIVING = "select id from context_user where id = any(%(ids)s)"


async def tidy(phrases: Phrases, connections: Connections) -> None:
    """Deletes the phrases of users who are gone, and old ones. Raises psycopg.Error; then nothing is deleted."""
    owners = await asyncio.to_thread(phrases.owners)
    ids = {user_id for owner in owners if (user_id := _user_id(owner)) is not None}
    async with connections.lease() as connection:
        cursor = await connection.execute(_LIVING, {"ids": sorted(ids)})
        living = {owner_of(row["id"]) async for row in cursor}
    for owner in owners - living:
        await asyncio.to_thread(phrases.forget, owner)
    await asyncio.to_thread(phrases.forget_unused, LONGEST_UNUSED_S)


async def upkeep(phrases: Phrases, connections: Connections) -> None:
    """Tidies now and every ten minutes, until cancelled."""
    while True:
        try:
            await tidy(phrases, connections)
        except psycopg.Error as error:
            log.info("kept phrases are not looked through now: %s", type(error).__name__)
        await asyncio.sleep(EVERY_S)


def _user_id(owner: str) -> int | None:
    digits = owner.removeprefix(owner_of(0)[:-1])
    return int(digits) if digits.isdecimal() and owner == owner_of(int(digits)) else None

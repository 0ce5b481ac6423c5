"""Publishing: write the change in the caller's transaction, tell the other processes after commit.

The broadcast carries topics and their numbers only, and is spared while nobody watches. It may be lost: whoever sees a gap, or reconnects,
reads the rows.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import connection, transaction

log = logging.getLogger(__name__)

#: Gives the sequence number, or null when nobody watches the topic. Processes without an ORM call the same function.
PUBLISH_SQL = "select live_tell(%s, %s, %s)"


def group_name(topic: str) -> str:
    """The channel layer's group of a topic (group names take letters, digits, `-`, `_`, `.` and 100 characters)."""
    return f"live.{topic}" if len(topic) < 90 else f"live.{hashlib.sha256(topic.encode()).hexdigest()[:40]}"


def notice(heads: Mapping[str, int]) -> dict[str, object]:
    """The broadcast of one change, to the group of any of its topics: who watches several of them reads and draws it once."""
    return {"type": "live.changed", "heads": dict(heads)}


def publish(*, topics: list[str], kind: str, ref: object) -> None:
    """Marks a fragment as changed on each topic. Call it inside the transaction that changes the row.

    Args:
        topics: e.g. `["request.0199…", "user.7"]`.
        kind: name of the fragment renderer (see `live.fragments`).
        ref: primary key of the changed row.
    """
    sent: dict[str, int] = {}
    # Sorted, so that two transactions that publish to the same topics never wait for each other in a circle.
    with connection.cursor() as cursor:
        for topic in sorted(set(topics)):
            cursor.execute(PUBLISH_SQL, [topic, kind, str(ref)])
            seq = cursor.fetchone()[0]
            if seq is not None:
                sent[topic] = seq
    if sent:
        transaction.on_commit(lambda: broadcast(sent))


def broadcast(heads: Mapping[str, int]) -> None:
    """Tells the other processes of a published change (topics and sequence numbers)."""
    async_to_sync(send_notice)(get_channel_layer(), heads)


async def send_notice(layer: Any, heads: Mapping[str, int]) -> None:
    """Tells whoever watches one of these topics how far they are. Never raises: pages converge from the database by themselves."""
    for topic in heads:
        try:
            await layer.group_send(group_name(topic), notice(heads))
        except Exception as error:  # noqa: BLE001  the broker may be down
            log.warning("broadcast of %s lost: %s", topic.split(".")[0], type(error).__name__)


def poke(group: str, message: dict[str, object]) -> None:
    """Sends a hint (ids only) to a channel group after commit; losing it must cost only time."""

    def send() -> None:
        try:
            async_to_sync(get_channel_layer().group_send)(group, message)
        except Exception as error:  # noqa: BLE001  as above
            log.warning("hint to %s lost: %s", group.split(".", maxsplit=1)[0], type(error).__name__)

    transaction.on_commit(send)

"""Rows changed by anyone else (psql, a script of somebody's): a trigger publishes them and notifies.

The trigger runs only for connections whose `application_name` is not one of ours (`floyd-…`), so ordinary writes pay
nothing. One process listens on `CHANNEL`; the payload is JSON with ids only::

    {"kind": "request", "ref": "<primary key>", "op": "insert", "topics": {"request.<id>": 3, "user.7": 12}}

where each topic comes with the sequence number that the change got.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import pgtrigger

CHANNEL = "floyd_foreign"
#: What every connection of ours calls itself begins so.
OWN_PREFIX = "floyd-"

_FUNCTION = """
perform pg_notify('{channel}', json_build_object(
    'kind', '{kind}', 'ref', new.id::text, 'op', lower(tg_op),
    'topics', json_build_object({topics})
)::text);
return null;
"""


class ForeignWrites(pgtrigger.Trigger):
    """Publishes inserts and updates that others make. For a model's `Meta.triggers`.

    Args:
        kind: name of the fragment renderer.
        topics: prefix → column of the row that holds its ref, e.g. `{"user": "user_id"}`.
    """

    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update
    condition = pgtrigger.Condition(f"not starts_with(current_setting('application_name'), '{OWN_PREFIX}')")

    def __init__(self, *, kind: str, topics: dict[str, str]) -> None:
        # In alphabetical order, like `publish`, so that two writers never wait for each other in a circle.
        names = [f"'{prefix}.' || new.{column}" for prefix, column in sorted(topics.items())]
        published = ", ".join(f"{name}, live_publish({name}, '{kind}', new.id::text)" for name in names)
        super().__init__(name="foreign_writes", func=_FUNCTION.format(channel=CHANNEL, kind=kind, topics=published))


@dataclass(frozen=True, slots=True)
class ForeignChange:
    """A row that somebody else changed."""

    kind: str
    ref: str
    op: str
    topics: dict[str, int]


def read_notice(payload: str) -> ForeignChange | None:
    """The change that a notice on `CHANNEL` tells of; None when it is none of ours (anyone may notify)."""
    try:
        data = json.loads(payload)
        topics = {str(topic): int(seq) for topic, seq in data["topics"].items()}
        return ForeignChange(kind=str(data["kind"]), ref=str(data["ref"]), op=str(data["op"]), topics=topics)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None

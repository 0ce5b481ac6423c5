"""Rows changed by anyone else (psql, a script of somebody's): a trigger publishes them and notifies.

The trigger runs only for connections whose `application_name` is not one of ours (`floyd-…`), so ordinary writes pay
nothing. One process listens on `CHANNEL`; the payload is JSON with ids only::

    {"kind": "request", "ref": "<primary key>", "op": "insert", "topics": {"request.<id>": 3, "user.7": 12}}

where each topic comes with the sequence number that the change got.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pgtrigger

CHANNEL = "floyd_foreign"
#: What every connection of ours calls itself begins so.
OWN_PREFIX = "floyd-"

_FUNCTION = """
foreach topic in array array_remove(array[{names}], null) loop
    told := told || jsonb_build_object(topic, live_publish(topic, '{kind}', new.{ref}::text));
end loop;
if told <> '{{}}' then
    perform pg_notify('{channel}', jsonb_build_object('kind', '{kind}', 'ref', new.{ref}::text, 'op', lower(tg_op), 'topics', told)::text);
end if;
return null;
"""


@dataclass(frozen=True, slots=True)
class Through:
    """The ref of a topic that stands in another table.

    Args:
        table: where.
        key: column of the changed row that leads there.
        column: of the other row; what it holds is the ref. Null, as in a column of the row itself, means that there is no such topic.
    """

    table: str
    key: str
    column: str

    def __str__(self) -> str:
        return f"(select {self.column} from {self.table} where id = new.{self.key})"  # noqa: S608  names of ours


class ForeignWrites(pgtrigger.Trigger):
    """Publishes inserts and updates that others make. For a model's `Meta.triggers`.

    Args:
        kind: name of the fragment renderer.
        topics: prefix → column of the row that holds its ref, or where that is found, e.g. `{"user": "user_id"}`.
        ref: column that says what is drawn: the row itself, or what it is shown with.
    """

    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update
    condition = pgtrigger.Condition(f"not starts_with(current_setting('application_name'), '{OWN_PREFIX}')")

    def __init__(self, *, kind: str, topics: Mapping[str, str | Through], ref: str = "id") -> None:
        # In alphabetical order, like `publish`, so that two writers never wait for each other in a circle.
        found = [f"'{prefix}.' || {where if isinstance(where, Through) else f'new.{where}'}" for prefix, where in sorted(topics.items())]
        function = _FUNCTION.format(channel=CHANNEL, kind=kind, ref=ref, names=", ".join(found))
        super().__init__(name="foreign_writes", func=function, declare=[("topic", "text"), ("told", "jsonb := '{}'")])


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

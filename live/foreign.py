"""Rows changed by anyone else (psql, a script of somebody's): triggers publish them and notify.

They run only for connections whose `application_name` is not one of ours (`floyd-…`), so ordinary writes pay
nothing. Web processes listen on `CHANNEL`; the payload is JSON with ids only::

    {"kind": "request", "ref": "<primary key>", "op": "insert", "topics": {"request.<id>": 3, "user.7": 12}}

where each topic comes with the sequence number that the change got. Deletions are published statement by statement: those of one topic that are
too many to be drawn one by one have its pages start anew, and each topic that somebody watches has a notice of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pgtrigger

from live.fragments import RELOAD

CHANNEL = "floyd_foreign"
#: What every connection of ours calls itself begins so.
OWN_PREFIX = "floyd-"

#: For one row.
_FUNCTION = """
foreach topic in array array_remove(array[{names}], null) loop
    told := told || jsonb_build_object(topic, live_publish(topic, '{kind}', new.{ref}::text));
end loop;
if told <> '{{}}' then
    perform pg_notify('{channel}', jsonb_build_object('kind', '{kind}', 'ref', new.{ref}::text, 'op', lower(tg_op), 'topics', told)::text);
end if;
return null;
"""

#: Rows of one topic that one statement may delete before its pages start anew: more than anybody sees go.
MOST_GONE = 100

#: `gone` holds what the statement deleted. A topic is told what is drawn without it, in the same order for all.
_GONE = """
for told in
    select topic, array_agg(distinct ref) as refs
    from (select unnest(array[{names}]) as topic, gone.{ref}::text as ref from gone) named
    where topic is not null and ref is not null group by topic order by topic
loop
    if cardinality(told.refs) > {most} then
        seq := live_tell(told.topic, '{reload[0]}', '{reload[1]}');
    else
        foreach one in array told.refs loop
            seq := live_tell(told.topic, '{kind}', one);
        end loop;
    end if;
    if seq is not null then
        perform pg_notify('{channel}', jsonb_build_object(
            'kind', '{kind}', 'ref', told.refs[1], 'op', 'delete', 'topics', jsonb_build_object(told.topic, seq))::text);
    end if;
end loop;
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

    def of(self, row: str) -> str:
        """SQL that finds it for a row."""
        return f"(select {self.column} from {self.table} where id = {row}.{self.key})"  # noqa: S608  names of ours


#: Prefix → column of the row that holds the topic's ref, or where that is found, e.g. `{"user": "user_id"}`.
Topics = Mapping[str, str | Through]


def _names(topics: Topics, row: str) -> str:
    # In alphabetical order, like `publish`, so that two writers never wait for each other in a circle.
    refs = {prefix: where.of(row) if isinstance(where, Through) else f"{row}.{where}" for prefix, where in sorted(topics.items())}
    return ", ".join(f"'{prefix}.' || {ref}" for prefix, ref in refs.items())


_BY_OTHERS = pgtrigger.Condition(f"not starts_with(current_setting('application_name'), '{OWN_PREFIX}')")


class ForeignWrites(pgtrigger.Trigger):
    """Publishes inserts and updates that others make."""

    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update
    condition = _BY_OTHERS

    def __init__(self, *, kind: str, topics: Topics, ref: str) -> None:
        function = _FUNCTION.format(channel=CHANNEL, kind=kind, ref=ref, names=_names(topics, "new"))
        super().__init__(name="foreign_writes", func=function, declare=[("topic", "text"), ("told", "jsonb := '{}'")])


class ForeignDeletes(pgtrigger.Trigger):
    """Publishes what others delete."""

    level = pgtrigger.Statement
    when = pgtrigger.After
    operation = pgtrigger.Delete
    condition = _BY_OTHERS
    referencing = pgtrigger.Referencing(old="gone")  # type: ignore[no-untyped-call]

    def __init__(self, *, kind: str, topics: Topics, ref: str) -> None:
        function = _GONE.format(channel=CHANNEL, kind=kind, ref=ref, names=_names(topics, "gone"), most=MOST_GONE, reload=RELOAD)
        super().__init__(name="foreign_deletes", func=function, declare=[("told", "record"), ("one", "text"), ("seq", "bigint")])


def announced(*, kind: str, topics: Topics, ref: str = "id") -> list[pgtrigger.Trigger]:
    """The triggers of a table whose rows pages show, for its model's `Meta.triggers`.

    Args:
        kind: name of the fragment renderer.
        topics: where changes are published.
        ref: column that says what is drawn: the row itself, or what it is shown with.
    """
    return [ForeignWrites(kind=kind, topics=topics, ref=ref), ForeignDeletes(kind=kind, topics=topics, ref=ref)]


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

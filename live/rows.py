"""Reading changes: which fragments are new, drawn as their rows are now. Synchronous; the hub runs it in its thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import close_old_connections, connection

from live.fragments import Fragment, render
from live.models import Topic

Result = TypeVar("Result")

#: A page that missed more fragments than this is better loaded again.
MOST_FRAGMENTS_REPLAYED = 200
#: How long changes of a topic are broadcast after somebody said that they watch it: several beats of the hub.
WATCHED_FOR_S = 35

#: Topics that are being changed right now are left out: whoever does it may take a while, and nobody is to wait for that in here.
_WATCH = """
with free as (select name from live_topic where name = any(%(topics)s::text[]) order by name for no key update skip locked),
kept as (
    update live_topic set watched_until = now() + %(seconds)s * interval '1 second' from free where live_topic.name = free.name
    returning live_topic.name
),
added as (
    insert into live_topic (name, head, watched_until) select name, 0, now() + %(seconds)s * interval '1 second'
    from unnest(%(topics)s::text[]) wanted (name)
    where not exists (select from live_topic where live_topic.name = wanted.name) order by name
    on conflict (name) do nothing returning name
)
select name from kept union all select name from added
"""

#: Asked for every change that is pushed: by hand, for to put the query together took longer than to run it.
_SINCE = """
select change.topic, seq, kind, ref from unnest(%s::text[], %s::bigint[]) as seen (topic, head)
join live_change change on change.topic = seen.topic and seq > head order by id
"""


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed: the last sequence number per topic, its fragments in order, and each distinct fragment drawn once."""

    heads: dict[str, int] = field(default_factory=dict)
    fragments: dict[str, list[Fragment]] = field(default_factory=dict)
    drawn: dict[Fragment, str] = field(default_factory=dict)


def with_fresh_connection(call: Callable[..., Result], *arguments: Any) -> Result:
    """Calls with a database connection that was checked to be alive."""
    close_old_connections()
    return call(*arguments)


def close_connection() -> None:
    """Gives this thread's connection back."""
    connection.close()


def watch(topics: list[str]) -> set[str]:
    """Has changes of these topics broadcast from now on. Gives those that are; the others are being changed right now: ask again in a moment.

    Whoever reads rows afterwards sees all changes that were not broadcast: a change that did not know of the watcher holds its topic until it is
    committed, and then the topic is not among those given.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WATCH, {"topics": topics, "seconds": WATCHED_FOR_S})
        return {name for (name,) in cursor.fetchall()}


def heads(topics: list[str]) -> dict[str, int]:
    """The last sequence number of each topic; 0 for one that nothing was published to."""
    found = dict(Topic.objects.filter(name__in=topics).values_list("name", "head"))
    return {topic: found.get(topic, 0) for topic in topics}


def _since(positions: Mapping[str, int]) -> dict[str, list[tuple[int, Fragment]]]:
    """Changes after the given sequence numbers, by topic, in order."""
    found: dict[str, list[tuple[int, Fragment]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, [list(positions), list(positions.values())])
        for topic, seq, kind, ref in cursor:
            found.setdefault(topic, []).append((seq, (kind, ref)))
    return found


def _draw(found: Mapping[str, list[tuple[int, Fragment]]]) -> Changes:
    changes = Changes()
    for topic, entries in found.items():
        changes.heads[topic] = max(seq for seq, _ in entries)
        changes.fragments[topic] = list(dict.fromkeys(fragment for _, fragment in entries))
        for fragment in changes.fragments[topic]:
            if fragment not in changes.drawn:
                changes.drawn[fragment] = render(fragment)
    return changes


def fresh(positions: Mapping[str, int]) -> Changes:
    """All that was published after `positions`."""
    return _draw(_since(positions))


def missed(positions: Mapping[str, int]) -> Changes | None:
    """What a page missed that has seen `positions`, with the heads of all its topics; None when that is no longer known."""
    now = heads(list(positions))
    behind = {topic: seq for topic, seq in positions.items() if now[topic] != seq}
    if any(now[topic] < seq for topic, seq in positions.items()):
        return None  # the page has seen a future that this database has not
    found = _since(behind) if behind else {}
    for topic, seq in behind.items():
        entries = found.get(topic)
        # Numbers have no gaps, so a first one that does not follow means that older rows were pruned.
        if not entries or min(entry[0] for entry in entries) != seq + 1:
            return None
    if len({entry[1] for entries in found.values() for entry in entries}) > MOST_FRAGMENTS_REPLAYED:
        return None
    changes = _draw(found)
    for topic, head in now.items():
        changes.heads[topic] = max(head, changes.heads.get(topic, 0))
    return changes

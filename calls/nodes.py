"""Media nodes as other processes know them: a node is the wss origin of a media process, stored on its calls.

Each node says every second that it lives, how many calls it has and whether more may come. A call is placed for a node that has room, or a little
later; a call that is answered when its node has died meanwhile goes to another one.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Now

from calls.models import Call, MediaNode
from calls.status import CallStatus

#: How long a call rings before the carrier gives up.
RING_S = 45
#: From the carrier's last ring to the stream of the call: its webhook, our document, the handshake.
CONNECT_S = 15
#: A node that has not been heard of for so long is dead.
DEAD_AFTER = timedelta(seconds=8)
_OPEN = [CallStatus.NEW, CallStatus.SENDING, CallStatus.PLACED, CallStatus.RINGING, CallStatus.IN_PROGRESS]
#: Ordered or ringing, and its stream has not come, though it still may.
_COMING = Q(status__in=_OPEN, token_used_at=None, created_at__gt=Now() - timedelta(seconds=RING_S + CONNECT_S))
#: Its stream has come, which the node's own count may not hold yet.
_ON = Q(status__in=_OPEN, token_used_at__isnull=False, end_reason="")


def group_of(node: str) -> str:
    """The channel group in which a node hears of calls that are placed for it (ids only, and any of them may be lost)."""
    return f"node.{hashlib.sha256(node.encode()).hexdigest()[:40]}"


def with_room() -> str | None:
    """The node that the next call is placed for: the one with the most room. None when none has any, or none lives.

    To be called in the transaction that creates the call: it locks the nodes, so that two calls do not take the same last place.
    Where no node has ever been heard of (a server without a life of its own, as `runserver`), the configured one is taken at its word.
    """
    nodes = list(MediaNode.objects.select_for_update(no_key=True).order_by("name"))
    if not nodes:
        return settings.MEDIA_NODE
    alive = set(_alive().values_list("name", flat=True))
    coming, on = _by_node(_COMING), _by_node(_ON)
    room = {
        node.name: node.most_calls - max(node.calls, on.get(node.name, 0)) - coming.get(node.name, 0)
        for node in nodes
        if node.ready and node.name in alive
    }
    best = max(room, key=lambda name: room[name], default=None)
    return best if best is not None and room[best] > 0 else None


def _alive() -> QuerySet[MediaNode]:
    return MediaNode.objects.filter(heartbeat_at__gt=Now() - DEAD_AFTER)


def _by_node(which: Q) -> dict[str, int]:
    """How many such calls each node has."""
    return dict(Call.objects.filter(which).values_list("node").annotate(calls=Count("pk")).order_by())


def for_answered(call: Call) -> str:
    """The node that takes a call which was just answered: its own, also when that is about to stop; another one with room when its own has died."""
    if not MediaNode.objects.filter(name=call.node).exists() or _alive().filter(name=call.node).exists():
        return call.node
    other = _alive().filter(ready=True, calls__lt=F("most_calls")).order_by("calls").values_list("name", flat=True).first()
    if other is None:
        return call.node
    Call.objects.filter(pk=call.pk, token_used_at=None).update(node=other)
    return other

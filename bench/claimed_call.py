"""The bench's one call, claimed as the media process claims it, and the store through which its rows are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from calls.lines import warm
from calls.lines.connections import Connections
from calls.lines.store import CallStore, Claimed, claim


@dataclass(frozen=True, slots=True)
class ClaimedCall:
    """Close its connections when done."""

    call: Claimed
    store: CallStore
    connections: Connections


async def claim_call(parameters: dict[str, Any]) -> ClaimedCall:
    """Claims a call that `make_calls` made; Django has to be set up.

    Raises:
        SystemExit: it was claimed before.
    """
    from channels.layers import get_channel_layer

    connections, layer = warm.database(), get_channel_layer()
    values = {"call_sid": parameters["call_sid"], "stream_sid": "MZ" + "0" * 32, "node": "wss://bench.invalid"}
    claimed = await claim(connections, layer, call_id=UUID(parameters["parameters"]["call_id"]), **values)
    if claimed is None:
        raise SystemExit("the call could not be claimed")
    return ClaimedCall(claimed, CallStore(connections, layer, claimed), connections)

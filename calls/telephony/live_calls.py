"""Calls as the carrier sees them: looking one up, finding one whose number is all we know, hanging one up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from twilio.base.exceptions import TwilioException

from calls.status import FROM_CARRIER, CallStatus
from calls.telephony.placing import already_over

LOOK_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class CarrierCall:
    """A call in the carrier's books. `created_at` is None while the carrier has not filled it in."""

    sid: str
    status: CallStatus
    created_at: datetime | None = None
    ended_at: datetime | None = None
    seconds: int = 0
    price: str = ""  # a negative amount as the carrier writes it; empty until it is known
    price_unit: str = ""


def look_up(client: Any, sid: str) -> CarrierCall | None:
    """The call as it stands, or None when the carrier knows none of that sid.

    Raises:
        TwilioException, requests.RequestException: no answer to rely on.
    """
    try:
        return _read(client.calls(sid).fetch())
    except TwilioException as error:
        if already_over(error):
            return None
        raise


def find(client: Any, *, to: str, from_: str, since: datetime) -> list[CarrierCall]:
    """Calls from us to a number that were created since.

    Not narrowed by start time at the carrier: a call that still waits or rings has none yet, and it is the one to find.
    """
    found = [_read(call) for call in client.calls.list(to=to, from_=from_, limit=LOOK_AT_MOST)]
    return [call for call in found if call.created_at is None or call.created_at >= since]


def hang_up(client: Any, sid: str) -> None:
    """Ends a call, whatever it is doing. One that is over already is fine.

    Raises:
        TwilioException, requests.RequestException: it may go on.
    """
    try:
        client.calls(sid).update(status="completed")
    except TwilioException as error:
        if not already_over(error):
            raise


def _read(call: Any) -> CarrierCall:
    return CarrierCall(
        sid=call.sid,
        status=FROM_CARRIER.get(str(call.status), CallStatus.PLACED),
        created_at=call.date_created or call.start_time,
        ended_at=call.end_time,
        seconds=int(call.duration or 0),
        price=str(call.price or ""),
        price_unit=str(call.price_unit or ""),
    )
